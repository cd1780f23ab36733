"""The node's settings, read from the environment and checked before anything starts.

Every setting is an environment variable with the prefix ``OPENMCX_``. A secret may instead be given as a file:
``OPENMCX_SECRET_KEY_FILE=/run/secrets/key``. All faults are told at once.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import difflib
import ipaddress
import os
import re
import secrets
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from openmcx.config import addresses, languages
from openmcx.kernel.hosts import is_loopback

PREFIX = "OPENMCX_"
SECRETS = ("SECRET_KEY", "MASTER_KEY", "DATABASE_URL", "EMAIL_URL")
MASTER_KEY_BYTES = 32
# Read by the test suite and the command line, not by the node.
_OTHERS = re.compile(r"OPENMCX_(TEST_|SHARED|KEY_|ORACLES)")


class SettingsError(Exception):
    """The node cannot start with these settings; the text lists every fault and how to mend it."""

    def __init__(self, faults: list[str]) -> None:
        """This will keep the faults."""
        self.faults = faults
        lines = "\n".join(f"  - {fault}" for fault in faults)
        super().__init__(
            f"OpenMCX cannot start with these settings:\n{lines}\nAll settings: docs/reference/settings.md"
        )


class Env(BaseSettings):
    """What may be set. The description of each field is its line in the reference."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    BASE_URL: Annotated[
        str,
        Field(
            description="The public address of the node, without a path: it is part of every DID, credential and link."
        ),
    ] = ""
    SECRET_KEY: Annotated[
        str, Field(description="Signs sessions and private links. At least 50 random characters.", repr=False)
    ] = ""
    MASTER_KEY: Annotated[
        str,
        Field(
            description="32 random bytes in base64: encrypts signing keys and personal data, seals the audit trail. "
            "Whoever loses it loses them.",
            repr=False,
        ),
    ] = ""
    DATABASE_URL: Annotated[
        str,
        Field(
            description="`sqlite:///path/to/file` or `postgresql://user:password@host:5432/name`. "
            "Unset: `openmcx.sqlite3` in the data folder.",
            repr=False,
        ),
    ] = ""
    DATA_DIR: Annotated[
        Path,
        Field(description="The folder for the embedded database, generated files and the heads of the audit trail."),
    ] = Path("var")
    AUDIT_HEADS: Annotated[
        str,
        Field(
            description="The log of the audit trail's heads, best where the database's administrator cannot write. "
            "Unset: `audit-heads.log` in the data folder."
        ),
    ] = ""
    DEMO: Annotated[
        bool,
        Field(description="A node to try things out: secrets are made up, e-mail goes to a folder. Only on loopback."),
    ] = False
    DEBUG: Annotated[bool, Field(description="Shows tracebacks in the browser. For development, with `DEMO` only.")] = (
        False
    )
    HTTP_ALLOW: Annotated[
        tuple[str, ...],
        NoDecode,
        Field(
            description="Addresses `host:port`, separated by commas, that the node may call although they are local. "
            "With `DEMO` only."
        ),
    ] = ()
    EMAIL_URL: Annotated[
        str,
        Field(
            description="`smtp://user:password@host:587?tls=1` or `smtps://user:password@host:465`; with `DEMO` also "
            "`file:///folder` or `console:`. Unset with `DEMO`: the folder `outbox` in the data folder.",
            repr=False,
        ),
    ] = ""
    EMAIL_FROM: Annotated[
        str, Field(description="The sender of e-mail. Unset: `noreply@` and the host of `BASE_URL`.")
    ] = ""
    LANGUAGE: Annotated[str, Field(description="The language of a visitor who states no other.")] = "en"
    LANGUAGES: Annotated[
        tuple[str, ...],
        NoDecode,
        Field(
            description="The languages of the pages, separated by commas, in the order of the switch. Unset: all whose "
            "translation is complete."
        ),
    ] = ()
    TIME_ZONE: Annotated[
        str,
        Field(description="The time zone in which pages show times and the daily e-mail is due: `Europe/Vienna`."),
    ] = "UTC"
    NETWORK_NAME: Annotated[
        str, Field(description="The name in page titles and e-mail.", min_length=1, max_length=100)
    ] = "OpenMCX"
    MAX_UPLOAD_MB: Annotated[int, Field(description="The largest upload, in MB of 1,000,000 bytes.", ge=1, le=500)] = 20
    CLASS_LIST_MAX_ROWS: Annotated[int, Field(description="The longest class list, in rows.", ge=1, le=1_000_000)] = (
        20_000
    )
    LISTEN: Annotated[str, Field(description="Where `mcx serve` listens: `host:port`, or `[IPv6]:port`.")] = (
        "127.0.0.1:8000"
    )
    WORKERS: Annotated[int, Field(description="Web processes of `mcx serve`.", ge=1, le=64)] = 1
    BACKGROUND_WORKERS: Annotated[
        int,
        Field(description="Background workers of `mcx serve`. 0 when `mcx worker` runs elsewhere.", ge=0, le=64),
    ] = 1
    TRUSTED_PROXIES: Annotated[
        tuple[str, ...],
        NoDecode,
        Field(
            description="Addresses or networks, separated by commas, of the reverse proxies whose `X-Forwarded-For` "
            "and `X-Forwarded-Proto` count."
        ),
    ] = ()
    TRUSTED_CERTIFICATES: Annotated[
        str,
        Field(
            description="A PEM file with the certificates of the authorities that are trusted to say whose an "
            "electronic seal is, for instance from the EU trusted lists. Without it nobody is: the report says so."
        ),
    ] = ""
    VC_API: Annotated[
        bool,
        Field(
            description="`on` serves `/vc-api/`, to which the public conformance suites talk: whoever calls it gets "
            "whatever they like signed by test keys. Not for production."
        ),
    ] = False
    LOG_LEVEL: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="How much the log on standard error tells.")
    ] = "INFO"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """This will read the environment and nothing else."""
        return init_settings, env_settings

    @field_validator("HTTP_ALLOW", "TRUSTED_PROXIES", "LANGUAGES", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("BASE_URL")
    @classmethod
    def _base_url(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        try:
            port_is_fine = parts.port != 0
        except ValueError:
            port_is_fine = False
        if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_fine:
            raise ValueError("give an address such as https://mcx.example.org")
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password:
            raise ValueError("give scheme, host and port only, such as https://mcx.example.org")
        return f"{parts.scheme}://{parts.netloc}".lower()

    @field_validator("LANGUAGES")
    @classmethod
    def _languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return languages.offered(value)

    @field_validator("TIME_ZONE")
    @classmethod
    def _time_zone(cls, value: str) -> str:
        try:
            zoneinfo.ZoneInfo(value)
        except (KeyError, ValueError, OSError):  # not there, a path, a folder
            raise ValueError(f"{value!r} is no time zone, such as Europe/Vienna") from None
        return value

    @field_validator("HTTP_ALLOW")
    @classmethod
    def _allowed(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            if not re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}", one):
                raise ValueError(f"{one!r} is not of the form host:port")
        return value

    @field_validator("TRUSTED_PROXIES")
    @classmethod
    def _proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                ipaddress.ip_network(one, strict=False)
            except ValueError:
                raise ValueError(f"{one!r} is no address or network, such as 10.0.0.0/8") from None
        return value

    @field_validator("TRUSTED_CERTIFICATES")
    @classmethod
    def _certificates(cls, value: str) -> str:
        if value:
            # Read with the first seal only; that the file is right is to be known before.
            from openmcx.credentials import CredentialError  # noqa: PLC0415 - only who trusts certificates pays
            from openmcx.credentials.keys import x509  # noqa: PLC0415 - as above

            try:
                x509.read_pem(Path(value).read_bytes(), limit=x509.MAX_ANCHORS)
            except (OSError, CredentialError) as error:
                raise ValueError(f"{value} is no file of certificates in PEM ({error})") from None
        return value

    @field_validator("LISTEN")
    @classmethod
    def _listen(cls, value: str) -> str:
        match = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})", value)
        if not match or int(match[2]) > 65_535:
            raise ValueError("give host:port, such as 127.0.0.1:8000")
        if match[1] == "localhost":
            return f"127.0.0.1:{match[2]}"
        try:
            ipaddress.ip_address(match[1].strip("[]"))
        except ValueError:
            raise ValueError(
                f"{match[1]} is a name; give the address to listen on, such as 127.0.0.1:8000 or 0.0.0.0:8000"
            ) from None
        return value

    @field_validator("DATABASE_URL")
    @classmethod
    def _database(cls, value: str) -> str:
        if value:
            addresses.database(value, Path())
        return value

    @field_validator("EMAIL_URL")
    @classmethod
    def _email(cls, value: str) -> str:
        if value:
            addresses.mailer(value)
        return value

    @field_validator("MASTER_KEY")
    @classmethod
    def _master_key(cls, value: str) -> str:
        if value:
            _key_bytes(value)
        return value

    @field_validator("SECRET_KEY")
    @classmethod
    def _secret_key(cls, value: str) -> str:
        if value and (len(value) < 50 or len(set(value)) < 10):
            raise ValueError("give at least 50 random characters; `mcx new-secret` makes some")
        return value

    @model_validator(mode="after")
    def _together(self) -> Self:
        faults = []
        offered = languages.offered(self.LANGUAGES)
        if self.LANGUAGE not in offered:
            faults.append(
                f"{PREFIX}LANGUAGE is {self.LANGUAGE!r}, which is none of the languages of the pages: "
                f"{', '.join(offered)}."
            )
        if not self.DEMO:
            for name, how in {
                "BASE_URL": "give the public address, such as https://mcx.example.org",
                "SECRET_KEY": "give at least 50 random characters; `mcx new-secret` makes some",
                "MASTER_KEY": "give 32 random bytes in base64; `mcx new-secret` makes some, and keep a copy apart",
                "EMAIL_URL": "give the mail server, such as smtp://user:password@mail.example.org:587?tls=1",
            }.items():
                if not getattr(self, name):
                    faults.append(f"{PREFIX}{name} is not set: {how}.")
            if self.BASE_URL.startswith("http://"):
                faults.append(f"{PREFIX}BASE_URL must begin with https:// (plain http is for {PREFIX}DEMO=1 only).")
            if self.DEBUG:
                faults.append(f"{PREFIX}DEBUG shows secrets to visitors: unset it, or set {PREFIX}DEMO=1.")
            if self.HTTP_ALLOW:
                faults.append(f"{PREFIX}HTTP_ALLOW opens local addresses: unset it, or set {PREFIX}DEMO=1.")
            if self.SECRET_KEY and self.SECRET_KEY == self.MASTER_KEY:
                faults.append(f"{PREFIX}SECRET_KEY and {PREFIX}MASTER_KEY must differ.")
            if self.EMAIL_URL and urlsplit(self.EMAIL_URL).scheme not in addresses.MAIL_SERVERS:
                faults.append(
                    f"{PREFIX}EMAIL_URL writes e-mail with private links into a log or a folder instead of sending it: "
                    f"give the mail server, such as smtp://user:password@mail.example.org:587?tls=1, or set "
                    f"{PREFIX}DEMO=1."
                )
        else:
            if not is_loopback(self.LISTEN.rpartition(":")[0]):
                faults.append(
                    f"{PREFIX}DEMO shows passwords on its pages, so {PREFIX}LISTEN must be 127.0.0.1 or [::1]; it is "
                    f"{self.LISTEN}."
                )
            if self.BASE_URL and not is_loopback(urlsplit(self.BASE_URL).hostname or ""):
                faults.append(
                    f"{PREFIX}DEMO shows passwords on its pages, so {PREFIX}BASE_URL must name this machine, such as "
                    f"http://localhost:8000; it is {self.BASE_URL}. Unset one of the two."
                )
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @property
    def base_url(self) -> str:
        """This will give the public address; in the demo the one it listens on, by its name.

        A did:web identifier must not hold an IP address (did:web Method Specification, §3.1).
        """
        return self.BASE_URL or f"http://{self.LISTEN.replace('127.0.0.1:', 'localhost:')}"


