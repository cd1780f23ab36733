"""What was achieved: the micro-credential's specification as an Open Badges ``Achievement``.

Each element of the European standard stands in Open Badges' own field where there is one. What has more than one
language, or no field, stands under the property of the European Learning Model as well or instead.
"""

import itertools
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from openmcx.credentials.errors import FormatError
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.formats.open_badges import terms
from openmcx.credentials.formats.open_badges.organisations import (
    read_identifiers,
    read_profile,
    read_quality_assurance,
    write_identifiers,
    write_profile,
    write_quality_assurance,
)
from openmcx.credentials.formats.open_badges.values import (
    Node,
    concept,
    decimal,
    decimal_text,
    each,
    first_node,
    hours,
    literal,
    nodes,
    notation,
    put,
    read_concept,
    read_decimal,
    read_hours,
    read_iri,
    read_months,
    read_texts,
    reference,
    texts,
    typed,
)
from openmcx.credentials.model import (
    Achievement,
    Assessment,
    Cycle,
    LangText,
    LearningOutcome,
    LearningType,
    Money,
    Organisation,
    Participation,
    Relation,
    RelationKind,
    Skill,
    Supervision,
    TargetGroup,
)

_ESCO = "ESCO"
_ISCED = "ISCED 2011"
_EHEA = "QF-EHEA"
# What OB 3.0 and ELM have no property for goes into ELM notes, told apart by their subject.
_NOTES = {
    "modality": "modality_note",
    "target-group": "target_group_note",
    "need": "need",
    "need-evidence": "need_evidence",
    "standards": "standards",
    "competences": "competences",
    "further-information": "further_information",
    "monitoring": "monitoring",
}
_STACKABILITY = "stackability"
# Source: Open Badges 3.0 JSON schema, Achievement.inLanguage.
_OB_LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


# --- writing ----------------------------------------------------------------------------------------------------------


def write_achievement(achievement: Achievement, *, issuer: Organisation, language: str = "") -> Node:
    """This will write an achievement; plain texts are in `language` where there is one, else in that of instruction.

    The awarding body is only referred to when it is the issuer, which the credential describes already.

    Raises: FormatError when a text that Open Badges requires is missing or the awarding body contradicts the issuer.
    """
    if not achievement.id or not achievement.title:
        raise FormatError("format-cannot-write", reason="achievement-incomplete")
    _check_numbers(achievement)
    languages = tuple(tag for tag in (language, *achievement.languages) if tag)
    plain_title = achievement.title.best(*languages)
    node: Node = {"id": achievement.id, "type": ["Achievement"], "achievementType": "MicroCredential"}
    node["name"] = plain_title
    node["description"] = achievement.description.best(*languages) or plain_title
    node["criteria"] = {"narrative": achievement.criteria.best(*languages) or node["description"]}
    put(node["criteria"], terms.DESCRIPTION, texts(achievement.criteria))
    node["creator"] = _write_awarding_body(achievement.awarding_body, issuer, languages)
    if achievement.workload_ects is not None:
        node["creditsAvailable"] = plain_number(achievement.workload_ects)
    if achievement.fields_of_study:
        put(node, "fieldOfStudy", achievement.fields_of_study[0].label.best(*languages))
    if achievement.languages and _OB_LANGUAGE.fullmatch(achievement.languages[0]):
        node["inLanguage"] = achievement.languages[0]
    put(node, "version", achievement.version)
    put(node, "otherIdentifier", write_identifiers(achievement.identifiers))
    put(node, "url", achievement.homepage)
    if achievement.image_url:
        node["image"] = {"id": achievement.image_url, "type": "Image"}
    put(node, "alignment", [_write_alignment(skill, languages) for skill in _skills(achievement)])
    _write_elm(node, achievement)
    return node


