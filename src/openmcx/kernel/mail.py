"""E-mail in the reader's language, as text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from email.header import Header
from email.headerregistry import AddressHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import translation

from openmcx.credentials.emails import domain_in_dns, normal_email

__all__ = ["Message", "normal_email", "send"]

# Units: characters. RFC 5322, section 2.1.1: the line that should not, and the one that must not be longer.
_LINE, _LONGEST_LINE = 78, 998
_PLAIN = re.compile(r"[ -~]*")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class _Headers(EmailPolicy):
    """Writes the headers of a message: Python's own folding loses blanks and takes long addresses apart.

    It leaves out the blank between two encoded words of a text, and turns a word that is longer than a line into
    encoded words, which are no address any more: RFC 2047, section 5, knows none inside angle brackets.
    """

    def fold(self, name: str, value: Any) -> str:
        """This will give the header as the lines that are sent."""
        written = self._written(name, value)
        return super().fold(name, value) if written is None else f"{name}: {written}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """This will give the header as the bytes that are sent."""
        written = self._written(name, value)
        return super().fold_binary(name, value) if written is None else self.fold(name, value).encode("ascii")

    def _written(self, name: str, value: Any) -> str | None:
        """The value as it is sent; None where Python writes it rightly."""
        if self.utf8:
            return None
        if isinstance(value, AddressHeader):
            return self._addresses(name, value)
        if not isinstance(value, UnstructuredHeader):
            return None
        text = str(value)
        if not _PLAIN.fullmatch(text) or "=?" in text:
            return self._encoded(name, text)
        if max(map(len, text.split(" "))) + 1 > _LINE and len(name) + 2 + len(text) <= _LONGEST_LINE:
            return text
        return None

    def _addresses(self, name: str, value: AddressHeader) -> str | None:
        every = value.addresses
        if not all(one.addr_spec.isascii() for one in every) or all(one.display_name.isascii() for one in every):
            return None
        return f",{self.linesep} ".join(
            f"{self._encoded(name, one.display_name)}{self.linesep} <{one.addr_spec}>" for one in every
        )

    def _encoded(self, name: str, text: str) -> str:
        # The whole text in encoded words, the blanks within them. Source: RFC 2047, sections 2 and 6.2.
        return Header(_CONTROLS.sub(" ", text), "utf-8", header_name=name).encode(linesep=self.linesep)


class Message(EmailMultiAlternatives):
    """A message that the node sends by itself: every e-mail is one of these."""

    def __init__(
        self,
        subject: str,
        body: str,
        from_email: str | None = None,
        to: Sequence[str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """This will make a message that says that no person wrote it.

        Source: RFC 3834, section 5.
        """
        super().__init__(subject, body, from_email, to, headers={"Auto-Submitted": "auto-generated", **(headers or {})})

    def message(self, *, policy: Policy[Any] | None = None) -> EmailMessage:
        """This will give the message as it is sent, whichever way that is."""
        kept = {name: getattr(policy, name) for name in ("linesep", "utf8", "cte_type") if hasattr(policy, name)}
        made: EmailMessage = super().message(policy=_Headers(**kept))
        return made


def send(
    *, template: str, context: Mapping[str, Any], to: str, language: str, headers: Mapping[str, str] | None = None
) -> None:
    """This will render ``<template>.subject.txt``, ``.txt`` and ``.html`` in the language and send them.

    Raises: OSError when the mail server cannot be reached or refuses.
    """
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        values = {"base_url": settings.OPENMCX_BASE_URL, "network_name": settings.OPENMCX_NETWORK_NAME, **context}
        subject = " ".join(_plain(f"{template}.subject.txt", values).split())
        # Django would write the domain by IDNA2003, which takes “straße.de” for “strasse.de”: another's mailbox.
        local, at, domain = to.strip().rpartition("@")
        receiver = f"{local}{at}{domain_in_dns(domain)}"
        message = Message(subject, _plain(f"{template}.txt", values), to=[receiver], headers=headers)
        message.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
        message.send()


def _plain(name: str, values: dict[str, Any]) -> str:
    """Render text that is no HTML: “R&D” stays as it is."""
    return str(get_template(name).template.render(Context(values, autoescape=False)))  # type: ignore[attr-defined]  # Django's own engine is the only one
