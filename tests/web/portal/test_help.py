"""The help: every word is explained, found, and explained where it is used; guides lead to pages that are there."""

import re

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from openmcx.catalogue.mapping.elements import SECTIONS
from openmcx.portal import queries
from openmcx.ui.concepts import CONCEPTS, GROUPS
from openmcx.verification.mapping.shown import CONCEPTS as OF_CHECKS
from openmcx.verification.mapping.shown import VERDICTS
from tests.architecture import source
from tests.web import pages

pytestmark = pytest.mark.django_db

IN_TEMPLATES = re.compile(r"""{%\s*concept\s+"([a-z-]+)"(?:\s+words=True)?\s*%}""")
IN_PYTHON = re.compile(r"""\bconcept="([a-z-]+)\"""")
# On the help page only: no page of today says them.
NOT_SAID_YET = {"exchangeable", "passkey"}


def used() -> set[str]:
    texts = [path.read_text("utf-8") for path in source.templates().values() if path.suffix == ".html"]
    found = {key for text in texts for key in IN_TEMPLATES.findall(text)}
    found |= {key for path in source.modules().values() for key in IN_PYTHON.findall(path.read_text("utf-8"))}
    found |= set(OF_CHECKS.values()) | set(VERDICTS)
    return found


def test_every_word_that_is_used_is_explained() -> None:
    assert sorted(used() - set(CONCEPTS)) == []


def test_every_explanation_is_used_or_said_to_be_of_the_help_alone() -> None:
    assert set(CONCEPTS) - used() == NOT_SAID_YET


def test_elements_name_words_that_are_there() -> None:
    def named(elements):
        for element in elements:
            yield element.concept
            yield from named(element.parts)

    assert {key for section in SECTIONS for key in named(section.elements)} - {""} <= set(CONCEPTS)


def test_each_explanation_is_one_to_three_sentences_and_asks_a_question() -> None:
    with translation.override("en"):
        lengths = {key: len(re.findall(r"[.!?](?=\s|$|”\s)", str(one.text))) for key, one in CONCEPTS.items()}
        assert {key: count for key, count in lengths.items() if not 1 <= count <= 3} == {}
        assert [key for key, one in CONCEPTS.items() if not str(one.question).endswith("?")] == []
        assert [key for key, one in CONCEPTS.items() if len(str(one.text)) > 330] == []


def test_the_words_are_those_of_the_glossary() -> None:
    glossary = (source.ROOT / "docs" / "glossary.md").read_text("utf-8")
    terms = set(re.findall(r"(?m)^\*\*(.+)\*\*$", glossary))
    assert sorted({one.glossary for one in CONCEPTS.values()} - terms) == []


def test_an_unknown_word_is_a_mistake_of_the_template() -> None:
    with pytest.raises(TemplateSyntaxError, match="no concept “eqf-levle”"):
        Template('{% load concepts %}{% concept "eqf-levle" %}').render(Context())


def test_a_button_opens_the_text_and_a_link_does_it_without() -> None:
    shown = Template('{% load concepts %}{% concept "eqf-level" %}{% concept "eqf-level" %}{% concept "" %}')
    soup = BeautifulSoup(shown.render(Context({"request": RequestFactory().get("/")})), "html.parser")
    buttons = soup.select("button.concept-button")
    assert [one["aria-label"] for one in buttons] == ["What is an EQF level?"] * 2
    targets = [soup.find(id=one["popovertarget"]) for one in buttons]
    assert [one.get("id") for one in targets] == ["concept-eqf-level", "concept-eqf-level-2"]
    assert all(one.has_attr("popover") for one in targets)
    assert {one["href"] for one in soup.select("a")} == {"/help/#eqf-level"}


def test_the_help_explains_every_word_and_lists_every_guide(client: Client) -> None:
    soup = pages.read(client.get("/help/"))
    assert [one["id"] for one in soup.select(".help-words > div")] == list(CONCEPTS)
    links = {one["href"] for one in soup.select(".help-guides a")}
    assert links == {f"/help/{one.key}/" for one in queries.GUIDES}
    assert [one.key for one in queries.GUIDES] == [
        "registrar", "author", "institution-admin", "coordinator", "learner", "employer",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "language", "found"),
    [
        ("eqf", "en", {"eqf-level"}),
        ("SIGNING key", "en", {"signing-key"}),
        ("<b>", "en", set()),
        ("no-such-word", "en", set()),
        ("microcredential eqf-level", "de", set()),
        ("eqf-level", "de", {"eqf-level"}),  # by its key, whatever the language
    ],
)
def test_words_are_looked_for(client: Client, words: str, language: str, found: set[str]) -> None:
    soup = pages.read(client.get("/help/", {"q": words}, headers={"accept-language": language}))
    keys = {one["id"] for one in soup.select(".help-words > div")}
    assert found <= keys
    if not found:
        assert keys == set()
        assert words in soup.select_one(".empty-state").get_text()
    assert soup.select_one("#help-q")["value"] == words


@pytest.mark.parametrize("guide", queries.GUIDES, ids=lambda guide: guide.key)
def test_each_guide_leads_to_pages_that_are_there(client: Client, guide: queries.Guide) -> None:
    soup = pages.read(client.get(reverse("portal:guide", kwargs={"key": guide.key})))
    assert len(soup.select(".guide-steps > li")) == len(guide.ways)
    wanted = [reverse(way.page) for way in guide.ways if way.page]
    assert [one["href"] for one in soup.select(".guide-steps a")] == wanted
    assert len(wanted) >= 2
    assert set(guide.concepts) <= set(CONCEPTS)


def test_there_is_no_guide_for_nobody(client: Client) -> None:
    pages.read(client.get("/help/nobody/"), 404)


def test_every_page_leads_to_the_help(client: Client) -> None:
    soup = pages.read(client.get("/about/"))
    assert [bool(soup.select(f"{part} a[href='/help/']")) for part in ("header", "footer")] == [True, True]


def test_groups_and_keys_are_unique() -> None:
    keys = [one.key for group in GROUPS for one in group.concepts] + [f"group-{group.key}" for group in GROUPS]
    assert len(set(keys)) == len(keys)
