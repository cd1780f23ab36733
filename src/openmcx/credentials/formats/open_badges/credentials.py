"""The award itself as an Open Badges 3.0 credential.

Source: Open Badges 3.0, section 8 and appendix B; Verifiable Credentials Data Model 2.0, section 4.
"""

from collections.abc import Mapping
from typing import Any

from openmcx.credentials.errors import FormatError
from openmcx.credentials.formats.open_badges import terms
from openmcx.credentials.formats.open_badges.achievements import plain_number, read_achievement, write_achievement
from openmcx.credentials.formats.open_badges.organisations import (
    identifier_scheme,
    identifier_type,
    read_profile,
    write_profile,
)
from openmcx.credentials.formats.open_badges.values import (
    Node,
    date,
    decimal_text,
    each,
    literal,
    nodes,
    only,
    put,
    read_date,
    read_decimal,
    read_iri,
)
from openmcx.credentials.instants import parse_instant, read_instant, write_instant
from openmcx.credentials.model import Achievement, Credential, Identifier, Learner, Result, StatusEntry

CREDENTIAL_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_GRADE, _PERCENT, _ECTS_GRADE = "#grade", "#percent", "#ects-grade"


# --- writing ----------------------------------------------------------------------------------------------------------


def write(credential: Credential, *, language: str = "", plain: bool = False) -> dict[str, Any]:
    """This will write a credential as an unsigned Open Badges 3.0 document.

    Open Badges' own texts are plain: they are written in `language`, or else in that of instruction, English or any.
    All languages stand beside them, as does all else that Open Badges has no room for, under the names of the European
    Learning Model; `plain` leaves these out.

    Raises: FormatError when something that the format requires is missing or cannot be expressed.
    Source: Open Badges 3.0, appendix B.1.2 (AchievementCredential).
    """
    if not credential.id:
        raise FormatError("format-cannot-write", reason="credential-without-id")
    achievement = write_achievement(credential.achievement, issuer=credential.issuer, language=language)
    languages = tuple(tag for tag in (language, *credential.achievement.languages) if tag)
    document: dict[str, Any] = {
        "@context": [terms.VC_CONTEXT, terms.OB_CONTEXT, terms.OB_EXTENSIONS_CONTEXT],
        "id": credential.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement["name"],
        "issuer": write_profile(credential.issuer, *languages),
        "validFrom": write_instant(credential.valid_from),
    }
    if credential.valid_until is not None:
        document["validUntil"] = write_instant(credential.valid_until)
    document["awardedDate"] = f"{credential.awarded_on.isoformat()}T00:00:00Z"
    document["credentialSubject"] = _write_subject(credential, achievement)
    if credential.evidence_url:
        document["evidence"] = [{"id": credential.evidence_url, "type": ["Evidence"]}]
    entries = [_write_status(entry) for entry in credential.status]
    if entries:
        # The schema of 1EdTech knows one entry; a credential that can be suspended as well as revoked needs two.
        document["credentialStatus"] = entries[0] if len(entries) == 1 else entries
    document["credentialSchema"] = [{"id": terms.OB_SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]
    return _without_further_terms(document) if plain else document


def _without_further_terms(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_further_terms(entry) for entry in value]
    if isinstance(value, dict):
        # The names that Open Badges lacks, and only they, are written as absolute IRIs.
        return {name: _without_further_terms(entry) for name, entry in value.items() if "://" not in name}
    return value


def write_learner(learner: Learner, kind: str) -> Node:
    """This will write a learner as the subject of a credential; `kind` is the subject's type."""
    subject: Node = {}
    put(subject, "id", learner.id)
    subject["type"] = [kind]
    identities = [("name", f"{learner.given_name} {learner.family_name}".strip())]
    identities += [("emailAddress", learner.email)] if learner.email else []
    identities += [(_identity_type(entry.scheme), entry.value) for entry in learner.identifiers]
    subject["identifier"] = [
        {"type": "IdentityObject", "identityHash": value, "identityType": kind, "hashed": False}
        for kind, value in identities
        if value
    ]
    put(subject, terms.GIVEN_NAME, learner.given_name)
    put(subject, terms.FAMILY_NAME, learner.family_name)
    put(subject, terms.DATE_OF_BIRTH, date(learner.date_of_birth))
    return subject


def _write_subject(credential: Credential, achievement: Node) -> Node:
    subject = write_learner(credential.learner, "AchievementSubject")
    if credential.achievement.workload_ects is not None:
        subject["creditsEarned"] = plain_number(credential.achievement.workload_ects)
    if credential.result is not None:
        results, descriptions = _write_results(credential.result, credential.achievement)
        subject["result"] = results
        achievement["resultDescription"] = descriptions
    subject["achievement"] = achievement
    return subject


def _write_status(entry: StatusEntry) -> Node:
    return {
        "id": f"{entry.list_url}#{entry.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": entry.purpose,
        "statusListIndex": str(entry.index),
        "statusListCredential": entry.list_url,
    }


def _identity_type(scheme: str) -> str:
    # These two have a place of their own in a learner, so an identifier of such a scheme must look different.
    return f"ext:{scheme}" if scheme in ("name", "emailAddress") else identifier_type(scheme)


def _write_results(result: Result, achievement: Achievement) -> tuple[list[Node], list[Node]]:
    scale = result.scheme or achievement.grading_scheme.best()
    kinds = [(_GRADE, "Grade", "Result", result.grade)]
    if result.percent is not None:
        kinds.append((_PERCENT, "Percentage", "Percent", decimal_text(result.percent)))
    if result.ects_grade:
        kinds.append((_ECTS_GRADE, "ECTS grade", "LetterGrade", result.ects_grade))
    results, descriptions = [], []
    for fragment, name, kind, value in kinds:
        described = achievement.id + fragment
        descriptions.append({"id": described, "type": ["ResultDescription"], "name": name, "resultType": kind})
        node: Node = {"type": ["Result"], "resultDescription": described, "value": value, "status": "Completed"}
        if fragment == _GRADE:
            put(node, terms.GRADING_SCHEME, result.scheme)
            put(descriptions[-1], terms.GRADING_SCHEME, scale)
        results.append(node)
    return results, descriptions


# --- reading ----------------------------------------------------------------------------------------------------------


def read(document: Mapping[str, Any]) -> Credential:
    """This will read an Open Badges 3.0 document, signed or not, ours or somebody else's.

    It reads; it does not verify. Times without an offset count as UTC.

    Raises: FormatError when it is no such document or lacks what every award has.
    """
    types = document.get("type")
    if not CREDENTIAL_TYPES.intersection(kind for kind in each(types) if isinstance(kind, str)):
        raise FormatError("format-not-an-achievement", where="/type")
    subjects = nodes(document.get("credentialSubject"))
    if len(subjects) != 1:
        reason = "not-one-learner"
        raise FormatError(
            "format-member-invalid", member="credentialSubject", reason=reason, where="/credentialSubject"
        )
    subject = subjects[0]
    achievements = nodes(subject.get("achievement"))
    if len(achievements) != 1:
        raise FormatError("format-member-missing", member="achievement", where="/credentialSubject/achievement")
    issuer = read_profile(document.get("issuer"))
    if not issuer.id:
        raise FormatError("format-member-missing", member="issuer", where="/issuer")
    valid_from = read_instant(document, "validFrom", "issuanceDate")
    if valid_from is None:
        raise FormatError("format-member-missing", member="validFrom", where="/validFrom")
    awarded = document.get("awardedDate")
    return Credential(
        id=read_iri(dict(document)),
        issuer=issuer,
        achievement=read_achievement(achievements[0], issuer=issuer),
        learner=read_learner(subject),
        awarded_on=(parse_instant(awarded, member="awardedDate") if awarded is not None else valid_from).date(),
        valid_from=valid_from,
        valid_until=read_instant(document, "validUntil", "expirationDate"),
        result=_read_result(subject),
        status=tuple(_read_status(document.get("credentialStatus"))),
        evidence_url=next((read_iri(entry) for entry in nodes(document.get("evidence"))), ""),
    )


def read_learner(subject: Node) -> Learner:
    """This will read a learner from the subject of a credential; what is hashed names nobody and is passed over."""
    given, family = literal(subject.get(terms.GIVEN_NAME)), literal(subject.get(terms.FAMILY_NAME))
    full_name, email, identifiers = "", "", []
    for identity in nodes(subject.get("identifier")):
        kind, value = literal(identity.get("identityType")), literal(identity.get("identityHash"))
        if identity.get("hashed") is not False or not value:
            continue
        if kind == "name":
            full_name = full_name or value
        elif kind == "emailAddress":
            email = email or value
        else:
            identifiers.append(Identifier(scheme=identifier_scheme(kind), value=value))
    if not given and not family:
        family = full_name
    return Learner(
        given_name=given,
        family_name=family,
        date_of_birth=read_date(subject.get(terms.DATE_OF_BIRTH)),
        id=read_iri(subject),
        email=email,
        identifiers=tuple(identifiers),
    )


def _read_result(subject: Node) -> Result | None:
    results = nodes(subject.get("result"))
    if not results:
        return None

    def ending(fragment: str) -> Node:
        return next((node for node in results if literal(node.get("resultDescription")).endswith(fragment)), {})

    graded = ending(_GRADE)
    percent, ects = ending(_PERCENT), ending(_ECTS_GRADE)
    if not graded and not percent and not ects:
        graded = results[0]
    return Result(
        grade=literal(graded.get("value")) or ("" if graded else literal(results[0].get("value"))),
        scheme=literal(graded.get(terms.GRADING_SCHEME)),
        percent=read_decimal(percent.get("value")),
        ects_grade=literal(ects.get("value")),
    )


def _read_status(value: object) -> list[StatusEntry]:
    entries = []
    for node in nodes(value):
        if "BitstringStatusListEntry" not in list(each(node.get("type"))):
            continue
        names = ("statusListIndex", "statusListCredential", "statusPurpose")
        index, url, purpose = (only(node.get(name)) for name in names)
        if not (isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 19):
            reason = "index-not-text"
            raise FormatError(
                "format-member-invalid", member="statusListIndex", reason=reason, where="/credentialStatus"
            )
        if not isinstance(url, str) or not isinstance(purpose, str):
            raise FormatError("format-member-missing", member="statusListCredential", where="/credentialStatus")
        entries.append(StatusEntry(list_url=url, index=int(index), purpose=purpose))
    return entries
