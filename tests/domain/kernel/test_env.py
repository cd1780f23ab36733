"""The settings say everything that is wrong with them at once, and a production node is never half open."""

import base64
import os
import re
import sqlite3
import stat
from pathlib import Path

import pytest

from openmcx.config import addresses, env

ROOT = Path(__file__).resolve().parents[3]
KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "OPENMCX_BASE_URL": "https://mcx.example.org",
    "OPENMCX_SECRET_KEY": "a-secret-of-more-than-fifty-characters-0123456789-abcdef",
    "OPENMCX_MASTER_KEY": KEY,
    "OPENMCX_EMAIL_URL": "smtp://mail.example.org",
}


def faults(**changes: str | None) -> list[str]:
    given = {**PRODUCTION, **{f"OPENMCX_{name}": value for name, value in changes.items() if value is not None}}
    for name, value in changes.items():
        if value is None:
            given.pop(f"OPENMCX_{name}", None)
    try:
        env.load(given)
    except env.SettingsError as error:
        return [fault for fault in error.faults if fault in str(error)]
    return []


def test_a_production_node_starts_with_four_settings() -> None:
    loaded = env.load(PRODUCTION)
    assert (loaded.base_url, loaded.DEMO, loaded.DEBUG) == ("https://mcx.example.org", False, False)
    assert env.master_key(loaded) == bytes(range(32))


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(env.SettingsError) as caught:
        env.load({"OPENMCX_LISTEN": "nowhere", "OPENMCX_WORKERS": "0", "OPENMCX_BASE_UR": "https://x.example"})
    text = "\n".join(caught.value.faults)
    for name in ("LISTEN", "WORKERS"):
        assert f"OPENMCX_{name}" in text
    assert "OPENMCX_BASE_UR is no setting. Do you mean OPENMCX_BASE_URL?" in text


def test_what_is_missing_is_told_with_how_to_mend_it() -> None:
    with pytest.raises(env.SettingsError) as caught:
        env.load({})
    assert [re.match(r"OPENMCX_(\w+) is not set: ", fault).group(1) for fault in caught.value.faults] == [  # type: ignore[union-attr]
        "BASE_URL",
        "SECRET_KEY",
        "MASTER_KEY",
        "EMAIL_URL",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"BASE_URL": "http://mcx.example.org"}, "must begin with https://"),
        ({"BASE_URL": "mcx.example.org"}, "https://mcx.example.org"),
        ({"BASE_URL": "https://mcx.example.org/node"}, "scheme, host and port only"),
        ({"BASE_URL": "https://me@mcx.example.org"}, "scheme, host and port only"),
        ({"BASE_URL": "https://mcx.example.org:99999"}, "give an address"),
        ({"BASE_URL": "ftp://mcx.example.org"}, "give an address"),
        ({"SECRET_KEY": "short"}, "at least 50"),
        ({"SECRET_KEY": "a" * 60}, "at least 50"),
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"MASTER_KEY": "short"}, "32 bytes in base64"),
        ({"MASTER_KEY": base64.b64encode(bytes(31)).decode()}, "32 bytes in base64"),
        ({"MASTER_KEY": "ü" * 44}, "32 bytes in base64"),
        ({"DEBUG": "1"}, "DEBUG shows secrets"),
        ({"HTTP_ALLOW": "127.0.0.1:8000"}, "opens local addresses"),
        ({"HTTP_ALLOW": "127.0.0.1"}, "host:port"),
        ({"TRUSTED_PROXIES": "proxy.example"}, "no address or network"),
        ({"DATABASE_URL": "mysql://x/y"}, "sqlite:/// or postgresql://"),
        ({"DATABASE_URL": "sqlite://"}, "sqlite:///relative/path"),
        ({"DATABASE_URL": "postgresql://host"}, "postgresql://user"),
        ({"DATABASE_URL": "postgresql:///name"}, "postgresql://user"),
        ({"DATABASE_URL": "postgresql://host/name?cursor_factory=x"}, "not known"),
        ({"EMAIL_URL": "mail.example.org"}, "smtp://user"),
        ({"LISTEN": "127.0.0.1"}, "host:port"),
        ({"LISTEN": "127.0.0.1:99999"}, "host:port"),
        ({"LANGUAGE": "tlh"}, "LANGUAGE"),
        ({"MAX_UPLOAD_MB": "many"}, "MAX_UPLOAD_MB"),
        ({"MAX_UPLOAD_MB": "0"}, "MAX_UPLOAD_MB"),
        ({"NETWORK_NAME": ""}, "NETWORK_NAME"),
        ({"TIME_ZONE": "Europe/Atlantis"}, "no time zone"),
        ({"TIME_ZONE": "../../etc/passwd"}, "no time zone"),
        ({"DEMO": "1", "LISTEN": "0.0.0.0:8000"}, "must be 127.0.0.1"),
        ({"DEMO": "1", "LISTEN": "192.0.2.1:8000"}, "must be 127.0.0.1"),
        ({"DEMO": "1"}, "BASE_URL must name this machine"),
        ({"DEMO": "1", "BASE_URL": "http://192.0.2.1:8000"}, "BASE_URL must name this machine"),
        ({"DEMO": "1", "BASE_URL": "http://localhost.example.org"}, "BASE_URL must name this machine"),
        ({"EMAIL_URL": "console:"}, "instead of sending it"),
        ({"EMAIL_URL": "file:///srv/out"}, "instead of sending it"),
        ({"LISTEN": "mcx.example.org:8000"}, "is a name; give the address to listen on"),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "both set"),
        ({"SECRET_KEY": None, "SECRET_KEY_FILE": "/nowhere/key"}, "cannot be read"),
    ],
)
def test_a_fault_is_named(changes: dict[str, str | None], words: str) -> None:
    found = faults(**changes)
    assert any(words in fault for fault in found), found


