"""What several commands share: reading files, opening keys, fetching, printing."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import click

from openmcx.credentials import CredentialError, Signer
from openmcx.credentials.keys import key_file
from openmcx.kernel import terminal
from openmcx.kernel.hosts import same_host

EXIT_NOT_VERIFIED = 1
EXIT_UNUSABLE = 2
EXIT_CAUTION = 3

PASSPHRASE_VARIABLE = "OPENMCX_KEY_PASSPHRASE"  # noqa: S105 - the name of the variable, not its value
_MAX_FILE_BYTES = 64 * 1024 * 1024
_MAX_FETCHED_BYTES = 4 * 1024 * 1024

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def fail(message: str, *, as_json: bool = False, details: Sequence[str] = (), **more: Any) -> NoReturn:
    """This will print what is wrong, in detail too, and end with the exit code for input that cannot be used."""
    if as_json:
        print_json({"error": "\n".join([message, *details]), **more})
    else:
        say(f"Error: {message}", err=True)
        for detail in details:
            say(f"  {detail}", err=True)
    sys.exit(EXIT_UNUSABLE)


def say(line: str, *, err: bool = False) -> None:
    """This will print one line; what stands in it from a file can neither begin another nor steer the terminal."""
    click.echo(terminal.one_line(line), err=err)


def print_json(value: Any) -> None:
    """This will print JSON as people can read it."""
    click.echo(terminal.as_json(value))


class UnreadableFile(Exception):
    """A file cannot be opened or has more bytes than any of ours; says which one and why."""


def read_file(path: str, *, as_json: bool = False) -> bytes:
    """This will read a file as `bytes_of` does, and end the command when that cannot be done."""
    try:
        return bytes_of(path)
    except UnreadableFile as error:
        fail(str(error), as_json=as_json)


def bytes_of(path: str) -> bytes:
    """This will read a file, or standard input for ``-``; one that is too large to be any of ours is not read.

    Raises: UnreadableFile.
    """
    try:
        if path == "-":
            data: bytes = sys.stdin.buffer.read(_MAX_FILE_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"“{path}” cannot be read: {error.strerror}.") from error
    if len(data) > _MAX_FILE_BYTES:
        raise UnreadableFile(f"“{path}” has more than {_MAX_FILE_BYTES} bytes.")
    return data


def open_key(path: str, *, as_json: bool = False) -> Signer:
    """This will give the signer of a key file, asking for its passphrase when it has one."""
    data = read_file(path, as_json=as_json)
    passphrase = ""
    if key_file.is_locked(data):
        passphrase = os.environ.get(PASSPHRASE_VARIABLE) or click.prompt("Passphrase", hide_input=True, err=True)
    try:
        return key_file.read_key_file(data, passphrase=passphrase)
    except CredentialError as error:
        fail(f"{path}: {error}", as_json=as_json)


class RefusedByServer(Exception):
    """The server answered, but not with what was asked for."""

    code = "answer-refused"


class LedElsewhere(Exception):
    """The server sent us to another, whose word is not its own."""

    code = "led-elsewhere"


def fetcher(allow: tuple[str, ...]) -> Callable[[str], bytes]:
    """This will give the means to fetch documents; hosts in `allow` may be local and are asked over plain http."""
    from openmcx.kernel.http import Outbound  # noqa: PLC0415  (half a megabyte that offline commands do without)

    client = Outbound(allow=frozenset(allow))

    def fetch(address: str) -> bytes:
        parts = urlsplit(address)
        if parts.scheme == "https" and parts.netloc.lower() in {host.lower() for host in allow}:
            address = parts._replace(scheme="http").geturl()
        answer = client.get(address, max_bytes=_MAX_FETCHED_BYTES)
        if answer.status != 200:
            raise RefusedByServer
        if not same_host(address, answer.url):
            raise LedElsewhere
        return answer.body

    return fetch


class Instant(click.ParamType[dt.datetime]):
    """A date, or a date and time, such as ``2026-01-31`` or ``2026-01-31T12:00:00Z``."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        if isinstance(value, dt.datetime):
            return value
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is no date such as 2026-01-31 or 2026-01-31T12:00:00Z.", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def now() -> dt.datetime:
    """This will give the present time: the only place of the core's commands that looks at the clock."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
