"""The folder of e-mails that the demonstration "sends"."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

# A message's name is made of the file's name and its place in it; nothing else reaches the file system.
MESSAGE_ID = re.compile(r"(?P<file>[0-9]{8}-[0-9]{6}-[0-9]+)\.(?P<place>[0-9]{1,4})")
_SEPARATOR = re.compile(rb"^-{79}\r?\n", re.MULTILINE)
NEWEST_FILES = 2000


@dataclass(frozen=True, slots=True)
class Message:
    """One e-mail as the recipient would read it."""

    id: str
    to: str
    subject: str
    text: str
    sent_at: dt.datetime | None


def folder() -> Path:
    """This will return where the e-mails lie."""
    return Path(settings.OPENMCX_DATA_DIR) / "outbox"


def messages() -> list[Message]:
    """This will read the e-mails, the newest first."""
    try:
        files = sorted(folder().glob("*.log"), key=lambda path: path.name, reverse=True)[:NEWEST_FILES]
    except OSError:
        return []
    found = [message for path in files for message in reversed(_read(path))]
    return sorted(found, key=lambda one: one.sent_at or dt.datetime.min.replace(tzinfo=dt.UTC), reverse=True)


def message(message_id: str) -> Message | None:
    """This will read one e-mail, or return None when there is none of that name."""
    named = MESSAGE_ID.fullmatch(message_id)
    if named is None:
        return None
    return next((one for one in _read(folder() / f"{named['file']}.log") if one.id == message_id), None)


def _read(path: Path) -> list[Message]:
    try:
        body = path.read_bytes()
    except OSError:
        return []
    parts = [part for part in _SEPARATOR.split(body) if part.strip()]
    return [_message(f"{path.stem}.{place}", part) for place, part in enumerate(parts)]


def _message(message_id: str, raw: bytes) -> Message:
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    body = parsed.get_body(preferencelist=("plain",))
    date = parsed["Date"]
    return Message(
        id=message_id,
        to=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or ""),
        text=str(body.get_content()) if body is not None else "",
        sent_at=date.datetime if date is not None else None,
    )
