"""Micro-credentials for tests, made by the real operations."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from openmcx.catalogue import operations, queries
from openmcx.catalogue.models import Specification, SpecificationVersion
from openmcx.credentials.formats import vocabularies
from openmcx.credentials.model import (
    Achievement,
    Assessment,
    Concept,
    Cycle,
    Identifier,
    LangText,
    LearningOutcome,
    LearningType,
    Money,
    Organisation,
    Participation,
    QualityAssurance,
    Relation,
    RelationKind,
    Skill,
    Supervision,
    TargetGroup,
)
from openmcx.kernel.actors import Actor

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def kind_of_assessment(place: int = 0) -> Concept:
    """A term of the Europass assessment types."""
    return vocabularies.concepts("assessment")[place]


def complete_achievement(**changes: Any) -> Achievement:
    """A micro-credential with every element of the European standard and every further one."""
    achievement = Achievement(
        id="urn:example:robotics",
        title=LangText({"en": "Collaborative robotics", "de": "Kollaborative Robotik"}),
        awarding_body=Organisation(id="https://elsewhere.example", name=LangText({"en": "Elsewhere"}), country="FI"),
        outcomes=(
            LearningOutcome(
                text=LangText({"en": "Plan a shared workspace", "de": "Einen gemeinsamen Arbeitsraum planen"}),
                skills=(
                    Skill(
                        iri="http://data.europa.eu/esco/skill/c5b3a2b1-0000-4000-8000-000000000001",
                        label=LangText({"en": "design robots", "de": "Roboter entwerfen"}),
                    ),
                ),
                descriptor="application",
            ),
            LearningOutcome(
                text=LangText({"en": "Judge the risk of a cell", "de": "Das Risiko einer Zelle beurteilen"})
            ),
        ),
        description=LangText({"en": "Robots beside people.", "de": "Roboter neben Menschen."}),
        criteria=LangText({"en": "Pass both parts.", "de": "Beide Teile bestehen."}),
        workload_ects=Decimal(3),
        workload_hours=Decimal(80),
        contact_hours=Decimal("24.5"),
        eqf_level=6,
        nqf_levels=(vocabularies.concepts("nqf")[0],),
        cycle=Cycle.FIRST,
        isced_level=6,
        fields_of_study=(vocabularies.concepts("isced-f")[0],),
        assessments=(
            Assessment(
                kind=kind_of_assessment(),
                title=LangText({"en": "Cell layout", "de": "Zellenplan"}),
                weight_percent=Decimal(60),
            ),
            Assessment(kind=kind_of_assessment(1), weight_percent=Decimal(40)),
        ),
        supervision=Supervision.SUPERVISED_VERIFIED,
        grading_scheme=LangText({"en": "0 to 5, passed from 1", "de": "0 bis 5, bestanden ab 1"}),
        participation=Participation.BLENDED,
        modality_note=LangText({"en": "Two days on site", "de": "Zwei Tage vor Ort"}),
        learning_type=LearningType.FORMAL,
        languages=("en", "de"),
        quality_assurance=(
            QualityAssurance(
                title=LangText({"en": "Audited", "de": "Auditiert"}),
                kind="institutional",
                agency=LangText({"en": "Example Agency", "de": "Beispielagentur"}),
                evidence_url="https://agency.example/decision",
                valid_from=dt.date(2024, 1, 1),
                valid_until=dt.date(2030, 12, 31),
            ),
        ),
        prerequisites=LangText({"en": "Basic programming", "de": "Grundlagen des Programmierens"}),
        target_groups=(TargetGroup.ACADEMIC, TargetGroup.LIFELONG),
        target_group_note=LangText({"en": "Engineers", "de": "Fachleute"}),
        admission=LangText({"en": "First come, first served", "de": "In der Reihenfolge der Anmeldung"}),
        stackable=True,
        stackability=LangText({"en": "Five make a certificate", "de": "Fünf ergeben ein Zertifikat"}),
        relations=(
            Relation(
                kind=RelationKind.STACKS_INTO,
                title=LangText({"en": "Certificate in automation", "de": "Zertifikat Automatisierung"}),
                iri="https://elsewhere.example/certificate",
            ),
        ),
        identifiers=(Identifier(scheme="course-code", value="ROB-301"),),
        need=LangText({"en": "Small firms automate.", "de": "Kleine Betriebe automatisieren."}),
        need_evidence=LangText({"en": "Survey 2025", "de": "Umfrage 2025"}),
        standards=LangText({"en": "ISO 10218", "de": "ISO 10218"}),
        competences=LangText({"en": "Runs a robot cell", "de": "Betreibt eine Roboterzelle"}),
        further_information=LangText({"en": "Bring shoes", "de": "Schuhe mitbringen"}),
        monitoring=LangText({"en": "Yearly", "de": "Jährlich"}),
        cost_students=Money(amount=Decimal("0.00"), currency="EUR"),
        cost_lifelong=Money(amount=Decimal("250.00"), currency="EUR"),
        homepage="https://elsewhere.example/robotics",
        image_url="https://elsewhere.example/robotics.png",
        validity_months=60,
    )
    return replace(achievement, **changes)


def specification(
    institution_id: UUID, *, by: Actor | None = None, at: dt.datetime = AT, **changes: Any
) -> Specification:
    """A draft with every element."""
    return operations.create(
        by=by or Actor.system(), at=at, institution_id=institution_id, achievement=complete_achievement(**changes)
    )


def version(
    institution_id: UUID, *, by: Actor | None = None, at: dt.datetime = AT, **changes: Any
) -> SpecificationVersion:
    """A published version of a new specification."""
    draft = specification(institution_id, by=by, at=at, **changes)
    return operations.publish(by=by or Actor.system(), at=at, specification_id=draft.pk)


def add_to_world(cast: Any) -> None:
    """A draft, a published micro-credential in two versions and a withdrawn one, all of Lakeside."""
    cast.things["draft"] = specification(cast.lakeside.pk, title=LangText({"en": "A draft", "de": "Ein Entwurf"}))
    published = version(cast.lakeside.pk)
    draft = published.specification
    values = {"need": LangText({"en": "Another need", "de": "Ein anderer Bedarf"})}
    base = queries.element_digests(queries.draft_achievement(draft), values)
    operations.save_elements(by=Actor.system(), at=AT, specification_id=draft.pk, values=values, base=base)
    operations.publish(by=Actor.system(), at=AT, specification_id=draft.pk)
    cast.things["published"] = published
    withdrawn = version(cast.lakeside.pk, title=LangText({"en": "Withdrawn", "de": "Zurückgezogen"}))
    operations.withdraw(by=Actor.system(), at=AT, specification_id=withdrawn.specification_id, reason="Replaced")
    cast.things["withdrawn"] = withdrawn
