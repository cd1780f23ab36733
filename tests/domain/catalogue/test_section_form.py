"""A section's form gives back what it was shown, and its lists come, go and move without losing a character."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import QueryDict

from openmcx.catalogue.forms import SectionForm, rearranged
from openmcx.catalogue.forms.section import Node
from openmcx.catalogue.mapping.elements import SECTION_BY_KEY, SECTIONS, Section
from openmcx.credentials.model import Achievement, Concept, LangText, Money, Skill
from openmcx.ui.forms import Workload
from tests.factories.catalogue import complete_achievement

LANGUAGES = ("en", "de")


def sent(form: SectionForm) -> QueryDict:
    """What a browser sends of a form that nobody touched."""
    data = QueryDict(mutable=True)

    def collect(node: Node) -> None:
        for bound in node.form:
            value = bound.value()
            if isinstance(value, list):
                data.setlist(bound.html_name, [str(one) for one in value])
            elif isinstance(value, Workload):
                data[f"{bound.html_name}_ects"], data[f"{bound.html_name}_hours"] = str(value.ects), str(value.hours)
            else:
                data[bound.html_name] = "" if value is None else str(value)
        for block in node.lists:
            data[block.count_name] = str(len(block.nodes))
            for inner in block.nodes:
                collect(inner)

    collect(form.root)
    return data


def filled(key: str, achievement: Achievement) -> tuple[Section, QueryDict]:
    section = SECTION_BY_KEY[key]
    return section, sent(SectionForm(section, LANGUAGES, achievement=achievement))


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_saving_untouched_changes_nothing(section: Section) -> None:
    achievement = complete_achievement()
    data = sent(SectionForm(section, LANGUAGES, achievement=achievement))
    form = SectionForm(section, LANGUAGES, achievement=achievement, data=data)
    assert form.is_valid(), form.error_entries
    assert replace(achievement, **form.values) == achievement
    assert set(form.values) == {element.name for element in section.elements}


def test_terms_that_no_vocabulary_lists_stay() -> None:
    own = Concept(iri="https://own.example/term", label=LangText({"en": "Own term"}))
    achievement = complete_achievement(fields_of_study=(own,))
    section, data = filled("title", achievement)
    form = SectionForm(section, LANGUAGES, achievement=achievement, data=data)
    assert form.is_valid()
    assert form.values["fields_of_study"] == (own,)


def test_numbers_take_a_comma_or_a_point() -> None:
    section, data = filled("size", complete_achievement())
    data["workload_ects"], data["workload_hours"] = "2,5", "62.5"
    form = SectionForm(section, LANGUAGES, achievement=complete_achievement(), data=data)
    assert form.is_valid()
    assert (form.values["workload_ects"], form.values["workload_hours"]) == (Decimal("2.5"), Decimal("62.5"))


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ("size", "workload_ects", "three"),
        ("size", "workload_ects", "-1"),
        ("size", "workload_ects", "NaN"),
        ("size", "workload_ects", "1e9999"),
        ("size", "eqf_level", "9"),
        ("title", "title__en", ""),
        ("cost", "homepage", "javascript:alert(1)"),
        ("cost", "homepage", "https://a.example/ b"),
        ("cost", "cost_lifelong__currency", ""),
        ("cost", "cost_lifelong__currency", "€"),
        ("cost", "validity_months", "0"),
        ("outcomes", "outcomes-0-text__en", ""),
        ("outcomes", "outcomes-0-skills-0-label__en", ""),
        ("outcomes", "outcomes-0-skills-0-iri", "data:text/html,x"),
        ("assessment", "assessments-0-kind", "https://nowhere.example"),
        ("assessment", "assessments-0-weight_percent", "101"),
        ("quality", "quality_assurance-0-valid_from", "31.12.2024"),
        ("quality", "quality_assurance-0-valid_until", "2023-12-31"),
        ("participation", "languages-0-value", "klingon"),
    ],
)
def test_a_fault_is_named_at_its_field_and_in_the_summary(key: str, name: str, value: str) -> None:
    section, data = filled(key, complete_achievement())
    data[name] = value
    if name.endswith("__en"):
        data[name.replace("__en", "__de")] = ""
    form = SectionForm(section, LANGUAGES, achievement=complete_achievement(), data=data)
    assert not form.is_valid()
    faulty = {target.removeprefix("id_").split("__")[0] for target, _message in form.error_entries}
    assert faulty == {name.split("__")[0]}


def test_a_blank_item_is_left_out() -> None:
    section, data = filled("outcomes", complete_achievement())
    more, focus = rearranged(data, "add:outcomes") or (data, "")
    assert focus == "outcomes-2"
    form = SectionForm(section, LANGUAGES, achievement=complete_achievement(), data=more)
    assert len(form.root.lists[0].nodes) == 3
    assert form.is_valid()
    assert form.values["outcomes"] == complete_achievement().outcomes


@pytest.mark.parametrize(
    ("action", "order", "focus"),
    [
        ("up:outcomes:1", [1, 0], "outcomes-0"),
        ("down:outcomes:0", [1, 0], "outcomes-1"),
        ("remove:outcomes:0", [1], "outcomes-0"),
        ("remove:outcomes:1", [0], "outcomes-0"),
    ],
)
def test_items_move_and_go_with_everything_in_them(action: str, order: list[int], focus: str) -> None:
    achievement = complete_achievement()
    section, data = filled("outcomes", achievement)
    moved = rearranged(data, action)
    assert moved is not None
    form = SectionForm(section, LANGUAGES, achievement=achievement, data=moved[0])
    assert form.is_valid(), form.error_entries
    assert form.values["outcomes"] == tuple(achievement.outcomes[place] for place in order)
    assert moved[1] == focus


def test_a_nested_item_goes() -> None:
    achievement = complete_achievement()
    section, data = filled("outcomes", achievement)
    moved = rearranged(data, "remove:outcomes-0-skills:0")
    assert moved is not None
    form = SectionForm(section, LANGUAGES, achievement=achievement, data=moved[0])
    assert form.is_valid()
    assert [outcome.skills for outcome in form.values["outcomes"]] == [(), ()]


@pytest.mark.parametrize(
    "action", ["up:outcomes:0", "down:outcomes:1", "remove:outcomes:9", "remove:nothing:0", "add", "burn:outcomes", ""]
)
def test_an_impossible_rearrangement_is_refused(action: str) -> None:
    _section, data = filled("outcomes", complete_achievement())
    assert rearranged(data, action) is None


def test_a_huge_count_is_bounded() -> None:
    section, data = filled("outcomes", complete_achievement())
    data["outcomes-count"] = "9999"
    form = SectionForm(section, LANGUAGES, achievement=complete_achievement(), data=data)
    assert len(form.root.lists[0].nodes) == 60
    data["outcomes-count"] = "9" * 5000
    assert SectionForm(section, LANGUAGES, achievement=complete_achievement(), data=data).root.lists[0].nodes == []


def test_an_amount_can_be_taken_away() -> None:
    section, data = filled("cost", complete_achievement())
    data["cost_lifelong__amount"] = ""
    form = SectionForm(section, LANGUAGES, achievement=complete_achievement(), data=data)
    assert form.is_valid()
    assert (form.values["cost_lifelong"], form.values["cost_students"]) == (
        None,
        Money(amount=Decimal("0.00"), currency="EUR"),
    )


def test_line_ends_of_browsers_do_not_change_a_text() -> None:
    section, data = filled("title", complete_achievement())
    data["description__en"] = "One.\r\nTwo."
    form = SectionForm(section, LANGUAGES, achievement=complete_achievement(), data=data)
    assert form.is_valid()
    assert form.values["description"]["en"] == "One.\nTwo."


def test_a_skill_keeps_its_name_in_languages_that_are_not_shown() -> None:
    skill = Skill(iri="http://data.europa.eu/esco/skill/x", label=LangText({"en": "design robots", "fr": "concevoir"}))
    outcome = replace(complete_achievement().outcomes[0], skills=(skill,))
    achievement = complete_achievement(outcomes=(outcome,))
    section, data = filled("outcomes", achievement)
    data["outcomes-0-skills-0-label__en"] = "plan robots"
    form = SectionForm(section, LANGUAGES, achievement=achievement, data=data)
    assert form.is_valid()
    assert form.values["outcomes"][0].skills[0].label == {"en": "plan robots", "fr": "concevoir"}
