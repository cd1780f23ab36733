"""What changed is told element by element, in words, and nothing else is."""

from dataclasses import replace
from decimal import Decimal

from openmcx.catalogue.mapping.difference import Change, Nature, compare, segments
from openmcx.credentials.model import LangText, LearningOutcome, Participation
from tests.factories.catalogue import complete_achievement

BEFORE = complete_achievement()


def told(changes: list[Change]) -> list[tuple[str, str, str, str]]:
    return [(change.where, change.nature.value, change.before, change.after) for change in changes]


def test_the_same_says_nothing() -> None:
    assert compare(BEFORE, complete_achievement()) == []


def test_address_awarding_body_and_version_are_no_change() -> None:
    assert compare(BEFORE, replace(BEFORE, id="urn:other", version="2")) == []


def test_scalars_are_told_in_words_with_their_unit() -> None:
    after = replace(BEFORE, workload_ects=Decimal(4), participation=Participation.ONLINE, contact_hours=None)
    assert told(compare(BEFORE, after)) == [
        ("Notional workload in ECTS credits", "changed", "3 ECTS", "4 ECTS"),
        ("Certified hours of attendance", "removed", "24.5 hours", ""),
        ("Form of participation", "changed", "Blended: partly on site, partly online", "Online"),
    ]


def test_texts_are_told_by_language_and_word() -> None:
    after = replace(
        BEFORE, description=LangText({"en": "Robots working beside people.", "de": BEFORE.description["de"]})
    )
    (change,) = compare(BEFORE, after)
    assert (change.where, change.lang) == ("Description (English)", "en")
    assert [(one.operation, one.text) for one in change.segments] == [
        ("keep", "Robots"),
        ("insert", " working"),
        ("keep", " beside people."),
    ]


def test_a_reworded_outcome_is_the_same_outcome() -> None:
    first, second = BEFORE.outcomes
    reworded = replace(first, text=first.text.merged({"en": "Plan a safe shared workspace"}))
    (change,) = compare(BEFORE, replace(BEFORE, outcomes=(reworded, second)))
    assert (change.where, change.nature) == ("Learning outcome 1 › The learner can … (English)", Nature.CHANGED)


def test_added_removed_and_moved_outcomes_are_told_apart() -> None:
    first, second = BEFORE.outcomes
    new = LearningOutcome(text=LangText({"en": "Program a gripper"}))
    added = compare(BEFORE, replace(BEFORE, outcomes=(first, second, new)))
    assert told(added) == [("Learning outcome 3", "added", "", "The learner can … (English): Program a gripper")]
    (removed,) = compare(BEFORE, replace(BEFORE, outcomes=(second,)))
    assert (removed.where, removed.nature) == ("Learning outcome 1", Nature.REMOVED)
    (moved,) = compare(BEFORE, replace(BEFORE, outcomes=(second, first)))
    assert (moved.nature, moved.after) == (Nature.MOVED, "Moved from place 1 to place 2.")


def test_segments_hold_both_texts_whole() -> None:
    before, after = "a b c — d\ne", "a x c — d\ne f"
    found = segments(before, after)
    assert "".join(one.text for one in found if one.operation != "insert") == before
    assert "".join(one.text for one in found if one.operation != "delete") == after


def test_long_texts_are_not_compared_word_by_word() -> None:
    before, after = "word " * 4000, "Word " * 4000
    assert [one.operation for one in segments(before, after)] == ["delete", "insert"]


def test_texts_that_share_nothing_stand_one_after_the_other() -> None:
    found = segments("Small firms automate.", "Another need altogether")
    assert [(one.operation, one.text) for one in found] == [
        ("delete", "Small firms automate."),
        ("insert", "Another need altogether"),
    ]
