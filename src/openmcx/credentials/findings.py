"""What was found out or is wrong: a code for programs, its parameters, and the sentence for people.

All sentences of the core stand in one table by their code, so that whoever shows them can say them in another language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openmcx.credentials.errors import MESSAGES, CredentialError

SENTENCES: dict[str, str] = {
    **MESSAGES,
    # --- headlines ------------------------------------------------------------------------------------------------
    "headline-verified": "Genuine and valid: issued by {issuer}, unchanged since.",
    "headline-issuer-unknown": "Unchanged and valid, but nothing is known here about who issued it ({issuer}).",
    "headline-issuer-named-otherwise": (
        "Unchanged and valid, but the file calls its issuer “{claimed}”, while it comes from {issuer}."
    ),
    "headline-status-not-checkable": (
        "Unchanged and issued by {issuer}, but whether it was revoked since could not be found out."
    ),
    "headline-signature-wrong": "Not genuine: it was changed after it was signed, or somebody else signed it.",
    "headline-proof-missing": "Not signed: anybody could have written this. Ask its issuer for the signed version.",
    "headline-revoked": "Revoked: {issuer} has withdrawn this credential.",
    "headline-suspended": "Suspended: {issuer} has taken back this credential for the time being.",
    "headline-expired": "Expired on {date}: it was genuine, but is not valid any more.",
    "headline-not-yet-valid": "Not valid yet: it becomes valid on {date}.",
    "headline-key-in-address": (
        "Readable, but its issuer is not verified: the key stands in the file itself, and nobody vouches for it."
    ),
    "headline-key-not-issuers": "Not verified: it names {claimed} as its issuer, but somebody else signed it.",
    "headline-key-not-reachable": (
        "Not verified: the issuer's key could not be fetched from {address}. Try again later or ask the issuer."
    ),
    "headline-key-revoked": "Not verified: its issuer has revoked the key that signed it. Ask for a new one.",
    "headline-unreadable": "This is no credential that can be read here.",
    "headline-format-unsupported": "This is {found}. Its seal or signature cannot be checked here yet.",
    "headline-format-never-sealed": (
        "This is {found}, which carries no seal or signature to check. Hand in the credential itself."
    ),
    "headline-format-unknown": "This is no credential. Check that you have the right file.",
    "headline-not-verified": "Not verified: at least one check failed.",
    # --- document, format, structure, terms -----------------------------------------------------------------------
    "document-readable": "The file can be read.",
    "format-recognised": "It is {found}.",
    "format-unsupported": "Seals and signatures of this format cannot be checked here yet.",
    "format-never-sealed": "A file of this kind carries no seal or signature. Ask for the credential itself.",
    "format-unknown": "It is JSON, but no verifiable credential. Check that you have the right file.",
    "structure-sound": "It has all that a credential must have, and nothing in it is out of sight.",
    "terms-covered": "Every term in it is defined, so the signature covers all of it.",
    # --- proof, issuer --------------------------------------------------------------------------------------------
    "signature-right": "The signature matches: nothing was changed since {created}.",
    "signature-right-undated": "The signature matches: nothing was changed since it was signed.",
    "proof-expired": "The signature was only meant to hold until {date}.",
    "proof-from-the-future": "The signature says that it was made on {date}, which is in the future.",
    "key-not-reachable": "The issuer's key lies at {address}, which could not be fetched ({reason}).",
    "key-revoked": "The issuer revoked the key on {date}. Whatever it signed is not to be trusted.",
    "key-expired": "The key was retired on {date}, before the signature was made.",
    "key-is-issuers": "The key that signed it belongs to the issuer.",
    "key-not-issuers": "The key that signed it belongs to {found}, not to the issuer {claimed}.",
    "key-in-address": (
        "The key stands in the file itself, as a part of the address {address}. Anybody could have put it there."
    ),
    "issuer-known": "The issuer is {issuer}, known here.",
    "issuer-named-otherwise": "The issuer is known here as {issuer}, but the file calls it “{claimed}”.",
    "issuer-is-address": "The issuer is whoever controls the web address {domain}. The file calls it “{claimed}”.",
    "issuer-unknown": (
        "Nothing is known here about the issuer {issuer}. The file calls it “{claimed}”, which anybody could write."
    ),
    # --- status, validity -----------------------------------------------------------------------------------------
    "status-none": "It does not say where its state is kept: it cannot have been revoked.",
    "status-good": "Its issuer has neither revoked nor suspended it.",
    "revoked": "Its issuer has revoked it.",
    "suspended": "Its issuer has suspended it for the time being.",
    "status-not-reachable": "Whether it was revoked stands at {address}, which could not be fetched ({reason}).",
    "status-kind-unsupported": "Whether it was revoked is kept in a form that is not supported (“{kind}”).",
    "status-list-wrong": "The list of revoked credentials at {address} cannot be trusted: {reason}",
    "status-list-other-issuer": "The list of revocations at {address} is not the issuer's but that of {found}.",
    "status-list-outdated": "The list of revoked credentials at {address} is out of date since {date}.",
    "valid-now": "It is valid since {begins} and without end.",
    "valid-until": "It is valid from {begins} until {ends}.",
    "expired": "It expired on {date}.",
    "not-yet-valid": "It becomes valid on {date}.",
    "check-not-reached": "Not checked, because an earlier check decided already.",
    # --- specifications -------------------------------------------------------------------------------------------
    "specification-invalid": "The specification has {count} faults; the first: {first}",
    "spec-not-an-object": "This must be an object, but is {found}.",
    "spec-not-a-list": "This must be a list, but is {found}. Write one value as a list of one.",
    "spec-not-a-text": "This must be a text, but is {found}. Write it in quotation marks.",
    "spec-not-texts": "This must give a text for each language, but is {found}. Write it like {{“en”: “…”}}.",
    "spec-not-a-number": "This must be a number, but is {found}.",
    "spec-not-a-whole-number": "This must be a whole number, but is {found}.",
    "spec-not-true-or-false": "This must be true or false, but is {found}.",
    "spec-not-a-date": "“{value}” is no date. Write it like 2026-01-31.",
    "spec-not-an-iri": "“{value}” is no absolute address. Write it whole, like https://example.org/….",
    "spec-not-a-web-address": "“{value}” is no web address. It begins with https:// or http://.",
    "spec-not-a-language": "“{value}” is no language tag. Write one such as “en” or “pt-BR”.",
    "spec-not-a-country": "“{value}” is no country code. Write the two letters of ISO 3166-1, such as “FI”.",
    "spec-not-a-currency": "“{value}” is no currency code. Write the three letters of ISO 4217, such as “EUR”.",
    "spec-not-a-choice": "“{value}” is none of the values there are: {choices}.",
    "spec-out-of-range": "{value} is out of range: it must be from {lowest} to {highest}.",
    "spec-too-long": "This has {found} characters or entries; at most {limit} are allowed.",
    "spec-unknown-member": "There is no “{member}” here. Remove it, or correct its name.",
    "spec-misspelt-member": "There is no “{member}” here. Did you mean “{guess}”?",
    "spec-missing-member": "“{member}” is missing. Add it.",
    "spec-unknown-format": "“{found}” is not the format “{expected}”. Write that as “format”.",
    "spec-dates-swapped": "It ends before it begins. Swap the dates or correct one.",
    # --- what the European standard asks for ------------------------------------------------------------------------
    "missing-title": "The title is missing.",
    "missing-awarding-body": "The awarding body is missing.",
    "missing-country": "The country or region of the awarding body is missing.",
    "missing-outcomes": "The learning outcomes are missing. Say what a learner can do afterwards.",
    "missing-workload": "The notional workload is missing. Give it in ECTS credits, or in hours where there are none.",
    "missing-contact-hours": "The hours of attendance are missing. Lifelong learners get them certified.",
    "missing-level": "The level is missing. Give that of the EQF, of a national framework, or the cycle.",
    "missing-assessment": "The type of assessment is missing.",
    "missing-participation": "The form of participation is missing. Say whether it is online, onsite, blended …",
    "missing-quality-assurance": "The type of quality assurance is missing. State it, even if there is none.",
    # --- import from the European Learning Model ---------------------------------------------------------------------
    "elm-not-taken-over": "“{member}” was not taken over: there is no place for it here.",
    "elm-value-not-understood": "“{member}” was not taken over: its value “{value}” is not understood.",
    "elm-more-than-one": "Of several “{member}” only the first was taken over.",
    "elm-personal-data": "“{member}” is about a learner and was left out.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found out. `pointer` is the place in the document (RFC 6901), where there is one."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    pointer: str = ""

    @property
    def sentence(self) -> str:
        """This will give the sentence in English."""
        return SENTENCES[self.code].format(**self.params)

    def as_dict(self) -> dict[str, Any]:
        """This will give the finding for JSON."""
        found = {"code": self.code, "params": dict(self.params), "sentence": self.sentence}
        return {**found, "pointer": self.pointer} if self.pointer else found

    @classmethod
    def of(cls, error: CredentialError) -> "Finding":
        """This will give what an error says."""
        return cls(error.code, error.params, error.where or "")
