"""Reading an award from a European Digital Credential, sealed or not.

Who sealed it is judged apart: `seal_fault` compares the issuer that is named with the certificate of a verified seal.

Source: European Learning Model 3, application profile EDC (EDC-generic-full.ttl, EDC-generic-no-cv.ttl).
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from openmcx.credentials.errors import FormatError
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.formats.elm import names
from openmcx.credentials.formats.elm.nodes import Node, Path, id_of, label, lasting_id, texts
from openmcx.credentials.formats.elm.reader import Reader, unwrap
from openmcx.credentials.formats.open_badges.values import each, nodes, read_decimal
from openmcx.credentials.formats.vc import BITSTRING_ENTRY
from openmcx.credentials.instants import parse_instant, read_instant
from openmcx.credentials.keys.x509 import Subject
from openmcx.credentials.model import (
    Achievement,
    Assessment,
    Credential,
    Identifier,
    LangText,
    Learner,
    Money,
    Result,
    StatusEntry,
)

_DAY = dt.timedelta(days=1)
# From the Azores to Finland in summer: so far from UTC lies the midnight of those who use the model.
_MIDNIGHT = dt.timedelta(hours=3)
_LEARNER = frozenset(
    {"id", "type", "hasClaim", "givenName", "familyName", "fullName", "dateOfBirth", "contactPoint", "identifier"}
)
_COUNTRIES = {"EL": "GR", "UK": "GB"}


def read_credential(document: bytes | str | Mapping[str, Any]) -> tuple[Credential, list[Finding]]:
    """This will read an award and name what was not taken over. A seal around it is not checked.

    Raises: DocumentError when it is no JSON; FormatError when it holds no award or says not who, what or when.
    """
    return _CredentialReader(unwrap(document)).award()


def seal_fault(document: Mapping[str, Any], sealer: Subject) -> Finding | None:
    """This will say what is wrong when a credential names another issuer than the certificate of its seal; else None.

    The registered identifier decides. Where the credential states none, its issuer's legal name must be that of the
    certificate.

    Source: Regulation (EU) No 910/2014, Annex III (c); European Learning Model 3, elm:eidasLegalIdentifier.
    """
    issuers = nodes(document.get("issuer"))
    issuer = issuers[0] if len(issuers) == len(each(document.get("issuer"))) == 1 else {}
    names_given = texts(issuer.get("legalName")).values()
    claimed = texts(issuer.get("legalName")).best() or id_of(issuer) or "—"
    fault = Finding("seal-of-another", {"found": str(sealer), "claimed": claimed[:120]})
    stated = nodes(issuer.get("eIDASIdentifier"))
    if not stated:
        return None if sealer.organisation and _plain(sealer.organisation) in map(_plain, names_given) else fault
    country = _COUNTRIES.get(sealer.country, sealer.country)
    for identifier in stated:
        spatial = [vocabularies.country_code(id_of(place)) for place in nodes(identifier.get("spatial"))]
        if identifier.get("notation") != sealer.organisation_id or not sealer.organisation_id:
            return fault
        if any(code != country for code in spatial):
            return fault
    return None


def credential_status(document: Mapping[str, Any], credential: Credential) -> list[Any]:
    """This will give where the state of an award is kept, as entries of a ``credentialStatus``.

    ELM's own credentialStatus holds no list and index, so those that `write_credential` was given stand among the
    documents of the claim; what a document from elsewhere has as its credentialStatus is given with them.
    """
    found: list[Any] = list(each(document.get("credentialStatus")))
    for entry in credential.status:
        found.append(
            {
                "type": BITSTRING_ENTRY,
                "statusPurpose": entry.purpose,
                "statusListIndex": str(entry.index),
                "statusListCredential": entry.list_url,
            }
        )
    return found


class _CredentialReader(Reader):
    """Reads one award."""

    left_out = ("identifier", "evidence", "attachment")
    read_besides = ("supplementaryDocument", "learningOpportunity")

    def award(self) -> tuple[Credential, list[Finding]]:
        document = self._document
        subjects = nodes(document.get("credentialSubject"))
        if len(subjects) != 1 or len(each(document.get("credentialSubject"))) != 1:
            raise FormatError("format-member-invalid", member="credentialSubject", reason="not-one-learner")
        claim, specification, path = self._find()
        achievement = self._achievement(claim, specification, path)
        issuers = self._all(document, "issuer")
        if not issuers:
            raise FormatError("format-member-missing", member="issuer")
        begins = read_instant(document, "validFrom", "issuanceDate", "issued")
        if begins is None:
            raise FormatError("format-member-missing", member="validFrom")
        name = document.get("id")
        awarded_by = self._one(claim, "awardedBy", path)
        awarded = _date(awarded_by.get("awardingDate")) or _date(document.get("issued")) or begins.date()
        status = list(self._status(claim))
        evidence = [entry for entry in self._all(claim, "supplementaryDocument") if not _is_status(entry)]
        credential = Credential(
            id=name if isinstance(name, str) else "",
            issuer=self._organisation(issuers[0], ("issuer",)),
            achievement=self._with_prices(achievement, claim, path),
            learner=self._learner(self._whole(subjects[0])),
            awarded_on=awarded,
            valid_from=begins,
            valid_until=read_instant(document, "validUntil", "expirationDate"),
            result=self._result(claim, path),
            status=tuple(status),
            evidence_url=next((url for entry in evidence if isinstance(url := entry.get("contentURL"), str)), ""),
        )
        # Of the personal data that a specification leaves out, an award takes over the grade.
        findings = [finding for finding in self._findings if finding.code != "elm-personal-data"]
        unique = {(finding.code, str(finding.params), finding.pointer): finding for finding in findings}
        return credential, list(unique.values())

    def _with_prices(self, achievement: Achievement, claim: Node, path: Path) -> Achievement:
        opportunity = self._one(claim, "learningOpportunity", path)
        self._rest(opportunity, (*path, "learningOpportunity"), "title", "providedBy", "priceDetail")
        found: dict[str, Money] = {}
        for detail in self._all(opportunity, "priceDetail"):
            amount = self._one(detail, "amount", path)
            value = read_decimal(amount.get("value"))
            currency = vocabularies.currency_code(id_of(self._one(amount, "unit", path)))
            if id_of(detail).startswith(names.PRICE) and value is not None and currency:
                found[id_of(detail)] = Money(amount=value, currency=currency)
            else:
                self._note_value((*path, "learningOpportunity", "priceDetail"), "priceDetail", label(detail))
        return dataclasses.replace(
            achievement,
            cost_students=found.get(f"{names.PRICE}students"),
            cost_lifelong=found.get(f"{names.PRICE}lifelong"),
        )

    def _assessment(self, node: Node, path: Path) -> Assessment:
        read = super()._assessment(node, path)
        # The shapes ask for a title; where there is none its kind stands in for it.
        stands_in = read.title in (read.kind.label, LangText({"en": names.ASSESSMENT}))
        return dataclasses.replace(read, title=LangText()) if stands_in else read

    def _note_learner(self, subject: Node) -> None:
        for member in subject:
            if member not in _LEARNER and member != "nationalID":
                self._note("elm-not-taken-over", ("credentialSubject", member), member=member)

    def _learner(self, person: Node) -> Learner:
        given, family = texts(person.get("givenName")).best(), texts(person.get("familyName")).best()
        if not given and not family:
            given = texts(person.get("fullName")).best()
        contact = self._one(person, "contactPoint", ("credentialSubject",))
        email = id_of(self._one(contact, "emailAddress", ("credentialSubject",)))
        return Learner(
            given_name=given,
            family_name=family,
            date_of_birth=_date(person.get("dateOfBirth")),
            id=lasting_id(person),
            email=email.removeprefix("mailto:"),
            identifiers=tuple(self._learner_identifiers(person)),
        )

    def _learner_identifiers(self, person: Node) -> Iterator[Identifier]:
        for member, scheme in (("identifier", ""), ("nationalID", "national")):
            for entry in self._all(person, member):
                value, named = entry.get("notation"), entry.get("schemeName")
                if isinstance(value, str):
                    yield Identifier(scheme=named if isinstance(named, str) else scheme, value=value)

    def _result(self, claim: Node, path: Path) -> Result | None:
        assessments = self._all(claim, "provenBy")
        whole = [part for part in assessments if id_of(self._one(part, "dcType", path)) == names.WHOLE_ASSESSMENT]
        graded = [part for part in whole or assessments if "grade" in part]
        if not graded:
            return None
        if len(graded) > 1:
            self._note("elm-more-than-one", (*path, "provenBy"), member="grade")
        node = graded[0]
        notes = {
            id_of(self._one(note, "subject", path)): texts(note.get("noteLiteral")).best()
            for note in self._all(node, "additionalNote")
        }
        # The scheme of a part is that of its assessment.
        specified = self._one(node, "specifiedBy", path) if whole else {}
        return Result(
            grade=texts(self._one(node, "grade", path).get("noteLiteral")).best(),
            scheme=self._grading_text(specified),
            percent=read_decimal(notes.get(names.PERCENT)),
            ects_grade=notes.get(names.ECTS_GRADE, ""),
        )

    def _grading_text(self, specified: Node) -> str:
        return texts(self._one(specified, "gradingScheme", ()).get("title")).best()

    def _status(self, claim: Node) -> Iterator[StatusEntry]:
        for entry in self._all(claim, "supplementaryDocument"):
            url = entry.get("contentURL")
            if not _is_status(entry) or not isinstance(url, str):
                continue
            list_url, _, index = url.rpartition("#")
            purpose = id_of(entry).removeprefix(names.STATUS).rpartition(":")[0]
            if not (index.isascii() and index.isdigit() and len(index) < 12 and list_url):
                raise FormatError("format-member-invalid", member="supplementaryDocument", reason="index-not-text")
            yield StatusEntry(list_url=list_url, index=int(index), purpose=purpose)


def _is_status(entry: Node) -> bool:
    return id_of(entry).startswith(names.STATUS)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _date(value: object) -> dt.date | None:
    """This will read the date of a date and time.

    Programs write a date as the midnight of where they run, in UTC: 1999-10-01T22:00:00Z is the second of October in
    Italy. So a full hour close to midnight is taken for midnight.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = parse_instant(value).astimezone(dt.UTC)
    except (FormatError, OverflowError):
        return None
    clock = dt.timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)
    if not clock % dt.timedelta(hours=1) and _DAY - clock <= _MIDNIGHT and moment.date() < dt.date.max:
        return moment.date() + _DAY
    return moment.date()
