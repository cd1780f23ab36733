"""What is missing, odd or untranslated is said with the place where it is mended."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from openmcx.catalogue.mapping import content
from openmcx.catalogue.mapping.checks import Gravity, check, element_at, missing_elements
from openmcx.catalogue.rules import oddities
from openmcx.credentials.model import Assessment, Concept, LangText
from tests.factories.catalogue import complete_achievement


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"workload_hours": Decimal(75)}, []),
        ({"workload_hours": Decimal(90)}, []),
        ({"workload_hours": Decimal("74.9")}, ["hours-do-not-fit-ects"]),
        ({"workload_hours": Decimal("90.1")}, ["hours-do-not-fit-ects"]),
        ({"workload_ects": None, "workload_hours": Decimal(500)}, []),
        ({"contact_hours": Decimal(81)}, ["attendance-exceeds-workload"]),
    ],
)
def test_hours_fit_credits(changes: dict[str, Any], codes: list[str]) -> None:
    assert [one.code for one in oddities(complete_achievement(**changes))] == codes


def test_weights_sum_to_a_hundred() -> None:
    first, second = complete_achievement().assessments
    assert [one.code for one in oddities(complete_achievement(assessments=(first,)))] == ["weights-do-not-sum"]
    unweighted = type(second)(kind=second.kind)
    codes = [one.code for one in oddities(complete_achievement(assessments=(first, unweighted)))]
    assert codes == ["weights-do-not-sum", "weight-missing"]
    assert oddities(complete_achievement(assessments=(unweighted,))) == []


def test_the_sentence_names_the_figures() -> None:
    (problem,) = check(complete_achievement(workload_hours=Decimal(30)), ["en", "de"])
    assert (problem.gravity, problem.element, problem.section) == (Gravity.ODD, "workload_hours", "size")
    assert problem.sentence == (
        "30 hours for 3 ECTS are 10 hours a credit. Usual are 75 to 90 hours in all. Check both figures."
    )


def test_a_missing_translation_is_named() -> None:
    (problem,) = check(complete_achievement(need=LangText({"en": "Only English"})), ["en", "de"])
    assert (problem.gravity, problem.element) == (Gravity.UNTRANSLATED, "need")
    assert "German" in problem.sentence


def test_pointers_lead_to_elements() -> None:
    assert [element_at(pointer) for pointer in ("/outcomes/0/text", "/workload_ects", "/workloadEcts", "/x", "")] == [
        "outcomes",
        "workload_ects",
        "workload_ects",
        "",
        "",
    ]


def test_texts_of_unstated_language_get_one() -> None:
    achievement = complete_achievement(need=LangText("A need"), description=LangText({"und": "x", "en": "y"}))
    named = content.name_language(achievement, "en")
    assert (named.need, named.description) == ({"en": "A need"}, {"en": "y"})
    assert "und" not in content.languages_of(named)


def test_a_part_of_the_assessment_needs_a_type() -> None:
    achievement = complete_achievement(assessments=(Assessment(kind=Concept(iri="")),))
    assert [one.code for one in missing_elements(achievement)] == ["missing-assessment-type"]


def test_what_the_institution_lacks_has_no_section() -> None:
    body = replace(complete_achievement().awarding_body, country="")
    (problem,) = missing_elements(complete_achievement(awarding_body=body))
    assert (problem.code, problem.element, problem.section) == ("missing-country", "", "")
