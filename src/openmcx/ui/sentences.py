"""What the core finds and refuses, in the reader's language: one place for all apps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.utils.formats import date_format
from django.utils.translation import gettext

from openmcx.credentials.errors import CredentialError
from openmcx.credentials.findings import Finding
from openmcx.credentials.wording import REASONS

_DATES = frozenset({"date", "created", "begins", "ends"})


def sentence(said: Finding | CredentialError, *, issuer: str = "") -> str:
    """This will say a finding or an error of the core in the language that is active now, with dates in its form.

    `issuer` is the established name of the issuer in that language, in place of the English one.
    """
    finding = Finding.of(said) if isinstance(said, CredentialError) else said
    return _localised(finding, issuer).said(gettext)


def why_not_fetched(code: str) -> str:
    """This will say why something could not be fetched, as a part of a sentence."""
    return gettext(REASONS[code])


def _localised(finding: Finding, issuer: str) -> Finding:
    params = {name: _date(value) if name in _DATES else value for name, value in finding.params.items()}
    if issuer and "issuer" in params:
        params["issuer"] = issuer
    because = _localised(finding.because, issuer) if finding.because else None
    return replace(finding, params=params, because=because)


def _date(value: object) -> object:
    try:
        return date_format(dt.date.fromisoformat(str(value)), "DATE_FORMAT")
    except ValueError:
        return value
