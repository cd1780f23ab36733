"""Every finding of the core can be said in the reader's language, and says in English what the core says."""

import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import translation

from openmcx.credentials.findings import SENTENCES, Finding
from openmcx.credentials.formats import recognise
from openmcx.credentials.report import CHECKS, Outcome, Verdict
from openmcx.kernel import http
from openmcx.verification import mapping
from openmcx.verification.mapping.shown import CHECKS as CHECK_TITLES
from openmcx.verification.mapping.shown import OUTCOMES, VERDICTS


def test_every_code_has_its_sentence_word_by_word() -> None:
    with translation.override("en"):
        assert {code: str(text) for code, text in mapping.SENTENCES.items()} == SENTENCES


def test_every_kind_of_document_has_its_name() -> None:
    tree = ast.parse(Path(recognise.__file__).read_text("utf-8"))
    named = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"an? [A-Za-z].{1,57}$", node.value)
    }
    assert set(mapping.KINDS) == named


def test_every_reason_for_not_fetching_has_its_words() -> None:
    assert set(http.MESSAGES) < set(mapping.REASONS)


def test_every_check_outcome_and_verdict_has_its_word() -> None:
    assert tuple(CHECK_TITLES) == CHECKS
    assert set(OUTCOMES) == set(Outcome)
    assert set(VERDICTS) == set(Verdict)


def test_dates_and_names_inside_sentences_are_said_in_the_reader_s_way() -> None:
    finding = Finding("headline-expired", {"date": dt.date(2026, 5, 4).isoformat()})
    with translation.override("en"):
        assert mapping.sentence(finding) == "Expired on 4 May 2026: it was genuine, but is not valid any more."
    known = Finding("issuer-known", {"issuer": "University of Lakeside"})
    assert "Järvenrannan" in mapping.sentence(known, issuer="Järvenrannan yliopisto")


@pytest.mark.parametrize("hostile", ["{0}", "{issuer.__class__}", "%(x)s", "</p><script>"])
def test_what_a_document_says_is_never_taken_for_a_placeholder(hostile: str) -> None:
    finding = Finding("issuer-named-otherwise", {"issuer": "Lakeside", "claimed": hostile})
    assert hostile in mapping.sentence(finding)
