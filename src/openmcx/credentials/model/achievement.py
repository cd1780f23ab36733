"""What a micro-credential is: every element of the European standard, before any learner.

Source: Council Recommendation of 16 June 2022 on a European approach to micro-credentials
(2022/C 243/02), Annex I, and the elements that an exchange network adds (requirements C1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from openmcx.credentials.model.organisation import Identifier, Organisation, QualityAssurance
from openmcx.credentials.model.text import LangText


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A term of a controlled vocabulary. `scheme` is the IRI of the vocabulary."""

    iri: str
    label: LangText = field(default_factory=LangText)
    scheme: str = ""


class Supervision(StrEnum):
    """How an assessment is watched over, the four values of the Europass vocabulary."""

    UNSUPERVISED_UNVERIFIED = "unsupervised-unverified"
    UNSUPERVISED_VERIFIED = "unsupervised-verified"
    SUPERVISED_UNVERIFIED = "supervised-unverified"
    SUPERVISED_VERIFIED = "supervised-verified"


class Participation(StrEnum):
    """Form of participation (the Europass modes of learning and assessment that are used)."""

    ONLINE = "online"
    ONSITE = "onsite"
    BLENDED = "blended"
    HYBRID = "hybrid"
    WORK_BASED = "work-based"


class LearningType(StrEnum):
    FORMAL = "formal"
    NON_FORMAL = "non-formal"
    INFORMAL = "informal"


class TargetGroup(StrEnum):
    ACADEMIC = "academic"
    LIFELONG = "lifelong"


class Cycle(StrEnum):
    """Cycle of the Qualifications Framework of the European Higher Education Area."""

    SHORT = "short"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


class RelationKind(StrEnum):
    STACKS_INTO = "stacks-into"
    PART_OF = "part-of"
    REQUIRES = "requires"
    EQUIVALENT_TO = "equivalent-to"
    REPLACES = "replaces"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """A skill of a framework (ESCO unless stated) that an outcome develops."""

    iri: str
    label: LangText
    framework: str = "ESCO"
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningOutcome:
    """What a learner knows, understands or can do. `descriptor` is a Dublin descriptor or ""."""

    text: LangText
    skills: tuple[Skill, ...] = ()
    descriptor: str = ""  # knowledge | application | judgement | communication | learning | ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One part of the assessment. `kind` is a term of the Europass assessment types."""

    kind: Concept
    title: LangText = field(default_factory=LangText)
    description: LangText = field(default_factory=LangText)
    requirements: LangText = field(default_factory=LangText)
    criteria: LangText = field(default_factory=LangText)
    weight_percent: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A typed link to another offer, credential or qualification."""

    kind: RelationKind
    title: LangText
    iri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    amount: Decimal
    currency: str  # ISO 4217


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """A micro-credential's specification.

    Units: `workload_ects` in ECTS credits, `workload_hours` and `contact_hours` in hours of 60 minutes.
    `id` is an absolute IRI. `contact_hours` are the attendance hours certified for lifelong learners.
    """

    id: str
    title: LangText
    awarding_body: Organisation
    outcomes: tuple[LearningOutcome, ...] = ()
    description: LangText = field(default_factory=LangText)
    criteria: LangText = field(default_factory=LangText)  # what a learner must do to be awarded it
    version: str = ""
    # -- size and level
    workload_ects: Decimal | None = None
    workload_hours: Decimal | None = None
    contact_hours: Decimal | None = None
    eqf_level: int | None = None
    nqf_levels: tuple[Concept, ...] = ()
    cycle: Cycle | None = None
    isced_level: int | None = None
    fields_of_study: tuple[Concept, ...] = ()  # ISCED-F 2013
    # -- assessment and participation
    assessments: tuple[Assessment, ...] = ()
    supervision: Supervision | None = None
    grading_scheme: LangText = field(default_factory=LangText)
    participation: Participation | None = None
    modality_note: LangText = field(default_factory=LangText)  # work experience, independent learning …
    learning_type: LearningType | None = None
    languages: tuple[str, ...] = ()  # of instruction, BCP 47
    # -- quality and access
    quality_assurance: tuple[QualityAssurance, ...] = ()
    prerequisites: LangText = field(default_factory=LangText)
    target_groups: tuple[TargetGroup, ...] = ()
    target_group_note: LangText = field(default_factory=LangText)
    admission: LangText = field(default_factory=LangText)
    # -- place among other offers
    stackable: bool | None = None
    stackability: LangText = field(default_factory=LangText)
    relations: tuple[Relation, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    # -- why it exists, what it costs, what happens next
    need: LangText = field(default_factory=LangText)
    need_evidence: LangText = field(default_factory=LangText)
    standards: LangText = field(default_factory=LangText)
    competences: LangText = field(default_factory=LangText)
    further_information: LangText = field(default_factory=LangText)
    monitoring: LangText = field(default_factory=LangText)
    cost_students: Money | None = None
    cost_lifelong: Money | None = None
    homepage: str = ""
    image_url: str = ""
    validity_months: int | None = None  # how long a credential is valid; None: without end
