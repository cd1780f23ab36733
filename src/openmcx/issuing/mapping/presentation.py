"""A credential as its learner reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from openmcx.credentials.formats import vocabularies
from openmcx.credentials.model import (
    Achievement,
    Concept,
    Credential,
    Cycle,
    LangText,
    LearningOutcome,
    LearningType,
    Organisation,
    Participation,
    Supervision,
    TargetGroup,
)
from openmcx.ui.components import SummaryRow
from openmcx.ui.countries import place_name
from openmcx.ui.languages import Written, written, written_one_after_the_other
from openmcx.ui.measures import plural_number


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCredential:
    """What the page shows, in the reader's language."""

    title: LangText
    description: LangText
    learner: str
    issuer: LangText
    result: str
    award: list[SummaryRow]
    outcomes: tuple[LearningOutcome, ...]
    facts: list[SummaryRow]


def shown(credential: Credential) -> ShownCredential:
    """This will put a credential into words for the language that is active now."""
    achievement = credential.achievement
    return ShownCredential(
        title=achievement.title,
        description=achievement.description,
        learner=f"{credential.learner.given_name} {credential.learner.family_name}".strip(),
        issuer=credential.issuer.name,
        result=_result(credential),
        award=[row for row in _award(credential) if row.value not in ("", None)],
        outcomes=achievement.outcomes,
        facts=[row for row in _facts(achievement) if row.value not in ("", None)],
    )


def _award(credential: Credential) -> Iterator[SummaryRow]:
    learner = credential.learner
    yield SummaryRow(label=_("Awarded to"), value=f"{learner.given_name} {learner.family_name}".strip())
    if learner.date_of_birth:
        yield SummaryRow(label=_("Date of birth"), value=date_format(learner.date_of_birth))
    for identifier in learner.identifiers:
        yield SummaryRow(label=_("Learner number"), value=identifier.value)
    yield SummaryRow(label=_("Awarded by"), value=_text(credential.issuer.name))
    yield SummaryRow(label=_("Awarded on"), value=date_format(credential.awarded_on))
    yield SummaryRow(label=_("Result"), value=_result(credential))
    if credential.result and credential.result.scheme:
        yield SummaryRow(label=_("Grading scheme"), value=_text(credential.achievement.grading_scheme))
    if credential.valid_until:
        yield SummaryRow(label=_("Valid until"), concept="expiry", value=date_format(credential.valid_until))
    yield SummaryRow(label=_("Evidence"), value=credential.evidence_url)


def _result(credential: Credential) -> str:
    result = credential.result
    if result is None:
        return ""
    parts = [result.grade]
    if result.percent is not None and f"{result.percent} %" != result.grade:
        parts.append(_("%(number)s %%") % {"number": _number(result.percent)})
    if result.ects_grade and result.ects_grade != result.grade:
        parts.append(_("ECTS grade %(grade)s") % {"grade": result.ects_grade})
    return ", ".join(parts)


