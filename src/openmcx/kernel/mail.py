"""E-mail in the reader's language, as text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import translation

from openmcx.credentials.emails import domain_in_dns, normal_email

__all__ = ["normal_email", "send"]


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
        message = EmailMultiAlternatives(
            subject, _plain(f"{template}.txt", values), to=[receiver], headers=dict(headers or {})
        )
        message.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
        message.send()


def _plain(name: str, values: dict[str, Any]) -> str:
    """Render text that is no HTML: “R&D” stays as it is."""
    return str(get_template(name).template.render(Context(values, autoescape=False)))  # type: ignore[attr-defined]  # Django's own engine is the only one
