"""The sentences of the core, so that they can be said in the reader's language.

The English text of each is that of the core; a test compares the two tables word by word.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from openmcx.credentials.findings import Finding
    from openmcx.credentials.report import Check

SENTENCES: dict[str, Promise] = {
    "document-too-large": _("The document has {size} bytes; at most {limit} are read. Leave out embedded files."),
    "document-too-deep": _("The document nests deeper than {limit} levels. Flatten it."),
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
    "json-ld-invalid": _("The JSON-LD is not valid ({reason})."),
    "undefined-term": _(
        "The term “{term}” is not defined by the document's contexts, so a signature would not cover it. "
        "Remove it, or use a term that the contexts define, or an absolute IRI."
    ),
    "undefined-type": _(
        "The type “{term}” is not defined by the document's contexts, so a signature would not cover it. "
        "Remove it, or use a type that the contexts define, or an absolute IRI."
    ),
    "relative-iri": _("“{value}” is no absolute IRI, so a signature would not cover it. Write the whole address."),
    "invalid-iri": _("“{value}” holds characters that an IRI may not hold. Percent-encode them."),
    "invalid-language-tag": _("“{value}” is no language tag of BCP 47. Write one such as “en” or “pt-BR”."),
    "invalid-blank-node": _(
        "“{value}” is no valid blank node label. Use letters, digits, “_”, “-” and “.” after “_:”."
    ),
    "keyword-like-term": _(
        "“{term}” looks like a JSON-LD keyword but is none, so a signature would not cover it. Remove or rename it."
    ),
    "value-says-nothing": _(
        "This value says nothing, so a signature would not cover it. Remove it, or give it a value and a property."
    ),
    "node-says-nothing": _(
        "An address stands where an object must say something itself, so a signature would not cover what is meant. "
        "Embed the object."
    ),
    "document-says-nothing": _("The document says nothing that a signature could cover. Add what it is to say."),
    "index-not-covered": _("A signature would not cover the key of an index. Leave out the index."),
    "blank-node-property": _("A property is a blank node, so a signature would not cover it. Use an IRI."),
    "language-missing": _(
        "A value of the type rdf:langString has no language. Give it a language instead of the type."
    ),
    "not-a-double": _(
        "“{value}” is no xsd:double, so it would be read differently by others. Write it as a JSON number."
    ),
    "context-missing": _("The document has no @context. Add the contexts its terms come from."),
    "unknown-context": _(
        "The context “{url}” is not among the contexts that are bundled, and none is ever fetched. Use a bundled one."
    ),
    "context-invalid": _("A context is not valid JSON-LD ({reason})."),
    "context-keyword-not-allowed": _("A context in the document uses {keyword}, which is refused there. Leave it out."),
    "context-keyword-unknown": _(
        "A context in the document uses {keyword}, which is no keyword of JSON-LD. Rename it."
    ),
    "context-vocabulary-invalid": _(
        "A context in the document gives an @vocab that is no absolute IRI. Write it whole."
    ),
    "context-language-invalid": _("A context in the document gives a language that is no tag of BCP 47. Correct it."),
    "context-nests-too-deeply": _("A context in the document nests deeper than {limit} levels. Flatten it."),
    "context-address-inside": _(
        "A context in the document names another context for one of its terms, which is refused there. Leave it out."
    ),
    "context-tampered": _(
        "The bundled file of the context “{url}” was changed: its digest is wrong. Reinstall OpenMCX."
    ),
    "too-many-statements": _("The document makes more than {limit} statements. Divide it."),
    "too-many-nodes": _("The document holds more than {limit} objects without an id. Give them ids or divide it."),
    "too-many-look-alikes": _(
        "Telling objects without an id apart would take more than {limit} steps. Give an id to those that look alike."
    ),
    "look-alikes-too-far": _(
        "More than {limit} objects without an id look alike and point at one another. Give ids to them."
    ),
    "contexts-too-large": _(
        "The contexts of the document define more than {limit} terms. Use bundled contexts, each of them once."
    ),
    "too-many-values": _(
        "The document uses rare features of JSON-LD and holds more than {limit} values. Leave out one or the other."
    ),
    "proof-missing": _("The document has no proof, so nothing can be verified. Ask its issuer for the signed version."),
    "proof-present": _("The document already has a proof. Remove it before signing."),
    "proof-not-an-object": _("A proof must be a JSON object."),
    "proof-member-not-text": _("The proof's “{member}” must be a text and not empty."),
    "proof-member-not-time": _("The proof's “{member}” must be a time such as 2026-01-31T12:00:00Z."),
    "proof-value-malformed": _("The proof's “proofValue” must be a signature of {expected} bytes in base58btc (“z…”)."),
    "proof-member-missing": _("The proof has no “{member}”."),
    "too-many-proofs": _("The document has {count} proofs; at most {limit} are checked."),
    "proof-chain-unsupported": _("The proof refers to a previous proof; chains of proofs are not supported."),
    "unsupported-proof-type": _("A proof of type “{type}” is not supported; “DataIntegrityProof” is."),
    "unsupported-cryptosuite": _("The cryptosuite “{cryptosuite}” is not supported."),
    "cryptosuite-not-allowed": _("The cryptosuite “{cryptosuite}” is not among those allowed here ({allowed})."),
    "proof-purpose-mismatch": _("The proof was made for “{found}”, not for “{expected}”."),
    "proof-domain-mismatch": _("The proof was made for another domain than “{expected}”."),
    "proof-challenge-mismatch": _("The proof does not answer the challenge that was set."),
    "proof-context-mismatch": _("The document's @context does not start with the proof's @context."),
    "proof-key-mismatch": _("The key given for the proof is of kind {found}; “{cryptosuite}” needs {expected}."),
    "signature-wrong": _(
        "The signature does not match: the document or the proof was changed, or another key signed it."
    ),
    "multibase-not-base58btc": _(
        "The value is no multibase value in base58btc: “z” and then the digits of base 58, up to {limit} characters."
    ),
    "multibase-wrong-size": _("The value holds {found} bytes; {expected} are expected."),
    "ed25519-key-unsafe": _(
        "The Ed25519 key is of small order or not written canonically: with it a signature would prove nothing. "
        "Use another key."
    ),
    "key-wrong-size": _("The key has {found} bytes; {expected} are expected."),
    "key-type-unsupported": _("A key of the kind “{found}” is not supported."),
    "key-not-on-curve": _("The {algorithm} key is no point of its curve. Ask its owner for the right key."),
    "did-invalid": _("“{did}” is no valid DID of the method {method}: {reason}."),
    "did-method-unsupported": _("The DID “{did}” is of a method that is not supported; did:key and did:web are."),
    "did-document-invalid": _("The DID document of “{did}” is not valid: {reason}."),
    "key-not-in-document": _("The DID document of “{did}” does not list the key “{method}” for signing credentials."),
    "key-file-invalid": _("The key file is not valid: {reason}."),
    "key-file-exists": _("“{path}” exists already; a key is never overwritten. Choose another name."),
    "key-file-locked": _("The key file is protected by a passphrase. Give it."),
    "key-file-passphrase-wrong": _("The passphrase does not open the key file."),
    "format-member-missing": _("The credential has no “{member}”."),
    "format-member-invalid": _("The credential's “{member}” is wrong: {reason}."),
    "format-not-an-achievement": _("The document is no award of an achievement as in Open Badges 3.0."),
    "format-cannot-write": _("The credential cannot be written: {reason}."),
    "node-described-twice": _(
        "“{id}” is described in more than one place, so a reader could miss a part. Keep one description."
    ),
    "signed-term-hidden": _(
        "“{term}” is written in a way that readers do not look at, although the signature would still match. "
        "Use the term that the contexts define."
    ),
    "own-context": _("The document defines terms of its own, which no signature covers. Use bundled contexts only."),
    "status-list-encoding": _("The status list cannot be unpacked: {reason}."),
    "status-list-too-large": _("The status list unpacks to more than {limit} bytes."),
    "status-list-too-short": _("The status list has {found} entries; at least {expected} are required."),
    "status-index-out-of-range": _("The index {index} is outside the status list, which has {size} entries."),
    "status-list-full": _("The status list has no free index left. Begin another list."),
    "headline-verified": _("Genuine and valid: issued by {issuer}, unchanged since."),
    "headline-issuer-unknown": _("Unchanged and valid, but nothing is known here about who issued it ({issuer})."),
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
    "headline-key-not-issuers": _("Not verified: it names {claimed} as its issuer, but somebody else signed it."),
    "headline-key-not-reachable": _(
        "Not verified: the issuer's key could not be fetched from {address}. Try again later or ask the issuer."
    ),
    "headline-key-revoked": _("Not verified: its issuer has revoked the key that signed it. Ask for a new one."),
    "headline-unreadable": _("This is no credential that can be read here."),
    "headline-format-unsupported": _("This is {found}. Its seal or signature cannot be checked here yet."),
    "headline-format-never-sealed": _(
        "This is {found}, which carries no seal or signature to check. Hand in the credential itself."
    ),
    "headline-format-unknown": _("This is no credential. Check that you have the right file."),
    "headline-not-verified": _("Not verified: at least one check failed."),
    "document-readable": _("The file can be read."),
    "format-recognised": _("It is {found}."),
    "format-unsupported": _("Seals and signatures of this format cannot be checked here yet."),
    "format-never-sealed": _("A file of this kind carries no seal or signature. Ask for the credential itself."),
    "format-unknown": _("It is JSON, but no verifiable credential. Check that you have the right file."),
    "structure-sound": _("It has all that a credential must have, and nothing in it is out of sight."),
    "terms-covered": _("Every term in it is defined, so the signature covers all of it."),
    "signature-right": _("The signature matches: nothing was changed since {created}."),
    "signature-right-undated": _("The signature matches: nothing was changed since it was signed."),
    "proof-expired": _("The signature was only meant to hold until {date}."),
    "proof-from-the-future": _("The signature says that it was made on {date}, which is in the future."),
    "key-not-reachable": _("The issuer's key lies at {address}, which could not be fetched ({reason})."),
    "key-revoked": _("The issuer revoked the key on {date}. Whatever it signed is not to be trusted."),
    "key-expired": _("The key was retired on {date}, before the signature was made."),
    "key-is-issuers": _("The key that signed it belongs to the issuer."),
    "key-not-issuers": _("The key that signed it belongs to {found}, not to the issuer {claimed}."),
    "key-in-address": _(
        "The key stands in the file itself, as a part of the address {address}. Anybody could have put it there."
    ),
    "issuer-known": _("The issuer is {issuer}, known here."),
    "issuer-named-otherwise": _("The issuer is known here as {issuer}, but the file calls it “{claimed}”."),
    "issuer-is-address": _("The issuer is whoever controls the web address {domain}. The file calls it “{claimed}”."),
    "issuer-unknown": _(
        "Nothing is known here about the issuer {issuer}. The file calls it “{claimed}”, which anybody could write."
    ),
    "status-none": _("It does not say where its state is kept: it cannot have been revoked."),
    "status-good": _("Its issuer has neither revoked nor suspended it."),
    "revoked": _("Its issuer has revoked it."),
    "suspended": _("Its issuer has suspended it for the time being."),
    "status-not-reachable": _("Whether it was revoked stands at {address}, which could not be fetched ({reason})."),
    "status-kind-unsupported": _("Whether it was revoked is kept in a form that is not supported (“{kind}”)."),
    "status-list-wrong": _("The list of revoked credentials at {address} cannot be trusted: {reason}"),
    "status-list-other-issuer": _("The list of revocations at {address} is not the issuer's but that of {found}."),
    "status-list-outdated": _("The list of revoked credentials at {address} is out of date since {date}."),
    "valid-now": _("It is valid since {begins} and without end."),
    "valid-until": _("It is valid from {begins} until {ends}."),
    "expired": _("It expired on {date}."),
    "not-yet-valid": _("It becomes valid on {date}."),
    "check-not-reached": _("Not checked, because an earlier check decided already."),
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

# What a document may turn out to be, as it stands inside a sentence.
KINDS: dict[str, Promise] = {
    "a Bitstring Status List credential": _("a Bitstring Status List credential"),
    "a Comprehensive Learner Record": _("a Comprehensive Learner Record"),
    "a European Digital Credential": _("a European Digital Credential"),
    "a European Digital Credential without a seal": _("a European Digital Credential without a seal"),
    "a JWS in JSON form": _("a JWS in JSON form"),
    "a JWT": _("a JWT"),
    "a PDF file": _("a PDF file"),
    "a PNG image": _("a PNG image"),
    "a PNG image with a baked badge": _("a PNG image with a baked badge"),
    "a W3C verifiable credential": _("a W3C verifiable credential"),
    "a ZIP archive or office document": _("a ZIP archive or office document"),
    "a credential in a wrapper": _("a credential in a wrapper"),
    "a picture": _("a picture"),
    "a sealed European Digital Credential": _("a sealed European Digital Credential"),
    "a verifiable presentation": _("a verifiable presentation"),
    "a web page": _("a web page"),
    "an Open Badges 2.0 badge": _("an Open Badges 2.0 badge"),
    "an Open Badges 3.0 credential": _("an Open Badges 3.0 credential"),
    "an SD-JWT": _("an SD-JWT"),
    "an SVG image": _("an SVG image"),
    "an SVG image with a baked badge": _("an SVG image with a baked badge"),
    "an XML document": _("an XML document"),
    "an enveloped verifiable credential": _("an enveloped verifiable credential"),
    "an unsigned credential in a wrapper": _("an unsigned credential in a wrapper"),
}

# Why something could not be fetched, as it stands inside a sentence.
REASONS: dict[str, Promise] = {
    "url-invalid": _("it is no address that can be fetched"),
    "scheme-not-allowed": _("only encrypted addresses are fetched"),
    "credentials-in-url": _("the address holds a user name or password"),
    "port-not-allowed": _("the port is not one that is fetched"),
    "name-not-resolved": _("the name of the server is not known"),
    "address-not-public": _("it is not on the public internet"),
    "connection-failed": _("the server does not answer"),
    "tls-failed": _("the encrypted connection could not be made"),
    "too-slow": _("the server is too slow"),
    "too-large": _("the server sends too much"),
    "too-many-redirects": _("it leads on to other addresses too often"),
    "redirect-downgrade": _("it leads on to an address that is not encrypted"),
    "redirect-invalid": _("it leads on to an address that cannot be fetched"),
    "encoding-not-supported": _("the answer is compressed in a way that is not read"),
    "answer-invalid": _("the answer is no valid HTTP"),
    "answer-refused": _("the server refuses or does not have it"),
    "answer-is-a-page": _("it leads to a web page; open it and download the credential there"),
    "budget-used-up": _("too much would have to be fetched for one credential"),
    "nothing is fetched here": _("nothing is fetched here"),
}

_DATES = frozenset({"date", "created", "begins", "ends"})


def sentence(finding: Finding | Check, *, issuer: str = "") -> str:
    """This will say a finding in the language that is active now, with dates in its form.

    `issuer` is the established name of the issuer in that language, in place of the English one.
    """
    text = SENTENCES.get(finding.code)
    if text is None:
        return finding.sentence
    params = {name: _said(name, value) for name, value in finding.params.items()}
    if issuer and "issuer" in params:
        params["issuer"] = issuer
    try:
        return str(text).format(**params)
    except (KeyError, IndexError, ValueError):  # a translation that names something else
        return finding.sentence


def _said(name: str, value: object) -> object:
    if name in _DATES and isinstance(value, str):
        try:
            return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
        except ValueError:
            return value
    if name == "found" and isinstance(value, str):
        return KINDS.get(value, value)
    if name == "reason" and isinstance(value, str):
        return REASONS.get(value, value)
    return value