def _facts(achievement: Achievement) -> Iterator[SummaryRow]:
    if achievement.workload_ects is not None:
        yield SummaryRow(
            label=_("Size"), concept="ects", value=_("%(number)s ECTS") % {"number": _number(achievement.workload_ects)}
        )
    yield SummaryRow(label=_("Workload"), concept="workload", value=_hours(achievement.workload_hours))
    yield SummaryRow(
        label=_("Certified attendance"), concept="certified-attendance", value=_hours(achievement.contact_hours)
    )
    if achievement.eqf_level is not None:
        yield SummaryRow(
            label=_("Level"),
            concept="eqf-level",
            value=_("Level %(level)s of the European Qualifications Framework") % {"level": achievement.eqf_level},
        )
    if achievement.cycle:
        yield SummaryRow(label=_("Cycle"), concept="cycle", value=_CYCLES()[achievement.cycle])
    yield SummaryRow(label=_("National level"), concept="national-level", value=_concepts(achievement.nqf_levels))
    yield SummaryRow(label=_("Subject"), concept="isced-f", value=_concepts(achievement.fields_of_study))
    yield SummaryRow(
        label=_("Assessment"),
        concept="assessment-type",
        value=written_one_after_the_other(
            _text(each.title) or _text(vocabularies.names(each.kind)) for each in achievement.assessments
        ),
    )
    if achievement.supervision:
        yield SummaryRow(
            label=_("Supervision and identity check"),
            concept="supervision",
            value=_SUPERVISION()[achievement.supervision],
        )
    if achievement.participation:
        yield SummaryRow(
            label=_("Form of participation"), concept="participation", value=_PARTICIPATION()[achievement.participation]
        )
    if achievement.learning_type:
        yield SummaryRow(label=_("Type of learning"), value=_LEARNING()[achievement.learning_type])
    yield SummaryRow(label=_("Languages of instruction"), value=", ".join(map(_language, achievement.languages)))
    yield SummaryRow(
        label=_("Quality assurance"),
        concept="quality-assurance",
        value=written_one_after_the_other(
            (
                written_one_after_the_other((_text(each.title), _text(each.agency)))
                for each in achievement.quality_assurance
            ),
            "; ",
        ),
    )
    yield SummaryRow(label=_("Prerequisites"), concept="prerequisites", value=_text(achievement.prerequisites))
    if achievement.target_groups:
        yield SummaryRow(label=_("For"), value=", ".join(str(_TARGETS()[group]) for group in achievement.target_groups))
    yield SummaryRow(label=_("Stackability"), value=_stackability(achievement))
    yield SummaryRow(label=_("What had to be done"), value=_text(achievement.criteria))
    yield SummaryRow(label=_("Further information"), value=_text(achievement.further_information))
    yield SummaryRow(label=_("Awarding body"), value=_body(achievement.awarding_body))


def _stackability(achievement: Achievement) -> str:
    if achievement.stackability:
        return _text(achievement.stackability)
    if achievement.stackable is None:
        return ""
    return _("Can be stacked") if achievement.stackable else _("Stands alone")


def _body(organisation: Organisation) -> str:
    place = place_name(organisation.region, organisation.country)
    return written_one_after_the_other((_text(organisation.name), place))


def _text(texts: LangText) -> Written:
    return written(texts, noted=False)


def _concepts(concepts: tuple[Concept, ...]) -> str:
    return written_one_after_the_other(_text(vocabularies.names(concept)) or concept.iri for concept in concepts)


def _number(value: Decimal) -> str:
    text = number_format(value.normalize(), use_l10n=True)
    return str(text)


def _hours(value: Decimal | None) -> str:
    if value is None:
        return ""
    return ngettext("%(number)s hour", "%(number)s hours", plural_number(value)) % {"number": _number(value)}


def _language(tag: str) -> str:
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag


def _CYCLES() -> dict[Cycle, str]:  # noqa: N802 - a table whose texts are said in the language of the moment
    return {
        Cycle.SHORT: _("Short cycle"),
        Cycle.FIRST: _("First cycle (bachelor)"),
        Cycle.SECOND: _("Second cycle (master)"),
        Cycle.THIRD: _("Third cycle (doctorate)"),
    }


def _SUPERVISION() -> dict[Supervision, str]:  # noqa: N802 - as above
    return {
        Supervision.UNSUPERVISED_UNVERIFIED: _("Unsupervised, identity not verified"),
        Supervision.UNSUPERVISED_VERIFIED: _("Unsupervised, identity verified"),
        Supervision.SUPERVISED_UNVERIFIED: _("Supervised, identity not verified"),
        Supervision.SUPERVISED_VERIFIED: _("Supervised, identity verified"),
    }


def _PARTICIPATION() -> dict[Participation, str]:  # noqa: N802 - as above
    return {
        Participation.ONLINE: _("Online"),
        Participation.ONSITE: _("On site"),
        Participation.BLENDED: _("Blended"),
        Participation.HYBRID: _("Hybrid"),
        Participation.WORK_BASED: _("Work-based"),
    }


def _LEARNING() -> dict[LearningType, str]:  # noqa: N802 - as above
    return {
        LearningType.FORMAL: _("Formal"),
        LearningType.NON_FORMAL: _("Non-formal"),
        LearningType.INFORMAL: _("Informal"),
    }


def _TARGETS() -> dict[TargetGroup, str]:  # noqa: N802 - as above
    return {TargetGroup.ACADEMIC: _("Students"), TargetGroup.LIFELONG: _("Lifelong learners")}
