"""One hour, two hours, half an hour: measures take the right form of their word."""

from decimal import Decimal

import pytest
from django.utils.translation import ngettext, override

from openmcx.credentials.model import Achievement, LangText, Organisation
from openmcx.issuing.mapping import presentation
from openmcx.ui.measures import plural_number
from openmcx.verification.mapping.shown import _workload


@pytest.mark.parametrize(
    ("value", "number"), [("1", 1), ("1.00", 1), ("0", 0), ("2", 2), ("1.5", 2), ("0.5", 2), ("30.00", 30)]
)
def test_a_fraction_takes_the_form_of_many(value: str, number: int) -> None:
    assert plural_number(Decimal(value)) == number


@pytest.mark.parametrize(
    ("ects", "hours", "said"),
    [
        ("1", "1", "1 ECTS credit, 1 hour of work"),
        ("1.5", "37.5", "1.5 ECTS credits, 37.5 hours of work"),
        ("2.00", None, "2 ECTS credits"),
        (None, "1", "1 hour of work"),
        (None, None, ""),
    ],
)
def test_the_report_counts_credits_and_hours(ects: str | None, hours: str | None, said: str) -> None:
    achievement = Achievement(
        id="urn:x",
        title=LangText("Robotics"),
        awarding_body=Organisation(id="did:web:x.example", name=LangText("X")),
        workload_ects=Decimal(ects) if ects else None,
        workload_hours=Decimal(hours) if hours else None,
    )
    assert _workload(achievement) == said


def test_the_learner_s_page_counts_hours() -> None:
    assert [presentation._hours(Decimal(value)) for value in ("1", "1.5", "80")] == ["1 hour", "1.5 hours", "80 hours"]
    with override("de"):
        many = ngettext("%(number)s hour", "%(number)s hours", 2) % {"number": "1,5"}
        assert presentation._hours(Decimal("1.5")) == many
