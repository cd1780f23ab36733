"""Every page template has a title, one h1, a language and a skip link; fragments and e-mails have none of their own.

Pages get language and skip link from `ui/base.html`, so a page is a template that extends it. What is rendered is
looked at again, page by page, in test_permission_matrix.py.
"""

import functools
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

from tests.architecture import source

BASE = "ui/base.html"
# Where the one h1 of a page may come from: the tag itself, our page head, allauth's element.
H1 = re.compile(r"<h1[\s>]|{%\s*page_head\s|{%\s*element\s+h1\s*%}")
THE_H1_ITSELF = {"ui/components/page_head.html", "allauth/elements/h1.html"}
EXTENDS = re.compile(r"""{%\s*extends\s+["']([^"']+)["']\s*%}""")
BLOCK = re.compile(r"{%\s*(block|endblock)\b\s*(\w*)\s*%}")
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)
MAIL = {"mail", "email", "emails"}


@functools.cache
def text(name: str) -> str:
    """This will give a template's source without comments; templates of libraries are found as Django finds them."""
    path = source.templates().get(name)
    return COMMENT.sub("", path.read_text("utf-8") if path else get_template(name).template.source)  # type: ignore[attr-defined]


def chain(name: str) -> list[str]:
    """This will follow `extends` up to the template that extends nothing."""
    names = [name]
    while parent := EXTENDS.search(text(names[-1])):
        assert parent[1] not in names, f"{name} extends itself"
        names.append(parent[1])
    return names


def blocks(markup: str) -> dict[str, str]:
    """This will give the content of every block of a template, inner blocks included in the outer ones."""
    found: dict[str, str] = {}
    opened: list[tuple[str, int]] = []
    for tag in BLOCK.finditer(markup):
        if tag[1] == "block":
            opened.append((tag[2], tag.end()))
        elif opened:
            name, start = opened.pop()
            found[name] = markup[start : tag.start()]
    return found


def is_mail(name: str) -> bool:
    return bool(MAIL & set(Path(name).parts[:-1]))


HTML = sorted(name for name in source.templates() if name.endswith(".html") and not is_mail(name))
# A template that extends nothing is a fragment. Were it a page after all, test_permission_matrix.py would say so.
FRAGMENTS = [name for name in HTML if not EXTENDS.search(text(name)) and name != BASE]
EXTENDED = {parent for name in HTML for parent in chain(name)[1:]}
PAGES = [name for name in HTML if EXTENDS.search(text(name)) and name not in EXTENDED and "layouts" not in name]


def test_the_base_has_language_title_heading_and_skip_link() -> None:
    markup = text(BASE)
    assert re.search(r"<html lang=\"{{ \w+ }}\"", markup)
    assert len(re.findall(r"<title>", markup)) == 1
    assert len(H1.findall(markup)) == 1
    skip = re.search(r"<body[^>]*>\s*<a class=\"skip-link\" href=\"#(\w+)\">", markup)
    assert skip
    assert f'<main id="{skip[1]}"' in markup


@pytest.mark.parametrize("name", PAGES)
def test_page_stands_on_the_base(name: str) -> None:
    assert chain(name)[-1] == BASE


@pytest.mark.parametrize("name", PAGES)
def test_page_has_a_title_and_one_heading(name: str) -> None:
    above = chain(name)[:-1]
    filled = {block: content for link in reversed(above) for block, content in blocks(text(link)).items()}
    assert any(filled.get(block, "").strip() for block in ("head_title", "title")), f"{name} leaves “title” empty"
    own = sum(len(H1.findall(text(link))) for link in above)
    if "page_head" in filled:
        assert own == 1, f"{name} replaces “page_head” and must have exactly one h1"
    else:
        assert (own, bool(filled.get("heading", "").strip())) == (0, True), (
            f"{name} fills “heading” and has no other h1"
        )


@pytest.mark.parametrize("name", FRAGMENTS)
def test_fragment_brings_no_page_of_its_own(name: str) -> None:
    markup = text(name)
    assert not re.search(r"<html|<title|<body|<main", markup), name
    assert name in THE_H1_ITSELF or not H1.search(markup), f"{name} holds an h1, which belongs to the page"


@pytest.mark.parametrize("name", HTML)
def test_nothing_in_a_template_breaks_the_content_security_policy(name: str) -> None:
    markup = text(name)
    inline = re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", markup)
    handlers = re.findall(r"<[a-z][^>]*\son[a-z]+=", markup)
    styles = re.findall(r"<style[\s>]", markup)
    outside = re.findall(r"""(?:src|<link[^>]*href)=["']https?://""", markup)
    assert (inline, handlers, styles, outside) == ([], [], [], [])


def test_every_static_file_that_a_template_names_is_there() -> None:
    named = {
        (name, file)
        for name, path in source.templates().items()
        for file in re.findall(r"""{%\s*static\s+["']([^"']+)["']\s*%}""", path.read_text("utf-8"))
    }
    assert named
    assert sorted((name, file) for name, file in named if not finders.find(file)) == []
