"""What was found out or is wrong: a code for programs, its parameters, and the sentence for people.

All sentences of the core stand in one table by their code, so that whoever shows them can say them in another language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from openmcx.credentials.errors import MESSAGES, CredentialError
from openmcx.credentials.wording import gettext_noop, say

_ = gettext_noop

SENTENCES: dict[str, str] = {
    **MESSAGES,
    # --- headlines ------------------------------------------------------------------------------------------------
    "headline-verified": _("Genuine and valid: issued by {issuer}, unchanged since."),
    "headline-issuer-unknown": _("Unchanged and valid, but nothing is known here about who issued it ({issuer})."),
    "headline-issuer-certified": _(
        "Unchanged and valid, sealed by {issuer}. Whether its certificate was revoked since was not looked up."
    ),
    "headline-certificate-unknown": _(
        "Unchanged and valid, but nobody who is trusted here vouches for who sealed it ({issuer})."
    ),
    "headline-issuer-named-otherwise": _(
        "Unchanged and valid, but the file calls its issuer “{claimed}”, while it comes from {issuer}."
    ),
    "headline-status-not-checkable": _(
        "Unchanged and issued by {issuer}, but whether it was revoked since could not be found out."
    ),
    "headline-signature-wrong": _("Not genuine: it was changed after it was signed, or somebody else signed it."),
    "headline-proof-missing": _("Not signed: anybody could have written this. Ask its issuer for the signed version."),
    "headline-revoked": _("Revoked: {issuer} has withdrawn this credential."),
    "headline-suspended": _("Suspended: {issuer} has taken back this credential for the time being."),
    "headline-expired": _("Expired on {date}: it was genuine, but is not valid any more."),
    "headline-not-yet-valid": _("Not valid yet: it becomes valid on {date}."),
    "headline-key-in-address": _(
        "Readable, but its issuer is not verified: the key stands in the file itself, and nobody vouches for it."
    ),
    "headline-key-in-file": _(
        "Readable, but its issuer is not verified: the key stands in the file itself, and nobody vouches for it."
    ),
    "headline-key-not-issuers": _("Not verified: it names {claimed} as its issuer, but somebody else signed it."),
    "headline-key-not-reachable": _(
        "Not verified: the issuer's key could not be fetched from {address}. Try again later or ask the issuer."
    ),
    "headline-key-revoked": _("Not verified: its issuer has revoked the key that signed it. Ask for a new one."),
    "headline-unreadable": _("This is no credential that can be read here."),
    "headline-format-unsupported": _("This is {kind}. Its seal or signature cannot be checked here yet."),
    "headline-format-never-sealed": _(
        "This is {kind}, which carries no seal or signature to check. Hand in the credential itself."
    ),
    "headline-format-unknown": _("This is no credential. Check that you have the right file."),
    "headline-not-verified": _("Not verified: at least one check failed."),
    # --- document, format, structure, terms -----------------------------------------------------------------------
    "document-readable": _("The file can be read."),
    "format-recognised": _("It is {kind}."),
    "format-carried": _("It is {kind}, carried in {carrier}."),
    "format-unsupported": _("Seals and signatures of this format cannot be checked here yet."),
    "format-never-sealed": _("A file of this kind carries no seal or signature. Ask for the credential itself."),
    "format-unknown": _("It is JSON, but no verifiable credential. Check that you have the right file."),
    "structure-sound": _("It has all that a credential must have, and nothing in it is out of sight."),
    "terms-covered": _("Every term in it is defined, so the signature covers all of it."),
    "claims-sound": _("It has all that a credential must have."),
    "claims-covered": _("The signature covers all that is shown. What its holder did not show stays hidden."),
    "sealed-whole": _("The seal covers the whole credential, byte for byte."),
    "hosted-whole": _("All that is read of it stands at the issuer's address."),
    "hosted-unchanged": _("It is what lies at its address at {domain}."),
    "address-is-issuers": _("The address belongs to the issuer's own, {domain}."),
    "seal-is-issuers": _("The certificate of the seal is made out to the issuer."),
    "issuer-certified": _(
        "The issuer is {issuer}, as {found} certifies. Whether the certificate was revoked was not looked up."
    ),
    "certificate-unknown": _(
        "The certificate is made out to {issuer} by {found}. Nobody who is trusted here vouches for that."
    ),
    # --- proof, issuer --------------------------------------------------------------------------------------------
    "signature-right": _("The signature matches: nothing was changed since {created}."),
    "signature-right-undated": _("The signature matches: nothing was changed since it was signed."),
    "proof-expired": _("The signature was only meant to hold until {date}."),
    "proof-not-yet": _("The signature is only meant to hold from {date} on."),
    "proof-from-the-future": _("The signature says that it was made on {date}, which is in the future."),
    "key-not-reachable": _("The issuer's key lies at {address}, which could not be fetched ({reason})."),
    "key-revoked": _("The issuer revoked the key on {date}. Whatever it signed is not to be trusted."),
    "key-expired": _("The key was retired on {date}, before the signature was made."),
    "key-is-issuers": _("The key that signed it belongs to the issuer."),
    "key-not-issuers": _("The key that signed it belongs to {found}, not to the issuer {claimed}."),
    "key-in-address": _(
        "The key stands in the file itself, as a part of the address {address}. Anybody could have put it there."
    ),
    "key-in-file": _("The key stands in the file itself. Anybody could have put it there."),
    "issuer-known": _("The issuer is {issuer}, known here."),
    "issuer-named-otherwise": _("The issuer is known here as {issuer}, but the file calls it “{claimed}”."),
    "issuer-is-address": _("The issuer is whoever controls the web address {domain}. The file calls it “{claimed}”."),
    "issuer-unknown": _(
        "Nothing is known here about the issuer {issuer}. The file calls it “{claimed}”, which anybody could write."
    ),
    # --- status, validity -----------------------------------------------------------------------------------------
    "status-none": _("It does not say where its state is kept: it cannot have been revoked."),
    "status-good": _("Its issuer has neither revoked nor suspended it."),
    "revoked": _("Its issuer has revoked it."),
    "suspended": _("Its issuer has suspended it for the time being."),
    "status-message": _("Its issuer says of its state: “{value}”."),
    "status-refresh": _("Its issuer has a newer version of it. Ask for that."),
    "status-not-reachable": _("Whether it was revoked stands at {address}, which could not be fetched ({reason})."),
    "status-kind-unsupported": _("Whether it was revoked is kept in a form that is not supported (“{type}”)."),
    "status-list-wrong": _("The list of revoked credentials at {address} cannot be trusted."),
    "status-list-without-address": _("The list has no web address."),
    "status-list-of-another": _("It is the list of another address."),
    "status-index-not-text": _("The index is no whole number written as text."),
    "status-index-no-number": _("The index is no whole number."),
    "status-list-other-issuer": _("The list of revocations at {address} is not the issuer's but that of {found}."),
    "status-list-outdated": _("The list of revoked credentials at {address} is out of date since {date}."),
    "valid-now": _("It is valid since {begins} and without end."),
    "valid-to": _("It is valid until {ends}."),
    "valid-always": _("It says neither since when nor until when it is valid."),
    "valid-until": _("It is valid from {begins} until {ends}."),
    "expired": _("It expired on {date}."),
    "not-yet-valid": _("It becomes valid on {date}."),
    "check-not-reached": _("Not checked, because an earlier check decided already."),
    # --- seals ----------------------------------------------------------------------------------------------------
    "seal-revocation-not-checked": _(
        "Whether the certificate of the seal was revoked before its end was not looked up."
    ),
    "seal-revocation-data-not-read": _("What the seal brings along about revoked certificates was not read."),
    "seal-archive-not-checked": _("A time-stamp for the archive is of a form that is not checked."),
    "seal-addition-not-read": _("What was added to the seal as “{member}” was not read."),
    "seal-stamp-from-the-future": _("A time-stamp says that it was made at a time that had not come yet."),
    "seal-of-another": _("The seal is that of {found}, while the credential names {claimed} as its issuer."),
    # --- specifications -------------------------------------------------------------------------------------------
    "specification-invalid": _("Faults in the specification: {count}."),
    "spec-not-an-object": _("This must be an object, but is {kind}."),
    "spec-not-a-list": _("This must be a list, but is {kind}. Write one value as a list of one."),
    "spec-not-a-text": _("This must be a text, but is {kind}. Write it in quotation marks."),
    "spec-not-texts": _("This must give a text for each language, but is {kind}. Write it like {{“en”: “…”}}."),
    "spec-not-a-number": _("This must be a number, but is {kind}."),
    "spec-not-a-whole-number": _("This must be a whole number, but is {kind}."),
    "spec-not-true-or-false": _("This must be true or false, but is {kind}."),
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
    # --- what the European standard asks for ------------------------------------------------------------------------
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
    # --- what a format cannot hold --------------------------------------------------------------------------------
    "loss-left-out": _("There is no room for this in {kind}: {element}."),
    "loss-languages": _("This stands in fewer languages in {kind}: {element}. Left out: {languages}."),
    "loss-partly": _("Only a part of this is kept in {kind}: {element}."),
    "loss-arrangement": _("This is kept in {kind}, but not what of it belongs together: {element}."),
    # --- import from the European Learning Model ---------------------------------------------------------------------
    "elm-not-taken-over": _("“{member}” was not taken over: there is no place for it here."),
    "elm-value-not-understood": _("“{member}” was not taken over: its value “{value}” is not understood."),
    "elm-more-than-one": _("Of several “{member}” only the first was taken over."),
    "elm-personal-data": _("“{member}” is about a learner and was left out."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found out. `pointer` is the place in the document (RFC 6901), `because` what is behind it, if any."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    pointer: str = ""
    because: "Finding | None" = None

    @property
    def sentence(self) -> str:
        """This will give the sentence in English."""
        return self.said()

    def said(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """This will give the sentence in the language of `translate`, with that of what is behind it."""
        sentence = say(SENTENCES[self.code], self.params, translate=translate)
        return f"{sentence} {self.because.said(translate)}" if self.because else sentence

    def as_dict(self) -> dict[str, Any]:
        """This will give the finding for JSON."""
        found: dict[str, Any] = {"code": self.code, "params": dict(self.params), "sentence": self.sentence}
        if self.pointer:
            found["pointer"] = self.pointer
        if self.because:
            found["because"] = self.because.as_dict()
        return found

    @classmethod
    def of(cls, error: CredentialError) -> "Finding":
        """This will give what an error says."""
        because = cls.of(error.because) if error.because else None
        return cls(error.code, error.params, error.where or "", because)
