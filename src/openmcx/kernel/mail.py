"""E-mail in the reader's language, as text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import idna
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import translation

# Longer than any domain; nobody is to make us work on more.
_DOMAIN_CHARACTERS = 255


def normal_email(address: str) -> str:
    """This will give the one form in which an address is stored, compared and looked up: no outer blanks, small
    letters, the domain as it stands in the DNS.

    Addresses that lead to different mailboxes stay different: “straße.de” is not “strasse.de”.
    Source: RFC 5890 to 5892 (IDNA2008); UTS 46, section 4, non-transitional.
    """
    local, at, domain = address.strip().rpartition("@")
    return f"{local.lower()}{at}{_in_dns(domain)}" if at else domain.lower()


def _in_dns(domain: str) -> str:
    lowered = domain.lower()
    if lowered.isascii() or len(lowered) > _DOMAIN_CHARACTERS:
        return lowered
    try:
        return idna.encode(lowered, uts46=True).decode()
    except UnicodeError:  # IDNAError is one
        return lowered


def send(*, template: str, context: Mapping[str, Any], to: str, language: str) -> None:
    """This will render ``<template>.subject.txt``, ``.txt`` and ``.html`` in the language and send them.

    Raises: OSError when the mail server cannot be reached or refuses.
    """
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        values = {"base_url": settings.OPENMCX_BASE_URL, "network_name": settings.OPENMCX_NETWORK_NAME, **context}
        subject = " ".join(_plain(f"{template}.subject.txt", values).split())
        # Django would write the domain by IDNA2003, which takes “straße.de” for “strasse.de”: another's mailbox.
        local, at, domain = to.strip().rpartition("@")
        receiver = f"{local}{at}{_in_dns(domain)}"
        message = EmailMultiAlternatives(subject, _plain(f"{template}.txt", values), to=[receiver])
        message.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
        message.send()


def _plain(name: str, values: dict[str, Any]) -> str:
    """Render text that is no HTML: “R&D” stays as it is."""
    return str(get_template(name).template.render(Context(values, autoescape=False)))  # type: ignore[attr-defined]
