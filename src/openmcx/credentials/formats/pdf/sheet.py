"""What stands on a printed credential: the texts, in their order, before any layout.

Whoever wants other words, another order or other parts builds a `Sheet` of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from openmcx.credentials.formats import vocabularies
from openmcx.credentials.model import (
    Achievement,
    Assessment,
    Concept,
    Credential,
    Cycle,
    LangText,
    LearningType,
    Organisation,
    Participation,
    QualityAssurance,
    Result,
    Supervision,
    TargetGroup,
)
from openmcx.credentials.wording import gettext_noop

_ = gettext_noop


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the language it is in; "" is that of the sheet."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A fact: what it is called, and what it is."""

    label: str
    value: Text


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the sheet with its heading: paragraphs, then a list, then facts."""

    heading: str
    paragraphs: tuple[Text, ...] = ()
    items: tuple[Text, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All texts of a printed credential. `language` is a BCP 47 tag; `statement` leads over to the learner's name."""

    language: str
    title: str  # of the file, as readers show it
    description: str
    kind: str
    heading: Text
    issuer: Text
    statement: str
    learner: str
    rows: tuple[Row, ...] = ()
    sections: tuple[Section, ...] = ()
    check_heading: str
    check: tuple[str, ...]  # how to verify, a paragraph each
    check_at: str  # leads over to the address at which it can be checked, where there is one
    code_alternative: str  # what stands for the QR code where it cannot be seen
    logo_alternative: str
    attachment_description: str
    not_shown: str  # said when a character could not be printed
    footer: str


type Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Words:
    language: str
    say: Translate
    number: Callable[[Decimal], str]
    day: Callable[[dt.date], str]
    language_name: Callable[[str], str]
    country_name: Callable[[str], str]

    def text(self, text: LangText) -> Text:
        tag = text.best_tag(self.language)
        return Text(text.get(tag, ""), "" if tag in ("", "und", self.language) else tag)

    def concept(self, concept: Concept) -> Text:
        return self.text(vocabularies.names(concept)) if concept.label or concept.iri else Text("")

    def joined(self, texts: list[Text], separator: str = ", ") -> Text:
        """This will join texts; they are in the language of the first, unless they differ."""
        kept = [one for one in texts if one.text]
        tags = {one.language for one in kept}
        return Text(separator.join(one.text for one in kept), tags.pop() if len(tags) == 1 else "")

    def row(self, label: str, value: Text | str) -> Iterator[Row]:
        shown = Text(value) if isinstance(value, str) else value
        if shown.text:
            yield Row(self.say(label), shown)


def plain_number(number: Decimal) -> str:
    """This will write a number with a point and without needless zeros."""
    return format(number.normalize(), "f")


def sheet(
    credential: Credential,
    *,
    language: str = "en",
    translate: Translate = gettext_noop,
    number: Callable[[Decimal], str] = plain_number,
    day: Callable[[dt.date], str] = dt.date.isoformat,
    language_name: Callable[[str], str] = str,
    country_name: Callable[[str], str] = str,
) -> Sheet:
    """This will put a credential into words for people, in the language of `translate`.

    `language` is the tag of that language; the functions write numbers, dates and the names of languages and countries
    (from their codes) as its readers expect.
    """
    words = _Words(language, translate, number, day, language_name, country_name)
    achievement, learner = credential.achievement, credential.learner
    name = f"{learner.given_name} {learner.family_name}".strip() or learner.id
    heading = words.text(achievement.title)
    issuer = words.text(credential.issuer.name)
    return Sheet(
        language=language,
        title=f"{heading.text} – {name}",
        description=translate(_("{title}, awarded to {learner} by {issuer}")).format(
            title=heading.text, learner=name, issuer=issuer.text
        ),
        kind=translate(_("Micro-credential")),
        heading=heading,
        issuer=issuer if issuer.text else Text(credential.issuer.id),
        statement=translate(_("was awarded to")),
        learner=name,
        rows=tuple(_award(credential, words)),
        sections=tuple(part for part in _sections(achievement, words) if part.paragraphs or part.items or part.rows),
        check_heading=translate(_("Check whether it is genuine")),
        check=(
            translate(
                _(
                    "The signed credential is attached to this file. The attachment counts; this page only shows what "
                    "it says."
                )
            ),
        ),
        check_at=translate(_("Anybody can check this file at the following address:")),
        code_alternative=translate(_("QR code with the address at which this credential can be checked")),
        logo_alternative=translate(_("Logo of {issuer}")).format(issuer=issuer.text),
        attachment_description=translate(_("The signed credential, for computers to read")),
        not_shown=translate(
            _("Characters that the fonts of this file lack are shown as “{sign}”; the attached credential holds them.")
        ).format(sign="\ufffd"),
        footer=credential.id,
    )


def _award(credential: Credential, words: _Words) -> Iterator[Row]:
    learner, result = credential.learner, credential.result
    if learner.date_of_birth:
        yield from words.row(_("Date of birth"), words.day(learner.date_of_birth))
    for identifier in learner.identifiers:
        yield from words.row(_("Learner number"), identifier.value)
    yield from words.row(_("Awarded by"), words.text(credential.issuer.name))
    yield from words.row(_("Awarded on"), words.day(credential.awarded_on))
    if credential.valid_until:
        yield from words.row(_("Valid until"), words.day(credential.valid_until.date()))
    if result:
        yield from words.row(_("Result"), _result(result, words))
        yield from words.row(_("Grading scheme"), result.scheme or words.text(credential.achievement.grading_scheme))
    yield from words.row(_("Evidence"), credential.evidence_url)


