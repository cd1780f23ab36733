"""What the core says is said in the reader's language."""

import datetime as dt

import pytest
from django.utils import translation

from openmcx.credentials.errors import DocumentError, KeyMaterialError
from openmcx.credentials.findings import Finding
from openmcx.credentials.wording import REASONS
from openmcx.kernel import http
from openmcx.ui.sentences import sentence, why_not_fetched
from openmcx.verification import adapters


def test_an_error_is_said_in_the_language_of_the_moment() -> None:
    error = DocumentError("too-many-statements", limit=7)
    assert sentence(error) == "The document makes more than 7 statements. Divide it."
    with translation.override("de"):
        assert sentence(error) != "The document makes more than 7 statements. Divide it."
        assert "7" in sentence(error)


def test_codes_inside_a_sentence_are_said_too() -> None:
    finding = Finding("key-not-reachable", {"address": "https://uni.example/did.json", "reason": "too-slow"})
    assert sentence(finding).endswith("could not be fetched (the server is too slow).")
    with translation.override("de"):
        assert why_not_fetched("too-slow") != REASONS["too-slow"]
        assert f"({why_not_fetched('too-slow')})" in sentence(finding)


def test_what_is_behind_an_error_is_said_after_it() -> None:
    error = KeyMaterialError("did-document-unreadable", did="did:web:a", because=DocumentError("document-empty"))
    assert sentence(error) == (
        "The DID document of “did:web:a” cannot be read. The document is empty. Choose the file that holds it."
    )


def test_every_reason_for_not_fetching_has_its_words() -> None:
    own = {"answer-refused", "answer-is-a-page", "budget-used-up"}  # verification's adapters
    assert adapters.NotFetched("answer-refused").code in own
    assert {code for code in (*http.MESSAGES, *own) if code not in REASONS} == set()


def test_dates_and_names_inside_sentences_are_said_in_the_reader_s_way() -> None:
    finding = Finding("headline-expired", {"date": dt.date(2026, 5, 4).isoformat()})
    assert sentence(finding) == "Expired on 4 May 2026: it was genuine, but is not valid any more."
    outside = Finding("status-list-wrong", {"address": "https://a"}, because=Finding("expired", {"date": "2026-05-04"}))
    assert sentence(outside).endswith("It expired on 4 May 2026.")
    known = Finding("issuer-known", {"issuer": "University of Lakeside"})
    assert "Järvenrannan" in sentence(known, issuer="Järvenrannan yliopisto")


@pytest.mark.parametrize("hostile", ["{0}", "{issuer.__class__}", "%(x)s", "</p><script>"])
def test_what_a_document_says_is_never_taken_for_a_placeholder(hostile: str) -> None:
    finding = Finding("issuer-named-otherwise", {"issuer": "Lakeside", "claimed": hostile})
    assert hostile in sentence(finding)
    unreachable = Finding("key-not-reachable", {"address": "https://a", "reason": "fetch-failed", "detail": hostile})
    assert hostile in sentence(unreachable)
