"""What goes over the wire: headers that other programs read as they were meant, whichever way a message is sent."""

import email
import email.policy
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail.backends.filebased import EmailBackend

from openmcx.kernel.mail import Message
from tests.architecture.source import PACKAGE

LONG_ADDRESS = "<https://node.example/notifications/end/" + "x" * 180 + "/>"
SUBJECTS = (
    "Teräksen yliopisto: sinulle tarjotaan roolia Course author, Österreichische Universität, Course author",
    "Kurs „Robotik in der Öffentlichkeit“ – Österreichische Hochschule für Ähnliches und Übriges, zweite Hälfte",
    "ä " * 60 + "ä",
    "Short",
    "One plain sentence after the other, so that the line has to be folded at a blank, and then once more at another",
    "Unpronounceable" * 12,
    "Ελληνικό Ανοικτό Πανεπιστήμιο: μικροδιαπιστευτήριο στην τεχνητή νοημοσύνη",
)
SENDER = "Netzwerk für Kurse und Ähnliches an der Universität Österreich und sonstwo äöü <a@node.example>"
SENDER_NAME = SENDER.partition(" <")[0]


@pytest.fixture(params=["\n", "\r\n"], ids=["file", "smtp"])
def policy(request: pytest.FixtureRequest) -> Iterator[email.policy.EmailPolicy]:
    """What Django's ways of sending ask for: the folder of the demonstration, and a mail server."""
    return {"\n": email.policy.default, "\r\n": email.policy.SMTP}[request.param]


def lines_of(sent: bytes, name: str) -> list[bytes]:
    """The lines of one header, as they are sent."""
    head = sent.replace(b"\r\n", b"\n").partition(b"\n\n")[0].split(b"\n")
    start = next(place for place, line in enumerate(head) if line.startswith(name.encode() + b":"))
    end = start + 1
    while end < len(head) and head[end][:1] in (b" ", b"\t"):
        end += 1
    return head[start:end]


def read(sent: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(sent, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_loses_nothing_and_no_line_is_too_long(subject: str, policy: Any) -> None:
    sent = Message(subject, "Text", SENDER, ["leon@learners.example"]).message(policy=policy).as_bytes()
    assert read(sent)["Subject"] == subject
    assert [one.addr_spec for one in read(sent)["From"].addresses] == ["a@node.example"]
    # By the older of Python's two readers: the newer one puts blanks between the encoded words of a name.
    older = email.message_from_bytes(sent, policy=email.policy.compat32)
    assert str(make_header(decode_header(older["Subject"]))).replace("\n", "").replace("\r", "") == subject
    assert parseaddr(str(make_header(decode_header(older["From"])))) == (SENDER_NAME, "a@node.example")
    encoded = lines_of(sent, "From") + (lines_of(sent, "Subject") if not subject.isascii() else [])
    assert all(len(line) <= 78 for line in encoded)
    # The whole text is encoded, so that no blank stands between two encoded words, where readers leave it out.
    assert all(line.startswith((b" =?utf-8?", b" <")) for line in encoded if line[:1] == b" ")


def test_an_address_in_a_header_stays_one_in_plain_letters(policy: Any) -> None:
    message = Message("Notice", "Text", None, ["l@learners.example"], {"List-Unsubscribe": LONG_ADDRESS})
    sent = message.message(policy=policy).as_bytes()
    assert lines_of(sent, "List-Unsubscribe") == [f"List-Unsubscribe: {LONG_ADDRESS}".encode()]
    assert read(sent)["List-Unsubscribe"] == LONG_ADDRESS


@pytest.mark.parametrize(
    "text",
    ["=?utf-8?q?Hello=0D=0ABcc:_x@evil.example?= and more", "=?utf-8?q?a=0ABcc:_x@evil.example?=" + " ä" * 80],
)
def test_no_text_becomes_a_header(text: str, policy: Any) -> None:
    sent = Message(text, "Text", None, ["l@learners.example"]).message(policy=policy).as_bytes()
    assert read(sent)["Bcc"] is None
    assert b"\nBcc" not in sent


def test_text_with_a_line_break_is_no_header(policy: Any) -> None:
    with pytest.raises(ValueError, match=r"[Nn]ewline|linefeed"):
        Message("Hello\nBcc: x@evil.example", "Text", None, ["l@learners.example"]).message(policy=policy)


def test_every_message_says_that_no_person_wrote_it(policy: Any) -> None:
    message = Message("Notice", "Text", None, ["l@learners.example"])
    assert read(message.message(policy=policy).as_bytes())["Auto-Submitted"] == "auto-generated"
    message = Message("Notice", "Text", None, ["l@learners.example"], {"Auto-Submitted": "auto-replied"})
    assert read(message.message(policy=policy).as_bytes())["Auto-Submitted"] == "auto-replied"


def test_it_lies_in_the_folder_of_the_demonstration_as_it_would_be_sent(tmp_path: Path) -> None:
    message = Message(SUBJECTS[0], "Text", SENDER, ["l@learners.example"], {"List-Unsubscribe": LONG_ADDRESS})
    backend = EmailBackend(file_path=str(tmp_path))
    backend.send_messages([message])
    backend.close()
    (file,) = tmp_path.iterdir()
    assert f"\nList-Unsubscribe: {LONG_ADDRESS}\n".encode() in file.read_bytes()
    assert read(file.read_bytes())["Subject"] == SUBJECTS[0]


def test_a_message_is_sent_like_any_other() -> None:
    Message(SUBJECTS[0], "Text", SENDER, ["l@learners.example"]).send()
    assert [message.subject for message in outbox.outbox] == [SUBJECTS[0]]


def test_nobody_writes_e_mail_in_another_way() -> None:
    made = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if any(word in path.read_text() for word in ("EmailMultiAlternatives", "send_mail(", "send_mass_mail("))
    }
    assert made == {"kernel/mail.py"}
