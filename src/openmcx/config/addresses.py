"""Addresses of databases and mail servers, as settings write them, in the form that Django wants."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

MAIL_SERVERS = frozenset({"smtp", "smtps"})


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """This will turn the address of a database into Django's form.

    Raises: ValueError.
    """
    if not url:
        return _sqlite((data_dir / "openmcx.sqlite3").absolute())
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path.removeprefix("/"))
        if parts.netloc or not path:
            raise ValueError("give sqlite:///relative/path or sqlite:////absolute/path")
        return _sqlite(Path(path).absolute())
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("give an address that begins with sqlite:/// or postgresql://")
    name = unquote(parts.path.removeprefix("/"))
    query = {key: values[-1] for key, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    host = unquote(parts.hostname or "") or query.pop("host", "")
    if not name or not (host or "service" in query):
        raise ValueError("give postgresql://user:password@host:5432/name")
    unknown = set(query) - {"sslmode", "sslrootcert", "application_name", "connect_timeout", "service"}
    if unknown:
        raise ValueError(f"the option {sorted(unknown)[0]!r} is not known")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "") or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 0, "max_size": 10, "timeout": 20}, **query},
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # A write transaction takes the lock when it begins, so that it waits its turn instead of failing midway.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # recursive_triggers: INSERT OR REPLACE must not get past a trigger that forbids deleting.
            # secure_delete: what was erased is overwritten, not only marked as free space of the file.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON; PRAGMA mmap_size=134217728;"
                "PRAGMA cache_size=-20000; PRAGMA journal_size_limit=67108864;"
            ),
        },
    }


def mailer(url: str) -> dict[str, Any]:
    """This will turn the address of a mail server into Django's form.

    Raises: ValueError.
    """
    parts = urlsplit(url)
    backends = "django.core.mail.backends"
    if parts.scheme == "console":
        return {"BACKEND": f"{backends}.console.EmailBackend"}
    if parts.scheme == "file" and parts.path:
        return {"BACKEND": f"{backends}.filebased.EmailBackend", "OPTIONS": {"file_path": unquote(parts.path)}}
    if parts.scheme not in MAIL_SERVERS or not parts.hostname:
        raise ValueError("give smtp://user:password@host:587?tls=1, smtps://…, file:///folder or console:")
    starttls = parse_qs(parts.query).get("tls", ["0"])[-1] == "1"
    return {
        "BACKEND": f"{backends}.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 587 if starttls else 25),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": starttls and parts.scheme == "smtp",
            "timeout": 20,
        },
    }
