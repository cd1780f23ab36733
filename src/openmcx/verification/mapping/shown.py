"""The report as the page shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from openmcx.credentials.formats import vocabularies
from openmcx.credentials.model import Achievement, Credential, LangText, Result
from openmcx.ui.components import State, SummaryRow
from openmcx.ui.languages import Written, filled, written, written_one_after_the_other
from openmcx.ui.measures import plural_number
from openmcx.ui.sentences import sentence

if TYPE_CHECKING:
    from openmcx.credentials.report import Check, EstablishedIssuer, Report

VERDICTS: dict[str, tuple[State, Promise]] = {
    "verified": (State.OK, gettext_lazy("Verified")),
    "caution": (State.WARN, gettext_lazy("Caution")),
    "not-verified": (State.BAD, gettext_lazy("Not verified")),
    "unsupported": (State.QUIET, gettext_lazy("Cannot be checked here")),
    "unreadable": (State.QUIET, gettext_lazy("Unreadable")),
}
# What could be read, but is no credential at all, is not called unreadable.
NO_CREDENTIAL = gettext_lazy("No credential")
OUTCOMES: dict[str, tuple[State, Promise]] = {
    "passed": (State.OK, gettext_lazy("Passed")),
    "failed": (State.BAD, gettext_lazy("Failed")),
    "not-checkable": (State.QUIET, gettext_lazy("Could not be checked")),
    "caution": (State.WARN, gettext_lazy("Caution")),
}
CHECKS: dict[str, Promise] = {
    "document": gettext_lazy("Readable"),
    "format": gettext_lazy("Kind of document"),
    "structure": pgettext_lazy("check of a credential", "Completeness"),
    "terms": pgettext_lazy("check of a credential", "Terms"),
    "proof": gettext_lazy("Signature"),
    "issuer-key": gettext_lazy("Key of the issuer"),
    "issuer": gettext_lazy("Issuer"),
    "status": gettext_lazy("Revocation"),
    "validity": gettext_lazy("Period of validity"),
}
# The words that a check's name may need explained.
CONCEPTS = {"proof": "signature", "issuer-key": "signing-key", "status": "status-list", "validity": "expiry"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCheck:
    """One check in words."""

    title: str
    state: State
    outcome: str
    sentence: str
    evidence: tuple[tuple[str, str], ...]
    concept: str = ""  # the word that explains it, in openmcx.ui.concepts


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOutcome:
    """One thing the person can do, with the skills it develops."""

    text: LangText
    skills: tuple[LangText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReport:
    """Everything the page of a report needs."""

    state: State
    verdict: str
    headline: str
    checks: tuple[ShownCheck, ...]
    has_content: bool
    title: LangText
    learner: str
    facts: tuple[SummaryRow, ...]
    outcomes: tuple[ShownOutcome, ...]
    issuer_established: Written
    issuer_claimed: Written
    technical: tuple[SummaryRow, ...]
    concept: str  # the word that explains the verdict


def shown(report: Report) -> ShownReport:
    """This will put the report into the reader's language."""
    state, verdict = VERDICTS[report.verdict]
    if report.headline.code == "headline-format-unknown":
        verdict = NO_CREDENTIAL
    credential = report.credential
    issuer = _established(report.issuer) if report.issuer else Written("")
    return ShownReport(
        state=state,
        verdict=str(verdict),
        headline=sentence(report.headline, issuer=issuer),
        checks=tuple(_check(each, issuer) for each in report.checks),
        has_content=credential is not None,
        title=credential.achievement.title if credential else LangText(),
        learner=_learner(credential) if credential else "",
        facts=_facts(credential) if credential else (),
        outcomes=_outcomes(credential.achievement) if credential else (),
        issuer_established=issuer,
        issuer_claimed=_text(credential.issuer.name) if credential else Written(""),
        technical=_technical(report, credential),
        concept=str(report.verdict),
    )


def _established(issuer: EstablishedIssuer) -> Written:
    """The issuer as this network knows it, else the web address whose control was shown; never what the file claims."""
    return (_text(issuer.known.name) if issuer.known else None) or Written(issuer.domain)


def _text(texts: LangText) -> Written:
    return written(texts, noted=False)


def _check(check: Check, issuer: str) -> ShownCheck:
    state, outcome = OUTCOMES[check.outcome]
    return ShownCheck(
        title=str(CHECKS.get(check.name, check.name)),
        state=state,
        outcome=str(outcome),
        sentence=sentence(check.finding, issuer=issuer),
        evidence=tuple((name, _plain(name, value)) for name, value in _items(check.evidence)),
        concept=CONCEPTS.get(check.name, ""),
    )