def test_localhost_is_the_loopback_and_the_demo_is_named_after_it(tmp_path: Path) -> None:
    given = {"OPENMCX_DEMO": "1", "OPENMCX_LISTEN": "localhost:8123", "OPENMCX_DATA_DIR": str(tmp_path)}
    loaded = env.load(given)
    assert (loaded.LISTEN, loaded.base_url) == ("127.0.0.1:8123", "http://localhost:8123")


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "http://127.0.0.1", "https://[::1]:8443", "http://testserver"]
)
def test_a_demo_may_have_an_address_of_this_machine(address: str) -> None:
    assert faults(DEMO="1", BASE_URL=address, EMAIL_URL="console:", DEBUG="1") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 1),
        ({"LISTEN": "[::1]:8000"}, 1),
        ({"TRUSTED_PROXIES": "127.0.0.1"}, 0),
        ({"LISTEN": "0.0.0.0:8000"}, 0),
        ({"DEMO": "1", "BASE_URL": ""}, 0),
    ],
)
def test_a_proxy_that_is_not_named_is_doubted(changes: dict[str, str], expected: int, tmp_path: Path) -> None:
    given = {**PRODUCTION, "OPENMCX_DATA_DIR": str(tmp_path)} | {f"OPENMCX_{key}": val for key, val in changes.items()}
    found = env.doubts(env.load(given))
    assert len(found) == expected
    assert all("OPENMCX_TRUSTED_PROXIES=127.0.0.1" in doubt for doubt in found)


def test_no_secret_is_quoted() -> None:
    found = faults(SECRET_KEY="hunter2", MASTER_KEY="hunter2", DATABASE_URL="oracle://me:hunter2@host/x")
    assert len(found) == 3
    assert "hunter2" not in "".join(found)


