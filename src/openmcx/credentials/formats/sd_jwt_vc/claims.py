"""An award as the claims of a learning credential, and back.

The names of the claims are the wallet's; its publications leave open how their values are written. Ours are texts that
people can read in a wallet and that are read back: “2.5 ECTS (67.5 hours)”, “EQF 6”. What others write is kept as text
where it is understood as far as it goes.

Source: European Digital Identity wallet, learning credential; Council Recommendation 2022/C 243/02, Annex I.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from openmcx.credentials.errors import FormatError
from openmcx.credentials.formats.open_badges.values import decimal_text, read_date, read_hours
from openmcx.credentials.model import (
    Achievement,
    Concept,
    Credential,
    Cycle,
    Identifier,
    LangText,
    Learner,
    LearningOutcome,
    Organisation,
    QualityAssurance,
    Result,
    StatusEntry,
)
from openmcx.credentials.model.text import LANGUAGE_TAG
from openmcx.credentials.proofs.jose import claims as jwt

LEARNING_CREDENTIAL = "urn:eu.europa.ec.eudi:learning:credential:1"
"""The type (``vct``) of the European wallet's learning credential."""

_MANDATORY = (
    "issuing_authority",
    "issuing_country",
    "date_of_issuance",
    "family_name",
    "achievement_title",
    "language_of_classes",
    "learner_identification",
    "expected_study_time",
    "level_of_learning_experience",
    "types_of_quality_assurance",
)
_STACKABLE = {"stackable": True, "stand-alone": False}
_NUMBER = r"(\d{1,9}(?:\.\d{1,9})?)"
_ECTS = re.compile(rf"(?:^|[^\d.]){_NUMBER} ?ECTS\b", re.IGNORECASE)
_HOURS = re.compile(rf"(?:^|[^\d.]){_NUMBER} ?(?:hours?|h)\b", re.IGNORECASE)
_EQF = re.compile(r"EQF(?: ?level)? ?([1-8])", re.IGNORECASE)
_CYCLE = re.compile(r"QF-EHEA (short|first|second|third) cycle", re.IGNORECASE)
_MAX_TEXTS = 200


def missing(credential: Credential, *, language: str = "") -> list[str]:
    """This will name the claims that a learning credential must have and this award gives nothing for."""
    claims = _claims(credential, language)
    return [name for name in _MANDATORY if claims.get(name) in (None, "", [])]


def write(credential: Credential, *, language: str = "", vct: str = LEARNING_CREDENTIAL) -> dict[str, Any]:
    """This will write an award as claims, without those that only issuing adds (``iat``, ``cnf``).

    Texts are written in one language: `language` if there is a text in it, else English, else any.

    Raises: FormatError naming the first claim that must be there and for which the award gives nothing.
    """
    if lacking := missing(credential, language=language):
        raise FormatError("format-member-missing", member=lacking[0])
    if not credential.id or not credential.issuer.id:
        raise FormatError(
            "format-cannot-write", reason="institution-without-id" if credential.id else "credential-without-id"
        )
    claims: dict[str, Any] = {
        "iss": credential.issuer.id,
        "jti": credential.id,
        "vct": vct,
        "nbf": jwt.numeric_date(credential.valid_from),
    }
    if credential.valid_until is not None:
        claims["exp"] = jwt.numeric_date(credential.valid_until)
    if credential.status:
        # One list says all that there is to say; several states of one credential are values of one entry.
        entry = credential.status[0]
        claims["status"] = {"status_list": {"idx": entry.index, "uri": entry.list_url}}
    written = _claims(credential, language)
    return {**claims, **{name: value for name, value in written.items() if value not in (None, "", [])}}


def read(claims: Mapping[str, Any]) -> Credential:
    """This will read an award from the claims of a learning credential that were disclosed.

    What was not disclosed is empty; texts are in a language that is not stated.

    Raises: FormatError when it is none, or a claim that decides something is missing or malformed.
    """
    if claims.get("vct") != LEARNING_CREDENTIAL:
        raise FormatError("format-member-invalid", member="vct", reason="no-learning-credential")
    issuer = Organisation(
        id=_text(claims, "iss"), name=_lang(claims, "issuing_authority"), country=_text(claims, "issuing_country")
    )
    awarded_on = read_date(claims.get("date_of_issuance"))
    begins = jwt.time_of(claims, "nbf") or jwt.time_of(claims, "iat")
    if awarded_on is None:
        raise FormatError("format-member-missing", member="date_of_issuance")
    stackability = _text(claims, "integration_stackability_options")
    level = _text(claims, "level_of_learning_experience")
    eqf, cycle = _EQF.search(level), _CYCLE.search(level)
    study_time = _text(claims, "expected_study_time")
    achievement = Achievement(
        id="",
        title=_lang(claims, "achievement_title"),
        awarding_body=issuer,
        description=_lang(claims, "achievement_description"),
        outcomes=tuple(LearningOutcome(text=LangText(text)) for text in _texts(claims, "learning_outcomes")),
        workload_ects=_number(_ECTS, study_time),
        workload_hours=_number(_HOURS, study_time) or read_hours(study_time),
        eqf_level=int(eqf[1]) if eqf else None,
        cycle=Cycle(cycle[1].lower()) if cycle else None,
        nqf_levels=(Concept(iri="", label=LangText(level)),) if level and not eqf and not cycle else (),
        languages=tuple(tag for tag in _texts(claims, "language_of_classes") if LANGUAGE_TAG.fullmatch(tag)),
        quality_assurance=tuple(
            QualityAssurance(title=LangText(text)) for text in _texts(claims, "types_of_quality_assurance")
        ),
        prerequisites=_lang(claims, "prerequisites_to_enroll"),
        stackable=_STACKABLE.get(stackability),
        stackability=LangText("" if stackability in _STACKABLE else stackability),
    )
    grade = _text(claims, "assessment_grade")
    return Credential(
        id=_text(claims, "jti"),
        issuer=issuer,
        achievement=achievement,
        learner=_learner(claims),
        awarded_on=awarded_on,
        valid_from=begins or dt.datetime.combine(awarded_on, dt.time(), dt.UTC),
        valid_until=jwt.time_of(claims, "exp"),
        result=Result(grade=grade) if grade else None,
        status=_status(claims),
    )


