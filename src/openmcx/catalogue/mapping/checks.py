"""What still has to be done on a draft: mandatory elements that are missing, figures that are odd, translations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from openmcx.catalogue import rules
from openmcx.catalogue.mapping.content import missing_translations
from openmcx.catalogue.mapping.elements import ELEMENTS, SECTION_OF
from openmcx.catalogue.mapping.languages import language_name
from openmcx.credentials.formats import specification
from openmcx.credentials.model import Achievement
from openmcx.ui.sentences import sentence


class Gravity(StrEnum):
    MISSING = "missing"  # nothing can be published before it is there
    ODD = "odd"
    UNTRANSLATED = "untranslated"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to do. `element` and `section` say where; both are "" for what the institution's profile lacks."""

    gravity: Gravity
    code: str
    sentence: str
    element: str = ""
    section: str = ""


def missing_elements(achievement: Achievement) -> list[Problem]:
    """This will list the mandatory European elements that are missing, in the active language."""
    found = [
        Problem(Gravity.MISSING, finding.code, sentence(finding), *_place(finding.pointer))
        for finding in specification.completeness(achievement)
    ]
    if any(not part.kind.iri and not part.kind.label for part in achievement.assessments):
        words = _("A part of the assessment has no type yet.")
        found.append(Problem(Gravity.MISSING, "missing-assessment-type", words, "assessments", "assessment"))
    return found


def _place(pointer: str) -> tuple[str, str]:
    name = element_at(pointer)
    return name, SECTION_OF[name].key if name else ""


def check(achievement: Achievement, languages: Iterable[str]) -> list[Problem]:
    """This will list everything there is to do, what prevents publication first."""
    problems = missing_elements(achievement)
    for oddity in rules.oddities(achievement):
        section = SECTION_OF[oddity.element].key
        problems.append(Problem(Gravity.ODD, oddity.code, _oddity_sentence(oddity), oddity.element, section))
    for language, names in missing_translations(achievement, languages).items():
        for name in names:
            words = _("“%(element)s” has no text in this language yet: %(language)s.") % {
                "element": ELEMENTS[name].label,
                "language": language_name(language),
            }
            problems.append(Problem(Gravity.UNTRANSLATED, "untranslated", words, name, SECTION_OF[name].key))
    return problems


def element_at(pointer: str) -> str:
    """This will name the element that a JSON pointer leads into; "" if it is none of an author's elements."""
    first = pointer.lstrip("/").split("/", 1)[0]
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", first).lower()
    return name if name in ELEMENTS else ""


def _oddity_sentence(oddity: rules.Oddity) -> str:
    sentences = {
        "hours-do-not-fit-ects": _(
            "%(hours)s hours for %(ects)s ECTS are %(per_credit)s hours a credit. "
            "Usual are %(low)s to %(high)s hours in all. Check both figures."
        ),
        "attendance-exceeds-workload": _(
            "The hours of attendance (%(contact)s) are more than the whole workload (%(hours)s). Check both figures."
        ),
        "weights-do-not-sum": _("The weights of the assessment add up to %(sum)s %% and not to 100 %%."),
        "weight-missing": _("Some parts of the assessment have a weight and others have none."),
    }
    return sentences[oddity.code] % oddity.params
