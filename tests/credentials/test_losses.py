"""What a format cannot hold is told, element by element."""

import dataclasses

import pytest

from openmcx.credentials import losses
from openmcx.credentials.formats import open_badges
from openmcx.credentials.losses import Loss
from openmcx.credentials.model import Credential, LangText
from openmcx.credentials.wording import ELEMENTS
from tests.credentials.examples import ACHIEVEMENT, CREDENTIAL

WHOLES = {"achievement", "issuer", "learner"}


def with_achievement(**changes):
    return dataclasses.replace(CREDENTIAL, achievement=dataclasses.replace(ACHIEVEMENT, **changes))


def elements(found):
    return [loss.element for loss in found]


def test_nothing_is_lost_between_a_credential_and_itself():
    assert losses.compare(CREDENTIAL, CREDENTIAL) == ()


OPTIONAL = [
    field.name
    for field in dataclasses.fields(ACHIEVEMENT)
    if (field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING)
    and getattr(ACHIEVEMENT, field.name)
]


@pytest.mark.parametrize("name", OPTIONAL)
def test_each_element_that_is_gone_is_named_by_a_word_of_its_own(name):
    field = next(field for field in dataclasses.fields(ACHIEVEMENT) if field.name == name)
    empty = field.default_factory() if field.default is dataclasses.MISSING else field.default
    found = losses.compare(CREDENTIAL, with_achievement(**{name: empty}))
    assert {loss.way for loss in found} == {"left-out"}
    assert {loss.element.split(".")[1] for loss in found} == {name}
    assert all(losses.word_for(loss.element) not in WHOLES for loss in found)


def test_every_place_in_the_model_has_words():
    nothing = Credential(
        id="",
        issuer=dataclasses.replace(CREDENTIAL.issuer, id="", name=LangText()),
        achievement=CREDENTIAL.achievement,
        learner=CREDENTIAL.learner,
        awarded_on=CREDENTIAL.awarded_on,
        valid_from=CREDENTIAL.valid_from,
    )
    for loss in losses.compare(CREDENTIAL, nothing):
        assert losses.word_for(loss.element) in ELEMENTS
        assert loss.finding("open-badge-3").sentence.startswith("There is no room for this in an Open Badges 3.0")


def test_a_whole_that_is_gone_is_named_once():
    gone = tuple(dataclasses.replace(outcome, skills=()) for outcome in ACHIEVEMENT.outcomes)
    assert elements(losses.compare(CREDENTIAL, with_achievement(outcomes=gone))) == ["achievement.outcomes.skills"]


def test_languages_that_go_are_named():
    found = losses.compare(CREDENTIAL, with_achievement(title=LangText({"en": ACHIEVEMENT.title["en"]})))
    assert found == (Loss("achievement.title", "languages", ("fi",), 1),)
    assert found[0].finding("european-digital-credential").sentence == (
        "This stands in fewer languages in a European Digital Credential: the title. Left out: fi."
    )


def test_some_of_many_values_that_go_are_told_apart_from_all():
    found = losses.compare(CREDENTIAL, with_achievement(target_groups=ACHIEVEMENT.target_groups[:1]))
    assert found == (Loss("achievement.target_groups", "partly", (), len(ACHIEVEMENT.target_groups) - 1),)


def test_a_text_that_was_changed_is_no_text_that_is_kept():
    changed = LangText({**ACHIEVEMENT.title, "en": "Something else"})
    assert elements(losses.compare(CREDENTIAL, with_achievement(title=changed))) == ["achievement.title"]


def test_what_belongs_together_must_stay_together():
    one, other, *rest = ACHIEVEMENT.outcomes
    swapped = (dataclasses.replace(one, skills=other.skills), dataclasses.replace(other, skills=one.skills), *rest)
    assert one.skills != other.skills
    found = losses.compare(CREDENTIAL, with_achievement(outcomes=swapped))
    assert found == (Loss("achievement.outcomes", "arrangement"),)


def test_open_badges_with_the_terms_of_elm_loses_nothing():
    assert losses.compare(CREDENTIAL, open_badges.read(open_badges.write(CREDENTIAL))) == ()


def test_plain_open_badges_loses_what_it_has_no_room_for():
    document = open_badges.write(CREDENTIAL, plain=True)
    found = losses.compare(CREDENTIAL, open_badges.read(document))
    assert [name for name in _names(document) if "://" in name] == []
    assert {loss.element for loss in found if loss.way == "languages"} == {
        "achievement.title",
        "achievement.description",
        "achievement.awarding_body.name",
        "issuer.name",
    }
    left_out = {loss.element.removeprefix("achievement.") for loss in found if loss.way == "left-out"}
    assert {"outcomes.text", "eqf_level", "assessments", "quality_assurance", "stackable"} < left_out
    assert left_out.isdisjoint({"title", "workload_ects", "outcomes.skills", "criteria", "result.grade"})


def _names(value):
    if isinstance(value, dict):
        for name, entry in value.items():
            yield name
            yield from _names(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _names(entry)