def _check_numbers(achievement: Achievement) -> None:
    for reason, value, lowest, highest in (
        ("eqf-level-unknown", achievement.eqf_level, 1, 8),
        ("isced-level-unknown", achievement.isced_level, 0, 9),
        ("validity-impossible", achievement.validity_months, 1, 9999),
    ):
        if value is not None and not lowest <= value <= highest:
            raise FormatError("format-cannot-write", reason=reason, value=value)


def plain_number(number: Decimal) -> int | float:
    """This will give a number as JSON holds it; the exact one stands in a decimal literal beside it."""
    return int(number) if number == number.to_integral_value() else float(number)


def _write_awarding_body(body: Organisation, issuer: Organisation, languages: tuple[str, ...]) -> Node:
    if body.id != issuer.id:
        return write_profile(body, *languages)
    if body != issuer:
        raise FormatError("format-cannot-write", reason="awarding-body-differs")
    return {"id": body.id, "type": ["Profile"]}


def _skills(achievement: Achievement) -> list[Skill]:
    return list(dict.fromkeys(skill for outcome in achievement.outcomes for skill in outcome.skills if skill.iri))


def _write_alignment(skill: Skill, languages: tuple[str, ...]) -> Node:
    node: Node = {
        "type": ["Alignment"],
        "targetName": skill.label.best(*languages) or skill.code or skill.iri,
        "targetUrl": skill.iri,
    }
    put(node, "targetFramework", skill.framework)
    put(node, "targetCode", skill.code)
    if skill.framework == _ESCO:
        node["targetType"] = "ext:ESCOSkill"
    return node


def _write_elm(node: Node, achievement: Achievement) -> None:
    put(node, terms.TITLE, texts(achievement.title))
    put(node, terms.DESCRIPTION, texts(achievement.description))
    if achievement.workload_ects is not None:
        node[terms.CREDIT_POINT] = {
            "type": terms.CREDIT_POINT_CLASS,
            terms.FRAMEWORK: reference(vocabularies.ECTS),
            terms.POINT: decimal_text(achievement.workload_ects),
        }
    put(node, terms.VOLUME_OF_LEARNING, hours(achievement.workload_hours))
    if achievement.contact_hours is not None:
        node[terms.CONTACT_HOUR] = decimal_text(achievement.contact_hours)
    if achievement.eqf_level is not None:
        node[terms.EQF_LEVEL] = reference(vocabularies.eqf_iri(achievement.eqf_level))
    put(node, terms.NQF_LEVEL, [concept(level) for level in achievement.nqf_levels])
    levels = [notation(achievement.cycle, source=_EHEA)] if achievement.cycle else []
    if achievement.isced_level is not None:
        levels.append(notation(str(achievement.isced_level), source=_ISCED))
    put(node, terms.EDUCATION_LEVEL, levels)
    put(node, terms.ISCED_F, [concept(field) for field in achievement.fields_of_study])
    put(node, terms.LEARNING_OUTCOME, [_write_outcome(outcome) for outcome in achievement.outcomes])
    put(node, terms.PROVEN_BY, [_write_assessment(assessment) for assessment in achievement.assessments])
    put(node, terms.ID_VERIFICATION, _known(achievement.supervision, vocabularies.SUPERVISION))
    put(node, terms.MODE, _known(achievement.participation, vocabularies.PARTICIPATION))
    put(node, terms.LEARNING_SETTING, _known(achievement.learning_type, vocabularies.LEARNING_TYPE))
    if achievement.grading_scheme:
        node[terms.GRADING_SCHEME] = _write_grading_scheme(achievement.grading_scheme)
    put(node, terms.LANGUAGE, [reference(vocabularies.language_iri(tag) or "") or tag for tag in achievement.languages])
    put(node, terms.ACCREDITATION, write_quality_assurance(achievement.quality_assurance))
    put(node, terms.ENTRY_REQUIREMENT, _write_note("", achievement.prerequisites))
    put(node, terms.ADMISSION_PROCEDURE, _write_note("", achievement.admission))
    put(node, terms.TARGET_GROUP, [notation(group) for group in achievement.target_groups])
    put(node, terms.RELATION, [_write_relation(relation) for relation in achievement.relations])
    notes = [_write_note(subject, getattr(achievement, name)) for subject, name in _NOTES.items()]
    notes.append(_write_note(_STACKABILITY, achievement.stackability, value=achievement.stackable))
    put(node, terms.ADDITIONAL_NOTE, [note for note in notes if note])
    costs = (("students", achievement.cost_students), ("lifelong", achievement.cost_lifelong))
    put(node, terms.PRICE_DETAIL, [_write_price(group, cost) for group, cost in costs if cost])
    if achievement.validity_months is not None:
        node[terms.VALID] = typed(f"P{achievement.validity_months}M", terms.XSD_DURATION)