def doubts(env: Env) -> list[str]:
    """This will name what starts but is probably not meant so."""
    found = []
    is_behind_proxy = env.base_url.startswith("https://") and is_loopback(env.LISTEN.rpartition(":")[0])
    if is_behind_proxy and not env.TRUSTED_PROXIES:
        found.append(
            f"{PREFIX}TRUSTED_PROXIES is empty, although only a reverse proxy on this machine can serve {env.base_url} "
            f"from {env.LISTEN}. All visitors then count as one: a few wrong passwords of one lock out everybody, and "
            f"HSTS is not sent. Set {PREFIX}TRUSTED_PROXIES=127.0.0.1 if the proxy calls from there."
        )
    if env.VC_API and not env.DEMO:
        found.append(
            f"{PREFIX}VC_API is on: whoever asks {env.base_url}/vc-api/ gets anything signed, with test keys only, "
            f"but at this address. Unset it when the conformance suites have run."
        )
    return found


def default_of(name: str) -> str:
    """This will write the default of a setting as the reference does; "" when there is none."""
    value = Env.model_fields[name].default
    if value in ("", ()):
        return ""
    return f"`{int(value)}`" if isinstance(value, bool) else f"`{value}`"


def load(environ: Mapping[str, str] | None = None) -> Env:
    """This will read and check the settings.

    Raises: SettingsError with every fault there is.
    """
    source = dict(os.environ if environ is None else environ)
    given = {name.removeprefix(PREFIX): value for name, value in source.items() if name.startswith(PREFIX)}
    faults = _read_files(given) + _unknown(given)
    if given.get("DEMO", "").strip().lower() in {"1", "true", "yes", "on"}:
        _make_up_secrets(given)
    env = None
    try:
        with _only(given):
            env = Env()
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            message = str(one["msg"]).removeprefix("Value error, ")
            if one["loc"]:
                faults.append(f"{PREFIX}{one['loc'][0]}: {message}.")
            else:
                faults.extend(message.split("\n"))
    if faults or env is None:
        raise SettingsError(faults)
    return env