def _claims(credential: Credential, language: str) -> dict[str, Any]:
    a, learner, issuer = credential.achievement, credential.learner, credential.issuer
    wanted = (language,) if language else ()

    def best(text: LangText) -> str:
        return text.best(*wanted)

    identification = learner.id or next((entry.value for entry in learner.identifiers), "")
    assurances = (*a.quality_assurance, *issuer.quality_assurance)
    options = best(a.stackability) or {True: "stackable", False: "stand-alone"}.get(bool(a.stackable), "")
    ends = credential.valid_until
    return {
        "issuing_authority": best(issuer.name),
        "issuing_country": issuer.country or a.awarding_body.country,
        "date_of_issuance": credential.awarded_on.isoformat(),
        "date_of_expiry": ends.astimezone(dt.UTC).date().isoformat() if ends else None,
        "family_name": learner.family_name,
        "given_name": learner.given_name,
        "achievement_title": best(a.title),
        "achievement_description": best(a.description),
        "learning_outcomes": [best(outcome.text) for outcome in a.outcomes],
        "assessment_grade": credential.result.grade if credential.result else "",
        "language_of_classes": list(a.languages),
        "learner_identification": identification,
        "expected_study_time": _study_time(a),
        "level_of_learning_experience": _level(a, best),
        "types_of_quality_assurance": [best(entry.title) or entry.kind for entry in assurances],
        "prerequisites_to_enroll": best(a.prerequisites),
        "integration_stackability_options": options if a.stackable is not None or a.stackability else "",
    }


def _study_time(achievement: Achievement) -> str:
    ects, hours = achievement.workload_ects, achievement.workload_hours
    in_hours = "" if hours is None else f"{decimal_text(hours)} hours"
    if ects is None:
        return in_hours
    return f"{decimal_text(ects)} ECTS" + (f" ({in_hours})" if in_hours else "")


def _level(achievement: Achievement, best: Callable[[LangText], str]) -> str:
    if achievement.eqf_level is not None:
        return f"EQF {achievement.eqf_level}"
    if achievement.cycle is not None:
        return f"QF-EHEA {achievement.cycle} cycle"
    return next((best(level.label) for level in achievement.nqf_levels if level.label), "")


def _learner(claims: Mapping[str, Any]) -> Learner:
    identification = _text(claims, "learner_identification")
    is_id = identification.startswith(("did:", "urn:"))
    return Learner(
        given_name=_text(claims, "given_name"),
        family_name=_text(claims, "family_name"),
        id=identification if is_id else "",
        identifiers=(Identifier(scheme="", value=identification),) if identification and not is_id else (),
    )


def _status(claims: Mapping[str, Any]) -> tuple[StatusEntry, ...]:
    status = claims.get("status")
    entry = status.get("status_list") if isinstance(status, Mapping) else None
    if not isinstance(entry, Mapping):
        return ()
    index, address = entry.get("idx"), entry.get("uri")
    if type(index) is not int or index < 0 or not isinstance(address, str):
        raise FormatError("format-member-invalid", member="status", reason="no-status-list")
    return (StatusEntry(list_url=address, index=index),)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _texts(claims: Mapping[str, Any], name: str) -> list[str]:
    value = claims.get(name)
    entries = value if isinstance(value, list) else [value]
    return [entry.strip() for entry in entries[:_MAX_TEXTS] if isinstance(entry, str) and entry.strip()]


def _lang(claims: Mapping[str, Any], name: str) -> LangText:
    return LangText(_text(claims, name))


def _number(pattern: re.Pattern[str], text: str) -> Decimal | None:
    match = pattern.search(text[:200])
    return Decimal(match[1]) if match else None