def _items(evidence: object) -> list[tuple[str, object]]:
    return list(evidence.items()) if isinstance(evidence, Mapping) else []


def _plain(name: str, value: object) -> str:
    """A piece of evidence for people: a name in their language, lists and members one after the other."""
    if isinstance(value, list | tuple):
        return written_one_after_the_other(_plain(name, each) for each in value)
    if isinstance(value, Mapping) and name == "claimed_name":
        return _text(LangText(value))
    if isinstance(value, Mapping):
        members = ((str(key), _plain(str(key), member)) for key, member in value.items())
        return written_one_after_the_other(filled("%(key)s: %(member)s", key=key, member=one) for key, one in members)
    return str(value)


def _learner(credential: Credential) -> str:
    return " ".join(part for part in (credential.learner.given_name, credential.learner.family_name) if part)


def _facts(credential: Credential) -> tuple[SummaryRow, ...]:
    achievement, learner, result = credential.achievement, credential.learner, credential.result
    grade = ""
    if result is not None:
        grade = result.grade
        if result.percent is not None:
            grade = _("%(grade)s (%(percent)s %%)") % {"grade": grade, "percent": _number(result.percent)}
    rows = (
        SummaryRow(label=_("Awarded to"), value=_learner(credential)),
        SummaryRow(label=_("Born on"), value=_date(learner.date_of_birth)),
        SummaryRow(label=_("Awarded on"), value=_date(credential.awarded_on)),
        SummaryRow(label=_("Grade"), value=grade),
        SummaryRow(label=_("Meaning of the grade"), value=_scheme(achievement, result) if result else ""),
        SummaryRow(label=_("Level"), value=_level(achievement), concept="eqf-level"),
        SummaryRow(label=_("Workload"), value=_workload(achievement), concept="workload"),
        SummaryRow(
            label=_("Subject"),
            concept="isced-f",
            value=written_one_after_the_other(
                _text(vocabularies.names(one)) or one.iri for one in achievement.fields_of_study
            ),
        ),
        SummaryRow(
            label=_("Assessment"),
            concept="assessment-type",
            value=written_one_after_the_other(
                _text(part.title) or _text(vocabularies.names(part.kind)) for part in achievement.assessments
            ),
        ),
        SummaryRow(label=_("The credential itself is valid until"), value=_moment(credential.valid_until)),
    )
    return tuple(row for row in rows if row.value)


def _scheme(achievement: Achievement, result: Result) -> str:
    """What the grade means. A result says it in one language and not in which; the description, in each it has."""
    texts = achievement.grading_scheme
    return _text(texts) if result.scheme in texts.values() else result.scheme


def _level(achievement: Achievement) -> str:
    if achievement.eqf_level is None:
        return ""
    return _("Level %(level)s of the European Qualifications Framework") % {"level": achievement.eqf_level}


def _workload(achievement: Achievement) -> str:
    ects, hours, parts = achievement.workload_ects, achievement.workload_hours, []
    if ects is not None:
        credits_text = ngettext("%(ects)s ECTS credit", "%(ects)s ECTS credits", plural_number(ects))
        parts.append(credits_text % {"ects": _number(ects)})
    if hours is not None:
        hours_text = ngettext("%(hours)s hour of work", "%(hours)s hours of work", plural_number(hours))
        parts.append(hours_text % {"hours": _number(hours)})
    return ", ".join(parts)


def _outcomes(achievement: Achievement) -> tuple[ShownOutcome, ...]:
    return tuple(
        ShownOutcome(text=outcome.text, skills=tuple(skill.label for skill in outcome.skills))
        for outcome in achievement.outcomes
    )


def _technical(report: Report, credential: Credential | None) -> tuple[SummaryRow, ...]:
    rows = [
        SummaryRow(label=_("Verdict"), value=report.verdict),
        SummaryRow(label=_("Code"), value=report.headline.code),
    ]
    if credential is not None:
        rows += [
            SummaryRow(label=_("Identifier of the credential"), value=credential.id),
            SummaryRow(label=_("Identifier of the issuer as claimed"), value=credential.issuer.id),
            SummaryRow(label=_("Identifier of the micro-credential"), value=credential.achievement.id),
        ]
    rows += [SummaryRow(label=check.name, value=f"{check.outcome}: {check.code}") for check in report.checks]
    return tuple(row for row in rows if row.value)


def _number(value: Decimal) -> str:
    plain = value.normalize()
    places = max(0, -int(plain.as_tuple().exponent)) if plain.is_finite() else 0
    return str(number_format(plain, decimal_pos=places))


def _date(day: dt.date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _moment(at: dt.datetime | None) -> str:
    return date_format(at, "DATETIME_FORMAT") if at else ""
