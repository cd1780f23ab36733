"""Every check, outcome and verdict of the core has its word on the page."""

from openmcx.credentials.report import CHECKS, Outcome, Verdict
from openmcx.verification.mapping.shown import CHECKS as CHECK_TITLES
from openmcx.verification.mapping.shown import OUTCOMES, VERDICTS


def test_every_check_outcome_and_verdict_has_its_word() -> None:
    assert tuple(CHECK_TITLES) == CHECKS
    assert set(OUTCOMES) == set(Outcome)
    assert set(VERDICTS) == set(Verdict)