def _known[T: StrEnum](value: T | None, iris: Mapping[T, str]) -> Node | None:
    if value is None:
        return None
    return reference(iris[value]) if value in iris else notation(value)


def _write_note(subject: str, text: LangText, *, value: bool | None = None) -> Node | None:
    if not text and value is None:
        return None
    node: Node = {"type": terms.NOTE_CLASS}
    put(node, terms.SUBJECT, subject)
    put(node, terms.NOTE_LITERAL, texts(text))
    put(node, terms.RDF_VALUE, value)
    return node


def _write_grading_scheme(text: LangText) -> Node:
    return {"type": terms.GRADING_SCHEME_CLASS, terms.DESCRIPTION: texts(text)}


def _write_outcome(outcome: LearningOutcome) -> Node:
    node: Node = {"type": terms.LEARNING_OUTCOME_CLASS}
    put(node, terms.TITLE, texts(outcome.text))
    put(node, terms.TYPE, outcome.descriptor)
    # The order is the author's: ESCO skills that follow one of another framework stay behind it.
    leading = list(itertools.takewhile(lambda skill: skill.framework == _ESCO, outcome.skills))
    put(node, terms.RELATED_ESCO_SKILL, [_write_skill(skill, source="") for skill in leading])
    rest = outcome.skills[len(leading) :]
    put(node, terms.RELATED_SKILL, [_write_skill(skill, source=skill.framework) for skill in rest])
    return node


def _write_skill(skill: Skill, *, source: str) -> Node:
    node: Node = {}
    put(node, "id", skill.iri)
    if not skill.iri:
        node["type"] = terms.CONCEPT
    put(node, terms.PREF_LABEL, texts(skill.label))
    put(node, terms.NOTATION, skill.code)
    put(node, terms.SOURCE, source)
    return node


def _write_assessment(assessment: Assessment) -> Node:
    node: Node = {"type": terms.ASSESSMENT_CLASS}
    put(node, terms.TITLE, texts(assessment.title))
    put(node, terms.TYPE, concept(assessment.kind))
    put(node, terms.DESCRIPTION, texts(assessment.description))
    put(node, terms.ENTRY_REQUIREMENT, _write_note("", assessment.requirements))
    if assessment.criteria:
        node[terms.GRADING_SCHEME] = _write_grading_scheme(assessment.criteria)
    put(node, terms.VALUE, decimal(assessment.weight_percent))
    return node


def _write_relation(relation: Relation) -> Node:
    node: Node = {terms.TYPE: relation.kind.value}
    put(node, terms.TITLE, texts(relation.title))
    put(node, terms.IDENTIFIER, relation.iri)
    return node


def _write_price(group: str, cost: Money) -> Node:
    code = cost.currency
    known = len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()
    return {
        "type": terms.PRICE_DETAIL_CLASS,
        terms.SUBJECT: group,
        terms.AMOUNT: {
            "type": terms.AMOUNT_CLASS,
            terms.VALUE: decimal(cost.amount),
            terms.UNIT: reference(vocabularies.currency_iri(code)) if known else code,
        },
    }


# --- reading ----------------------------------------------------------------------------------------------------------


