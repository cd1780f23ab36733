"""The model that every wire format is written from and read into."""

from openmcx.credentials.model.achievement import (
    Achievement,
    Assessment,
    Concept,
    Cycle,
    LearningOutcome,
    LearningType,
    Money,
    Participation,
    Relation,
    RelationKind,
    Skill,
    Supervision,
    TargetGroup,
)
from openmcx.credentials.model.credential import Credential, Learner, Result, StatusEntry
from openmcx.credentials.model.organisation import Identifier, Organisation, QualityAssurance
from openmcx.credentials.model.text import LangText

__all__ = [
    "Achievement",
    "Assessment",
    "Concept",
    "Credential",
    "Cycle",
    "Identifier",
    "LangText",
    "Learner",
    "LearningOutcome",
    "LearningType",
    "Money",
    "Organisation",
    "Participation",
    "QualityAssurance",
    "Relation",
    "RelationKind",
    "Result",
    "Skill",
    "StatusEntry",
    "Supervision",
    "TargetGroup",
]
