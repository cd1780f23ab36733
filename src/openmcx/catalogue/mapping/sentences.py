"""What the core finds in specifications and documents, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from openmcx.catalogue.mapping.elements import Text
from openmcx.credentials.errors import CredentialError
from openmcx.credentials.findings import Finding

# The sentences of the core by code, so that they can be translated; a test holds them equal to the core's.
SENTENCES: dict[str, Text] = {
    "document-too-large": _("The document has {size} bytes; at most {limit} are read. Leave out embedded files."),
    "document-too-deep": _("The document nests deeper than {limit} levels. Flatten it."),
    "document-says-nothing": _("The document says nothing that a signature could cover. Add what it is to say."),
    "document-has-byte-order-mark": _(
        "The document begins with a byte order mark (bytes {mark}). Save it as UTF-8 without a byte order mark."
    ),
    "document-not-utf8": _("The document is not UTF-8: byte {position} cannot be read. Save it as UTF-8."),
    "document-not-json": _("The document is not JSON: {reason} (line {line}, column {column})."),
    "document-not-an-object": _("The document must be a JSON object, but is {found}."),
    "duplicate-key": _("The key “{key}” stands more than once in the same object. Keep one of them."),
    "not-a-finite-number": _("{found} is no JSON number. Give a finite number or leave the value out."),
    "number-out-of-range": _("A number is too large to be held exactly. Write it as a string."),
    "lone-surrogate": _("A text holds half of a UTF-16 surrogate pair, which is no character. Remove it."),
    "not-json-data": _("A value of type {found} is no JSON value."),
    "document-readable": _("The file can be read."),
    "specification-invalid": _("The specification has {count} faults; the first: {first}"),
    "spec-not-an-object": _("This must be an object, but is {found}."),
    "spec-not-a-list": _("This must be a list, but is {found}. Write one value as a list of one."),
    "spec-not-a-text": _("This must be a text, but is {found}. Write it in quotation marks."),
    "spec-not-texts": _("This must give a text for each language, but is {found}. Write it like {{“en”: “…”}}."),
    "spec-not-a-number": _("This must be a number, but is {found}."),
    "spec-not-a-whole-number": _("This must be a whole number, but is {found}."),
    "spec-not-true-or-false": _("This must be true or false, but is {found}."),
    "spec-not-a-date": _("“{value}” is no date. Write it like 2026-01-31."),
    "spec-not-an-iri": _("“{value}” is no absolute address. Write it whole, like https://example.org/…."),
    "spec-not-a-web-address": _("“{value}” is no web address. It begins with https:// or http://."),
    "spec-not-a-language": _("“{value}” is no language tag. Write one such as “en” or “pt-BR”."),
    "spec-not-a-country": _("“{value}” is no country code. Write the two letters of ISO 3166-1, such as “FI”."),
    "spec-not-a-currency": _("“{value}” is no currency code. Write the three letters of ISO 4217, such as “EUR”."),
    "spec-not-a-choice": _("“{value}” is none of the values there are: {choices}."),
    "spec-out-of-range": _("{value} is out of range: it must be from {lowest} to {highest}."),
    "spec-too-long": _("This has {found} characters or entries; at most {limit} are allowed."),
    "spec-unknown-member": _("There is no “{member}” here. Remove it, or correct its name."),
    "spec-misspelt-member": _("There is no “{member}” here. Did you mean “{guess}”?"),
    "spec-missing-member": _("“{member}” is missing. Add it."),
    "spec-unknown-format": _("“{found}” is not the format “{expected}”. Write that as “format”."),
    "spec-dates-swapped": _("It ends before it begins. Swap the dates or correct one."),
    "missing-title": _("The title is missing."),
    "missing-awarding-body": _("The awarding body is missing."),
    "missing-country": _("The country or region of the awarding body is missing."),
    "missing-outcomes": _("The learning outcomes are missing. Say what a learner can do afterwards."),
    "missing-workload": _(
        "The notional workload is missing. Give it in ECTS credits, or in hours where there are none."
    ),
    "missing-contact-hours": _("The hours of attendance are missing. Lifelong learners get them certified."),
    "missing-level": _("The level is missing. Give that of the EQF, of a national framework, or the cycle."),
    "missing-assessment": _("The type of assessment is missing."),
    "missing-participation": _("The form of participation is missing. Say whether it is online, onsite, blended …"),
    "missing-quality-assurance": _("The type of quality assurance is missing. State it, even if there is none."),
    "elm-not-taken-over": _("“{member}” was not taken over: there is no place for it here."),
    "elm-value-not-understood": _("“{member}” was not taken over: its value “{value}” is not understood."),
    "elm-more-than-one": _("Of several “{member}” only the first was taken over."),
    "elm-personal-data": _("“{member}” is about a learner and was left out."),
}


def sentence(finding: Finding) -> str:
    """This will say a finding in the active language; in English if the table has no words for it."""
    template = SENTENCES.get(finding.code)
    return str(template).format(**finding.params) if template is not None else finding.sentence


def fault_sentence(fault: CredentialError) -> str:
    """This will say an error of the core in the active language; in English if the table has no words for it."""
    template = SENTENCES.get(fault.code)
    return str(template).format(**fault.params) if template is not None else str(fault)