def read_achievement(node: Node, *, issuer: Organisation) -> Achievement:
    """This will read an achievement, our own or somebody else's (then from Open Badges' own fields alone).

    Raises: FormatError when it has no title.
    """
    # Whoever states the title in languages states all else in languages too: what is missing there is not there.
    ours = terms.TITLE in node
    plain_language = literal(node.get("inLanguage")) or "und"

    def plain(value: object) -> LangText:
        return LangText() if ours else read_texts(value, default=plain_language)

    title = read_texts(node.get(terms.TITLE)) or plain(node.get("name"))
    if not title:
        raise FormatError("format-member-missing", member="name", where="/credentialSubject/achievement/name")
    criteria = first_node(node.get("criteria"))
    creator = read_profile(node.get("creator"))
    notes = {literal(note.get(terms.SUBJECT)): note for note in nodes(node.get(terms.ADDITIONAL_NOTE))}
    stackability = notes.get(_STACKABILITY, {})
    levels = {literal(level.get(terms.SOURCE)): level for level in nodes(node.get(terms.EDUCATION_LEVEL))}
    prices = {literal(price.get(terms.SUBJECT)): price for price in nodes(node.get(terms.PRICE_DETAIL))}
    outcomes = tuple(_read_outcome(outcome) for outcome in nodes(node.get(terms.LEARNING_OUTCOME)))
    if not ours and not outcomes:
        outcomes = tuple(_read_alignment(entry, plain_language) for entry in nodes(node.get("alignment")))
    points = first_node(node.get(terms.CREDIT_POINT)).get(terms.POINT)
    return Achievement(
        id=read_iri(node),
        title=title,
        awarding_body=issuer if creator.id in ("", issuer.id) else creator,
        outcomes=outcomes,
        description=read_texts(node.get(terms.DESCRIPTION)) or plain(node.get("description")),
        criteria=read_texts(criteria.get(terms.DESCRIPTION)) or plain(criteria.get("narrative")),
        version=literal(node.get("version")),
        workload_ects=read_decimal(points if ours else node.get("creditsAvailable")),
        workload_hours=read_hours(node.get(terms.VOLUME_OF_LEARNING)),
        contact_hours=read_decimal(node.get(terms.CONTACT_HOUR)),
        eqf_level=vocabularies.eqf_level(read_iri(node.get(terms.EQF_LEVEL))),
        nqf_levels=tuple(read_concept(level) for level in nodes(node.get(terms.NQF_LEVEL))),
        cycle=_member(Cycle, literal(levels.get(_EHEA, {}).get(terms.NOTATION))),
        isced_level=_small_number(literal(levels.get(_ISCED, {}).get(terms.NOTATION))),
        fields_of_study=tuple(read_concept(field) for field in nodes(node.get(terms.ISCED_F))),
        assessments=tuple(_read_assessment(part) for part in nodes(node.get(terms.PROVEN_BY))),
        supervision=_read_known(node.get(terms.ID_VERIFICATION), vocabularies.SUPERVISION, Supervision),
        grading_scheme=read_texts(first_node(node.get(terms.GRADING_SCHEME)).get(terms.DESCRIPTION)),
        participation=_read_known(node.get(terms.MODE), vocabularies.PARTICIPATION, Participation),
        learning_type=_read_known(node.get(terms.LEARNING_SETTING), vocabularies.LEARNING_TYPE, LearningType),
        languages=_read_languages(node, ours=ours),
        quality_assurance=read_quality_assurance(node.get(terms.ACCREDITATION)),
        prerequisites=_read_note(node.get(terms.ENTRY_REQUIREMENT)),
        admission=_read_note(node.get(terms.ADMISSION_PROCEDURE)),
        target_groups=tuple(
            TargetGroup(group)
            for group in (literal(entry.get(terms.NOTATION)) for entry in nodes(node.get(terms.TARGET_GROUP)))
            if group in TargetGroup
        ),
        stackable=stackability.get(terms.RDF_VALUE) if isinstance(stackability.get(terms.RDF_VALUE), bool) else None,
        stackability=_read_note(stackability),
        relations=tuple(_read_relations(node.get(terms.RELATION))),
        identifiers=read_identifiers(node.get("otherIdentifier")),
        cost_students=_read_price(prices.get("students")),
        cost_lifelong=_read_price(prices.get("lifelong")),
        homepage=literal(node.get("url")),
        image_url=read_iri(node.get("image")),
        validity_months=read_months(node.get(terms.VALID)),
        **{name: _read_note(notes.get(subject)) for subject, name in _NOTES.items()},
    )


