"""The values that an element with a closed list may have, and their words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from openmcx.catalogue.mapping.elements.kinds import Choice, Text
from openmcx.credentials import model


def choices_of(*pairs: tuple[str, Text]) -> tuple[Choice, ...]:
    return tuple(Choice(value=str(value), label=label) for value, label in pairs)


DESCRIPTORS = choices_of(
    ("knowledge", _("Knowledge and understanding")),
    ("application", _("Applying knowledge and understanding")),
    ("judgement", _("Making judgements")),
    ("communication", _("Communication")),
    ("learning", _("Learning skills")),
)
EQF_LEVELS = choices_of(*((str(level), str(level)) for level in range(1, 9)))
CYCLES = choices_of(
    (model.Cycle.SHORT, _("Short cycle")),
    (model.Cycle.FIRST, _("First cycle (bachelor)")),
    (model.Cycle.SECOND, _("Second cycle (master)")),
    (model.Cycle.THIRD, _("Third cycle (doctorate)")),
)
ISCED_LEVELS = choices_of(
    ("0", _("0 – early childhood education")),
    ("1", _("1 – primary education")),
    ("2", _("2 – lower secondary education")),
    ("3", _("3 – upper secondary education")),
    ("4", _("4 – post-secondary non-tertiary education")),
    ("5", _("5 – short-cycle tertiary education")),
    ("6", _("6 – bachelor’s or equivalent")),
    ("7", _("7 – master’s or equivalent")),
    ("8", _("8 – doctoral or equivalent")),
    ("9", _("9 – not classified elsewhere")),
)
SUPERVISION = choices_of(
    (model.Supervision.UNSUPERVISED_UNVERIFIED, _("Unsupervised, identity not verified")),
    (model.Supervision.UNSUPERVISED_VERIFIED, _("Unsupervised, identity verified")),
    (model.Supervision.SUPERVISED_UNVERIFIED, _("Supervised, identity not verified")),
    (model.Supervision.SUPERVISED_VERIFIED, _("Supervised, identity verified (online or on site)")),
)
PARTICIPATION = choices_of(
    (model.Participation.ONSITE, _("On site")),
    (model.Participation.ONLINE, _("Online")),
    (model.Participation.BLENDED, _("Blended: partly on site, partly online")),
    (model.Participation.HYBRID, _("Hybrid: on site and online at the same time")),
    (model.Participation.WORK_BASED, _("Work-based")),
)
LEARNING_TYPES = choices_of(
    (model.LearningType.FORMAL, _("Formal")),
    (model.LearningType.NON_FORMAL, _("Non-formal")),
    (model.LearningType.INFORMAL, _("Informal")),
)
TARGET_GROUPS = choices_of(
    (model.TargetGroup.ACADEMIC, _("Students of a degree programme")),
    (model.TargetGroup.LIFELONG, _("Lifelong learners")),
)
QUALITY_KINDS = choices_of(
    ("institutional", _("Institutional accreditation")),
    ("programme", _("Accredited programme or curriculum")),
    ("course", _("Accredited course")),
    ("professional", _("Professional or industry accreditation")),
    ("none", _("No external quality assurance")),
)
RELATION_KINDS = choices_of(
    (model.RelationKind.STACKS_INTO, _("Stacks into")),
    (model.RelationKind.PART_OF, _("Is part of")),
    (model.RelationKind.REQUIRES, _("Requires")),
    (model.RelationKind.EQUIVALENT_TO, _("Is equivalent to")),
    (model.RelationKind.REPLACES, _("Replaces")),
)