@contextlib.contextmanager
def _only(given: Mapping[str, str]) -> Any:
    """Let pydantic see these values as the environment, and restore it whatever happens."""
    before = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    for name in before:
        del os.environ[name]
    os.environ.update({PREFIX + name: value for name, value in given.items()})
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            del os.environ[name]
        os.environ.update(before)


def _read_files(given: dict[str, str]) -> list[str]:
    faults = []
    for name in SECRETS:
        path = given.pop(f"{name}_FILE", "")
        if not path:
            continue
        if given.get(name):
            faults.append(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set: keep one.")
            continue
        try:
            given[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{PREFIX}{name}_FILE: {path} cannot be read ({type(error).__name__}).")
    return faults


def _unknown(given: Mapping[str, str]) -> list[str]:
    known = [*Env.model_fields, *(f"{name}_FILE" for name in SECRETS)]
    faults = []
    for name in sorted(set(given) - set(known)):
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
        if near and not _OTHERS.match(PREFIX + name):
            faults.append(f"{PREFIX}{name} is no setting. Do you mean {PREFIX}{near[0]}?")
    return faults


def _make_up_secrets(given: dict[str, str]) -> None:
    folder = Path(given.get("DATA_DIR") or Env.model_fields["DATA_DIR"].default)
    for name, make in {"SECRET_KEY": new_secret_key, "MASTER_KEY": new_master_key}.items():
        if given.get(name):
            continue
        path = folder / f"{name.lower().replace('_', '-')}.demo"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(make())
        except FileExistsError:
            pass  # made by an earlier start, or by another process just now
        given[name] = path.read_text(encoding="utf-8").strip()


def new_secret_key() -> str:
    """This will make a SECRET_KEY."""
    return secrets.token_urlsafe(48)


def new_master_key() -> str:
    """This will make a MASTER_KEY."""
    return base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()


def _key_bytes(value: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != MASTER_KEY_BYTES:
        raise ValueError(f"give {MASTER_KEY_BYTES} bytes in base64; `mcx new-secret` makes some")
    return key


def master_key(env: Env) -> bytes:
    """This will return the master key's 32 bytes."""
    return _key_bytes(env.MASTER_KEY)
