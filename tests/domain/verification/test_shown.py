"""Every check, outcome and verdict of the core has its word on the page."""

from django.utils.safestring import SafeString
from django.utils.translation import override

from openmcx.credentials.findings import Finding
from openmcx.credentials.report import CHECKS, Outcome, Verdict
from openmcx.ui.languages import written
from openmcx.ui.sentences import sentence
from openmcx.verification.mapping.shown import CHECKS as CHECK_TITLES
from openmcx.verification.mapping.shown import OUTCOMES, VERDICTS


def test_every_check_outcome_and_verdict_has_its_word() -> None:
    assert tuple(CHECK_TITLES) == CHECKS
    assert set(OUTCOMES) == set(Outcome)
    assert set(VERDICTS) == set(Verdict)


def test_a_name_in_another_language_says_so_in_the_sentence_too_and_no_parameter_becomes_markup() -> None:
    claimed = "<b>University</b> of {issuer} & %(x)s"
    finding = Finding("headline-issuer-named-otherwise", {"claimed": claimed, "issuer": "Lakeside"})
    with override("fi"):
        name = written({"en": "Lakeside <i>"}, noted=False)
        marked, plain = sentence(finding, issuer=name), sentence(finding, issuer="Järvenranta <i>")
    assert isinstance(marked, SafeString)
    assert '<span lang="en">Lakeside &lt;i&gt;</span>' in marked
    assert "&lt;b&gt;University&lt;/b&gt; of {issuer} &amp; %(x)s" in marked
    assert not isinstance(plain, SafeString)
    assert (claimed in plain, "Järvenranta <i>" in plain) == (True, True)