def test_secrets_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(PRODUCTION["OPENMCX_SECRET_KEY"] + "\n")
    given = {name: value for name, value in PRODUCTION.items() if name != "OPENMCX_SECRET_KEY"}
    loaded = env.load({**given, "OPENMCX_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert PRODUCTION["OPENMCX_SECRET_KEY"] == loaded.SECRET_KEY


def test_a_demo_makes_its_secrets_once_and_for_the_owner_only(tmp_path: Path) -> None:
    given = {"OPENMCX_DEMO": "1", "OPENMCX_DATA_DIR": str(tmp_path / "data")}
    first, second = env.load(given), env.load(given)
    assert (first.SECRET_KEY, first.MASTER_KEY) == (second.SECRET_KEY, second.MASTER_KEY)
    assert first.base_url == "http://localhost:8000"
    files = sorted((tmp_path / "data").iterdir())
    assert [file.name for file in files] == ["master-key.demo", "secret-key.demo"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    other = env.load({**given, "OPENMCX_DATA_DIR": str(tmp_path / "other")})
    assert other.MASTER_KEY != first.MASTER_KEY


def test_a_production_node_makes_up_nothing(tmp_path: Path) -> None:
    assert faults(MASTER_KEY=None, DATA_DIR=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_new_secrets_are_accepted() -> None:
    assert faults(SECRET_KEY=env.new_secret_key(), MASTER_KEY=env.new_master_key()) == []


def test_the_environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENMCX_NETWORK_NAME", "Mine")
    before = dict(os.environ)
    env.load(PRODUCTION)
    faults(WORKERS="x")
    assert dict(os.environ) == before
    assert env.load(PRODUCTION).NETWORK_NAME == "OpenMCX"


def test_lists_are_separated_by_commas() -> None:
    loaded = env.load({**PRODUCTION, "OPENMCX_TRUSTED_PROXIES": "10.0.0.0/8, ::1,"})
    assert loaded.TRUSTED_PROXIES == ("10.0.0.0/8", "::1")


def test_addresses_of_databases() -> None:
    assert addresses.database("", Path("/data"))["NAME"] == "/data/openmcx.sqlite3"
    assert addresses.database("sqlite:////srv/a%20b.sqlite3", Path())["NAME"] == "/srv/a b.sqlite3"
    assert addresses.database("sqlite:///a.sqlite3", Path())["NAME"] == str(Path("a.sqlite3").absolute())
    found = addresses.database("postgresql://me:p%40ss@db.example:5433/mcx?sslmode=verify-full", Path())
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "me",
        "p@ss",
        "db.example",
        "5433",
        "mcx",
    )
    assert found["OPTIONS"]["sslmode"] == "verify-full"


def test_what_is_deleted_from_the_embedded_database_is_overwritten(tmp_path: Path) -> None:
    database = addresses.database(f"sqlite:///{tmp_path}/node.sqlite3", Path())
    connection = sqlite3.connect(database["NAME"], isolation_level=None)
    for statement in filter(str.strip, ("PRAGMA secure_delete=OFF;" + database["OPTIONS"]["init_command"]).split(";")):
        connection.execute(statement)
    connection.execute("CREATE TABLE keys (value TEXT)")
    connection.execute("INSERT INTO keys VALUES ('erase-me-please')")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"erase-me-please" in Path(database["NAME"]).read_bytes()
    connection.execute("DELETE FROM keys")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert b"erase-me-please" not in Path(database["NAME"]).read_bytes()


def test_addresses_of_mail_servers() -> None:
    assert addresses.mailer("smtp://h")["OPTIONS"]["port"] == 25
    secure = addresses.mailer("smtp://me:p%40ss@h?tls=1")["OPTIONS"]
    assert (secure["port"], secure["use_tls"], secure["use_ssl"]) == (587, True, False)
    assert (secure["username"], secure["password"]) == ("me", "p@ss")
    assert addresses.mailer("smtps://h")["OPTIONS"]["use_ssl"] is True
    assert addresses.mailer("file:///srv/out")["OPTIONS"]["file_path"] == "/srv/out"


def test_the_reference_says_what_the_settings_say() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    rows = {
        name: (default, meaning)
        for name, default, meaning in re.findall(r"(?m)^\| `OPENMCX_(\w+)` \| (.*?) \| (.*?) \|$", page)
    }
    assert rows == {
        name: (env.default_of(name), str(field.description)) for name, field in env.Env.model_fields.items()
    }


def test_the_conformance_surface_is_off_and_doubted_in_production(tmp_path: Path) -> None:
    given = {**PRODUCTION, "OPENMCX_DATA_DIR": str(tmp_path), "OPENMCX_TRUSTED_PROXIES": "127.0.0.1"}
    assert env.load(given).VC_API is False
    loaded = env.load({**given, "OPENMCX_VC_API": "on"})
    assert loaded.VC_API is True
    assert [doubt.partition(":")[0] for doubt in env.doubts(loaded)] == ["OPENMCX_VC_API is on"]
    demo = {"OPENMCX_DEMO": "1", "OPENMCX_DATA_DIR": str(tmp_path), "OPENMCX_VC_API": "on"}
    assert env.doubts(env.load(demo)) == []
