"""The gallery shows every component there is, and the reference says the same."""

import inspect
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.template import Template, TemplateSyntaxError
from django.test import Client

from openmcx.ui import gallery
from openmcx.ui.gallery import Example, Group, tag
from openmcx.ui.gallery.registry import REGISTRY
from openmcx.ui.templatetags import concepts, ui
from scripts import reference_components
from tests.architecture.test_permission_matrix import faults_of_page

COMPONENTS = Path(inspect.getfile(ui)).parents[1] / "templates" / "ui" / "components"


def test_every_component_tag_is_declared() -> None:
    tags = [*ui.register.tags, *concepts.register.tags]
    assert sorted(tags) == sorted(one.tag for one in REGISTRY.values() if one.tag)


def test_every_template_of_a_component_is_declared() -> None:
    declared = [name for one in REGISTRY.values() for name in one.templates]
    assert sorted(path.name for path in COMPONENTS.iterdir()) == sorted(declared)


@pytest.mark.django_db
@pytest.mark.parametrize("name", REGISTRY)
def test_every_example_is_shown_on_a_whole_page(name: str) -> None:
    answer = Client().get(f"/gallery/{name}/?theme=dark&dir=rtl")
    assert answer.status_code == 200
    assert faults_of_page(answer) == []
    page = BeautifulSoup(answer.content, "html.parser")
    assert (page.html["dir"], page.html["data-theme"]) == ("rtl", "dark")
    assert [section.h2.get_text() for section in page.select("section.example")] == [
        example.name for example in REGISTRY[name].examples
    ]
    props = [cell.get_text() for cell in page.select("main > div > .table-scroll th[scope=row]")]
    assert props == [prop.name for prop in REGISTRY[name].props]


@pytest.mark.django_db
def test_what_is_code_is_shown_as_code() -> None:
    pages = ["/gallery/", *(f"/gallery/{name}/" for name in REGISTRY)]
    for address in pages:
        page = BeautifulSoup(Client().get(address).content, "html.parser")
        for code in page.select("pre, .example-stage"):
            code.decompose()
        assert "`" not in page.main.get_text(), address
    assert str(gallery.with_code("a `b <c>` and ``d``")) == "a <code>b &lt;c&gt;</code> and <code>d</code>"


@pytest.mark.django_db
def test_the_gallery_leads_to_every_component_and_is_not_for_search_engines() -> None:
    answer = Client().get("/gallery/")
    page = BeautifulSoup(answer.content, "html.parser")
    links = [link["href"] for link in page.select(".gallery-list a")]
    assert sorted(links) == sorted(f"/gallery/{name}/" for name in REGISTRY)
    assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db
def test_a_form_among_the_examples_leads_back_to_them() -> None:
    assert Client().post("/gallery/form/")["Location"] == "/gallery/form/"
    assert Client().get("/gallery/nothing-of-the-kind/").status_code == 404


def test_a_mistake_says_what_the_component_takes() -> None:
    with pytest.raises(TemplateSyntaxError, match="“post_button” takes: url, text, icon_name="):
        Template('{% load ui %}{% post_button "/" "x" colour="red" %}')


def test_a_mistake_inside_a_block_is_told_of_the_inner_component_alone() -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        Template('{% load ui %}{% notification "ok" "x" %}{% status "ok" %}{% endnotification %}')
    assert "“status” takes: state, text." in str(caught.value)
    assert "“notification” takes" not in str(caught.value)


def test_a_declaration_names_the_props_that_the_component_has() -> None:
    examples = (Example(name="one", source=""),)
    with pytest.raises(ValueError, match="say what “text” is for"):
        tag(ui.status, group=Group.CONTENT, docs={"state": "x"}, examples=examples)
    with pytest.raises(ValueError, match=r"has no \['size'\]; it takes: state, text"):
        tag(ui.status, group=Group.CONTENT, docs={"state": "x", "text": "x", "size": "x"}, examples=examples)
    with pytest.raises(ValueError, match="needs examples"):
        tag(ui.status, group=Group.CONTENT, docs={"state": "x", "text": "x"}, examples=())


def test_the_page_of_components_is_up_to_date() -> None:
    assert reference_components.PAGE.read_text("utf-8") == reference_components.page(), (
        "run `make docs` and commit the page"
    )


def test_what_has_no_default_must_be_given() -> None:
    props = {prop.name: prop.default for prop in REGISTRY["status"].props}
    assert props == {"state": gallery.REQUIRED, "text": gallery.REQUIRED}
