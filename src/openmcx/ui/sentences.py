"""What the core finds and refuses, in the reader's language: one place for all apps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from openmcx.credentials.errors import CredentialError
from openmcx.credentials.findings import Finding
from openmcx.credentials.wording import REASONS
from openmcx.ui.languages import Written

_DATES = frozenset({"date", "created", "begins", "ends"})


def sentence(said: Finding | CredentialError, *, issuer: str = "") -> str:
    """This will say a finding or an error of the core in the language that is active now, with dates in its form.

    `issuer` is the established name of the issuer in that language, in place of the English one. If it says that it is
    in another language, the sentence is markup that says so too.
    """
    finding = Finding.of(said) if isinstance(said, CredentialError) else said
    localised = _localised(finding, issuer)
    if not (isinstance(issuer, Written) and issuer.lang):
        return localised.said(gettext)
    # Everything is escaped, also what stands between the parameters; the name alone brings markup.
    said_so = _escaped(localised, issuer).said(lambda text: escape(gettext(text)))
    return mark_safe(said_so)  # noqa: S308  (as above)


def why_not_fetched(code: str) -> str:
    """This will say why something could not be fetched, as a part of a sentence."""
    return gettext(REASONS[code])


def _localised(finding: Finding, issuer: str) -> Finding:
    params = {name: _date(value) if name in _DATES else value for name, value in finding.params.items()}
    if issuer and "issuer" in params:
        params["issuer"] = issuer
    because = _localised(finding.because, issuer) if finding.because else None
    return replace(finding, params=params, because=because)


def _escaped(finding: Finding, issuer: Written) -> Finding:
    params = {name: escape(value) if isinstance(value, str) else value for name, value in finding.params.items()}
    if "issuer" in params:
        params["issuer"] = issuer.__html__()
    because = _escaped(finding.because, issuer) if finding.because else None
    return replace(finding, params=params, because=because)


def _date(value: object) -> object:
    try:
        return date_format(dt.date.fromisoformat(str(value)), "DATE_FORMAT")
    except ValueError:
        return value