def _member[T: StrEnum](kind: type[T], value: str) -> T | None:
    return kind(value) if value in kind else None


def _read_known[T: StrEnum](value: object, iris: Mapping[T, str], kind: type[T]) -> T | None:
    node = first_node(value)
    iri = read_iri(node)
    return next((member for member, known in iris.items() if known == iri), None) or _member(
        kind, literal(node.get(terms.NOTATION))
    )


def _small_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None


def _read_note(value: object) -> LangText:
    return read_texts(first_node(value).get(terms.NOTE_LITERAL))


def _read_languages(node: Node, *, ours: bool) -> tuple[str, ...]:
    tags = []
    for entry in each(node.get(terms.LANGUAGE)):
        tag = vocabularies.language_tag(read_iri(entry)) if isinstance(entry, dict) else entry
        if isinstance(tag, str):
            tags.append(tag)
    plain = literal(node.get("inLanguage"))
    return tuple(tags) if ours or tags or not plain else (plain,)


def _read_outcome(node: Node) -> LearningOutcome:
    return LearningOutcome(
        text=read_texts(node.get(terms.TITLE)),
        skills=tuple(
            _read_skill(skill, framework)
            for member, framework in ((terms.RELATED_ESCO_SKILL, _ESCO), (terms.RELATED_SKILL, ""))
            for skill in nodes(node.get(member))
        ),
        descriptor=literal(node.get(terms.TYPE)),
    )


def _read_skill(node: Node, framework: str) -> Skill:
    return Skill(
        iri=read_iri(node),
        label=read_texts(node.get(terms.PREF_LABEL)),
        framework=framework or literal(node.get(terms.SOURCE)),
        code=literal(node.get(terms.NOTATION)),
    )


def _read_alignment(node: Node, language: str) -> LearningOutcome:
    name = read_texts(node.get("targetName"), default=language)
    skill = Skill(
        iri=literal(node.get("targetUrl")),
        label=name,
        framework=literal(node.get("targetFramework")),
        code=literal(node.get("targetCode")),
    )
    return LearningOutcome(text=read_texts(node.get("targetDescription"), default=language) or name, skills=(skill,))


def _read_assessment(node: Node) -> Assessment:
    return Assessment(
        kind=read_concept(first_node(node.get(terms.TYPE))),
        title=read_texts(node.get(terms.TITLE)),
        description=read_texts(node.get(terms.DESCRIPTION)),
        requirements=_read_note(node.get(terms.ENTRY_REQUIREMENT)),
        criteria=read_texts(first_node(node.get(terms.GRADING_SCHEME)).get(terms.DESCRIPTION)),
        weight_percent=read_decimal(node.get(terms.VALUE)),
    )


def _read_relations(value: object) -> list[Relation]:
    found = []
    for node in nodes(value):
        kind = _member(RelationKind, literal(node.get(terms.TYPE)))
        if kind:
            title = read_texts(node.get(terms.TITLE))
            found.append(Relation(kind=kind, title=title, iri=literal(node.get(terms.IDENTIFIER))))
    return found


def _read_price(node: Node | None) -> Money | None:
    amount = first_node((node or {}).get(terms.AMOUNT))
    value = read_decimal(amount.get(terms.VALUE))
    if value is None:
        return None
    unit = amount.get(terms.UNIT)
    currency = vocabularies.currency_code(read_iri(unit)) if isinstance(unit, dict) else literal(unit)
    return Money(amount=value, currency=currency or "")