def _result(result: Result, words: _Words) -> str:
    parts = [result.grade]
    if result.percent is not None and f"{result.percent} %" != result.grade:
        parts.append(words.say(_("{number} %")).format(number=words.number(result.percent)))
    if result.ects_grade and result.ects_grade != result.grade:
        parts.append(words.say(_("ECTS grade {grade}")).format(grade=result.ects_grade))
    return ", ".join(filter(None, parts))


def _sections(achievement: Achievement, words: _Words) -> Iterator[Section]:
    description = words.text(achievement.description)
    yield Section(
        words.say(_("Learning outcomes")),
        paragraphs=(description,) if description.text else (),
        items=tuple(filter(lambda one: one.text, (words.text(outcome.text) for outcome in achievement.outcomes))),
    )
    yield Section(words.say(_("Size and level")), rows=tuple(_size(achievement, words)))
    yield Section(
        words.say(_("Assessment")),
        rows=tuple(_assessment(achievement, words)),
        items=tuple(_part(part, words) for part in achievement.assessments),
    )
    yield Section(words.say(_("Learning")), rows=tuple(_learning(achievement, words)))
    yield Section(words.say(_("Quality assurance")), rows=tuple(_quality(achievement, words)))


def _size(achievement: Achievement, words: _Words) -> Iterator[Row]:
    for label, value in (
        (_("ECTS credits"), achievement.workload_ects),
        (_("Workload in hours"), achievement.workload_hours),
        (_("Certified attendance in hours"), achievement.contact_hours),
    ):
        if value is not None:
            yield from words.row(label, words.number(value))
    if achievement.eqf_level is not None:
        yield from words.row(_("Level of the European Qualifications Framework"), str(achievement.eqf_level))
    yield from words.row(_("National level"), words.joined([words.concept(one) for one in achievement.nqf_levels]))
    if achievement.cycle:
        yield from words.row(_("Cycle"), words.say(_CYCLES[achievement.cycle]))
    yield from words.row(_("Subject"), words.joined([words.concept(one) for one in achievement.fields_of_study]))


def _assessment(achievement: Achievement, words: _Words) -> Iterator[Row]:
    if achievement.supervision:
        yield from words.row(_("Supervision and identity check"), words.say(_SUPERVISION[achievement.supervision]))
    yield from words.row(_("What had to be done"), words.text(achievement.criteria))


def _part(part: Assessment, words: _Words) -> Text:
    title, kind = words.text(part.title), words.concept(part.kind)
    parts = [title, kind] if title.text != kind.text else [kind]
    if part.weight_percent is not None:
        parts.append(Text(words.say(_("{number} %")).format(number=words.number(part.weight_percent))))
    return words.joined(parts)


def _learning(achievement: Achievement, words: _Words) -> Iterator[Row]:
    if achievement.participation:
        yield from words.row(_("Form of participation"), words.say(_PARTICIPATION[achievement.participation]))
    if achievement.learning_type:
        yield from words.row(_("Type of learning"), words.say(_LEARNING[achievement.learning_type]))
    yield from words.row(_("Languages of instruction"), ", ".join(map(words.language_name, achievement.languages)))
    if achievement.target_groups:
        groups = (words.say(_TARGETS[group]) for group in achievement.target_groups)
        yield from words.row(_("For"), ", ".join(groups))
    yield from words.row(_("Prerequisites"), words.text(achievement.prerequisites))
    if achievement.stackability:
        yield from words.row(_("Stackability"), words.text(achievement.stackability))
    elif achievement.stackable is not None:
        stackable = _("Can be stacked") if achievement.stackable else _("Stands alone")
        yield from words.row(_("Stackability"), words.say(stackable))


def _quality(achievement: Achievement, words: _Words) -> Iterator[Row]:
    body = achievement.awarding_body
    yield from words.row(_("Awarding body"), _body(body, words))
    seen: set[QualityAssurance] = set()
    for entry in (*achievement.quality_assurance, *body.quality_assurance):
        if entry not in seen:
            seen.add(entry)
            yield from words.row(
                _("Quality assurance"), words.joined([words.text(entry.title), words.text(entry.agency)])
            )


def _body(body: Organisation, words: _Words) -> Text:
    return words.joined(
        [words.text(body.name), Text(body.region), Text(words.country_name(body.country) if body.country else "")]
    )


_CYCLES = {
    Cycle.SHORT: _("Short cycle"),
    Cycle.FIRST: _("First cycle (bachelor)"),
    Cycle.SECOND: _("Second cycle (master)"),
    Cycle.THIRD: _("Third cycle (doctorate)"),
}
_SUPERVISION = {
    Supervision.UNSUPERVISED_UNVERIFIED: _("Unsupervised, identity not verified"),
    Supervision.UNSUPERVISED_VERIFIED: _("Unsupervised, identity verified"),
    Supervision.SUPERVISED_UNVERIFIED: _("Supervised, identity not verified"),
    Supervision.SUPERVISED_VERIFIED: _("Supervised, identity verified"),
}
_PARTICIPATION = {
    Participation.ONLINE: _("Online"),
    Participation.ONSITE: _("On site"),
    Participation.BLENDED: _("Blended"),
    Participation.HYBRID: _("Hybrid"),
    Participation.WORK_BASED: _("Work-based"),
}
_LEARNING = {
    LearningType.FORMAL: _("Formal"),
    LearningType.NON_FORMAL: _("Non-formal"),
    LearningType.INFORMAL: _("Informal"),
}
_TARGETS = {TargetGroup.ACADEMIC: _("Students"), TargetGroup.LIFELONG: _("Lifelong learners")}
