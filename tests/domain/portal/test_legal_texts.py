"""Legal texts: written by coordinators, published in versions that stay, shown as safe HTML."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import DatabaseError, transaction
from django.test import override_settings
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.models import AuditRecord
from openmcx.portal import operations, queries
from openmcx.portal.mapping import to_html
from openmcx.portal.models import LEGAL_TEXT_CHARACTERS, LegalDraft, LegalKind, LegalVersion
from tests.cast import Cast
from tests.factories.portal import legal_text

TAGS = {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "blockquote", "a", "br", "hr"}
SCHEMES = ("http://", "https://", "mailto:", "tel:", "/", "#")


# --- Markdown ---------------------------------------------------------------------------------------------------------


def test_what_is_written_is_shown() -> None:
    html = to_html(
        "# Who\n\nThe **office**, see [page](https://a.example/?b=1&c=2).\n\n- one\n- two\n\n1. first\n\n> said\n"
    )
    assert html == (
        '<h2>Who</h2>\n<p>The <strong>office</strong>, see <a href="https://a.example/?b=1&amp;c=2">page</a>.</p>\n'
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<ol>\n<li>first</li>\n</ol>\n<blockquote>\n<p>said</p>\n</blockquote>\n"
    )


@pytest.mark.parametrize(
    ("text", "below", "levels"),
    [
        ("# A\n## B\n# C", 1, ["h2", "h3", "h2"]),
        ("### A\n###### B\n## C", 1, ["h2", "h3", "h2"]),
        ("# A\n#### B\n### C\n###### D", 2, ["h3", "h4", "h4", "h5"]),
        ("A\n=\nB\n-", 1, ["h2", "h3"]),
        ("# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6", 2, ["h3", "h4", "h5", "h6", "h6", "h6"]),
    ],
)
def test_headings_leave_no_level_out(text: str, below: int, levels: list[str]) -> None:
    assert [tag.name for tag in BeautifulSoup(to_html(text, below=below), "html.parser").find_all()] == levels


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://elsewhere.example/track.png)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](//elsewhere.example/)",
        "[x](/\\elsewhere.example/)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        '[x](https://a.example "onmouseover=alert(1)" onload=1)',
        "```\n<b>\n```",
        "    <b>indented</b>",
        "`<b>`",
        "<!-- hidden -->",
    ],
)
def test_nothing_else_gets_through(text: str) -> None:
    assert faults(to_html(text)) == []


@given(st.text(alphabet="<>[]()!#*`_\"'\\&;:/ \njavscriptdonlohex=1.-", max_size=200))
def test_whatever_is_written_gives_known_tags_and_links(text: str) -> None:
    assert faults(to_html(text)) == []


def faults(html: str) -> list[str]:
    return [str(tag) for tag in BeautifulSoup(html, "html.parser").find_all() if not is_harmless(tag)]


def is_harmless(tag: Tag) -> bool:
    allowed = {"href", "title"} if tag.name == "a" else {"start"} if tag.name == "ol" else set()
    if tag.name not in TAGS or set(tag.attrs) - allowed:
        return False
    address = str(tag.get("href", "#"))
    return address.lower().startswith(SCHEMES) and not address.startswith(("//", "/\\"))


# --- writing and publishing -------------------------------------------------------------------------------------------


def save(cast: Cast, body: str, *, revision: int = 0, who: str = "carla", language: str = "en") -> LegalDraft:
    return operations.save_legal_text(
        by=cast.actor(getattr(cast, who)),
        at=timezone.now(),
        kind=LegalKind.IMPRINT,
        language=language,
        body=body,
        revision=revision,
    )


def publish(cast: Cast, *, revision: int, who: str = "carla") -> LegalVersion:
    return operations.publish_legal_text(
        by=cast.actor(getattr(cast, who)), at=timezone.now(), kind=LegalKind.IMPRINT, language="en", revision=revision
    )


@pytest.mark.django_db
def test_a_coordinator_writes_and_publishes_and_earlier_versions_stay(cast: Cast) -> None:
    assert LegalKind.IMPRINT in queries.missing_legal_texts()
    assert save(cast, "First\r\ntext ").body == "First\ntext"
    assert queries.legal_text(LegalKind.IMPRINT) is None
    assert publish(cast, revision=1).number == 1
    save(cast, "Second text", revision=1)
    assert queries.legal_text(LegalKind.IMPRINT).html == "<p>First\ntext</p>\n"
    assert publish(cast, revision=2).number == 2
    assert queries.legal_text(LegalKind.IMPRINT).html == "<p>Second text</p>\n"
    assert queries.legal_version(LegalKind.IMPRINT, "en", 1).html == "<p>First\ntext</p>\n"
    assert not queries.legal_version(LegalKind.IMPRINT, "en", 1).is_newest
    assert LegalKind.IMPRINT not in queries.missing_legal_texts()
    rows = AuditRecord.objects.filter(action__startswith="portal.legal-text.").order_by("number")
    assert [(row.action, row.data.get("number")) for row in rows] == [
        ("portal.legal-text.saved", None),
        ("portal.legal-text.published", 1),
        ("portal.legal-text.saved", None),
        ("portal.legal-text.published", 2),
    ]
    assert all("text" not in str(row.data.values()) for row in rows)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["mallory", "leon", "rita", "anna", "ada", "otto"])
def test_nobody_else_writes_or_publishes(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        save(cast, "Mine now", who=who)
    save(cast, "Ours")
    with pytest.raises(NotPermitted):
        publish(cast, revision=1, who=who)
    assert not LegalVersion.objects.exists()


@pytest.mark.django_db
def test_who_saved_meanwhile_is_not_overwritten(cast: Cast) -> None:
    save(cast, "One")
    for revision in (0, 2):
        with pytest.raises(Refusal) as caught:
            save(cast, "Other", revision=revision)
        assert caught.value.code == "legal-text-changed-meanwhile"
    save(cast, "Two", revision=1)
    with pytest.raises(Refusal) as caught:
        publish(cast, revision=1)
    assert caught.value.code == "legal-text-changed-meanwhile"
    assert LegalDraft.objects.get().body == "Two"


@pytest.mark.django_db
def test_what_cannot_be_published_is_refused(cast: Cast) -> None:
    def code(call) -> str:
        with pytest.raises(Refusal) as caught:
            call()
        return caught.value.code

    assert code(lambda: publish(cast, revision=0)) == "legal-text-empty"
    save(cast, " \n ")
    assert code(lambda: publish(cast, revision=1)) == "legal-text-empty"
    save(cast, "Text", revision=1)
    publish(cast, revision=2)
    assert code(lambda: publish(cast, revision=2)) == "legal-text-same"
    assert code(lambda: save(cast, "x" * (LEGAL_TEXT_CHARACTERS + 1), revision=2)) == "legal-text-too-long"
    assert code(lambda: save(cast, "x", language="tlh")) == "legal-language-unknown"


@pytest.mark.django_db
def test_what_was_published_cannot_be_changed_or_deleted(cast: Cast) -> None:
    made = legal_text()
    with pytest.raises(DatabaseError), transaction.atomic():
        LegalVersion.objects.filter(pk=made.pk).update(body="Otherwise")
    with pytest.raises(DatabaseError), transaction.atomic():
        LegalVersion.objects.filter(pk=made.pk).delete()


@pytest.mark.django_db
def test_the_reader_s_language_comes_first_then_the_node_s(cast: Cast) -> None:
    legal_text(language="de", body="Deutsch")
    legal_text(language="fi", body="Suomi")
    shown = {}
    for language in ("de", "fi", "es"):
        with override_settings(LANGUAGE_CODE="fi"), translation.override(language):
            text = queries.legal_text(LegalKind.IMPRINT)
            shown[language] = (text.language, text.is_in_your_language)
    assert shown == {"de": ("de", True), "fi": ("fi", True), "es": ("fi", False)}


@pytest.mark.django_db
def test_the_foot_links_pages_that_are_published(cast: Cast) -> None:
    assert queries.footer_links() == []
    legal_text(LegalKind.TERMS, language="fi")
    legal_text(LegalKind.CONTACT)  # stands in the accessibility statement
    assert [link.url for link in queries.footer_links()] == ["/legal/terms-of-use/"]


@pytest.fixture
def remembering() -> Iterator[LocMemCache]:
    """A process that remembers, as those of a node do."""
    here = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": uuid4().hex}
    with override_settings(CACHES={**settings.CACHES, "process": here}):
        yield caches["process"]


@pytest.mark.django_db
def test_a_process_asks_once_in_a_while_which_legal_pages_there_are(
    cast: Cast, remembering: LocMemCache, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert [queries.footer_links() for _page in range(3)] == [[], [], []]
    # Another process publishes: this one hears nothing, and asks again after the time that is promised.
    legal_text(LegalKind.TERMS)
    assert queries.footer_links() == []
    (until,) = remembering._expire_info.values()
    assert 0 < until - time.time() <= queries.FOOTER_SECONDS
    remembering.clear()
    with django_assert_num_queries(1):
        found = [[link.url for link in queries.footer_links()] for _page in range(3)]
    assert found == [["/legal/terms-of-use/"]] * 3


@pytest.mark.django_db
def test_a_process_that_publishes_a_legal_page_links_it_at_once(
    cast: Cast, remembering: LocMemCache, django_capture_on_commit_callbacks: Any
) -> None:
    assert queries.footer_links() == []
    with django_capture_on_commit_callbacks(execute=True):
        legal_text(LegalKind.TERMS)
    assert [link.url for link in queries.footer_links()] == ["/legal/terms-of-use/"]


@pytest.mark.django_db
def test_what_is_remembered_is_said_in_the_reader_s_language(cast: Cast, remembering: LocMemCache) -> None:
    legal_text(LegalKind.IMPRINT)
    said = []
    for language in ("en", "de"):
        with translation.override(language):
            said += [str(link.label) for link in queries.footer_links()]
    assert said == ["Legal notice", "Impressum"]
