"""Every page template has a title, one h1, a language and a skip link; fragments and e-mails have none of their own.

Pages get language and skip link from `ui/base.html`, so a page is a template that extends it. What is rendered is
looked at again, page by page, in test_permission_matrix.py.
"""

import re
from pathlib import Path

import pytest

from tests.architecture import source

BASE = "ui/base.html"
PAGE_HEAD = "ui/components/page_head.html"
EXTENDS = re.compile(r"""{%\s*extends\s+["']([^"']+)["']\s*%}""")
BLOCK = re.compile(r"{%\s*block\s+(\w+)\s*%}")
TAGS = re.compile(r"{%\s*(block|endblock)\b\s*(\w*)\s*%}")
H1 = re.compile(r"<h1[\s>]|{%\s*page_head\s")  # the component that a page's head is made of holds its h1
INCLUDE = re.compile(r"""{%\s*include\s+["']([^"']+)["']""")
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)


def text(name: str) -> str:
    return COMMENT.sub("", source.templates()[name].read_text("utf-8"))


INCLUDED = {included for name in source.templates() for included in INCLUDE.findall(text(name))}


def is_fragment(name: str) -> bool:
    """Whether a template is part of a page or another kind of document: included, in such a folder, or _named so."""
    path = Path(name)
    if path.suffix != ".html" or path.name.startswith("_") or name in INCLUDED:
        return True
    return bool(FRAGMENT_FOLDERS & set(path.parts[:-1]))


FRAGMENT_FOLDERS = {
    "components",
    "partials",
    "mail",
    "email",
    "emails",
    "elements",
    "layouts",
    "crispy",
    "django_tables2",
}


def blocks(markup: str) -> dict[str, str]:
    """This will give the content of every block of a template, inner blocks included in the outer ones."""
    found: dict[str, str] = {}
    opened: list[tuple[str, int]] = []
    for tag in TAGS.finditer(markup):
        if tag[1] == "block":
            opened.append((tag[2], tag.end()))
        elif opened:
            name, start = opened.pop()
            found[name] = markup[start : tag.start()]
    return found


def chain(name: str) -> list[str]:
    """This will follow `extends` up to a template that extends nothing of ours."""
    names = [name]
    while True:
        parent = EXTENDS.search(text(names[-1]))
        if parent is None or parent[1] not in source.templates():
            return names
        assert parent[1] not in names, f"{name} extends itself"
        names.append(parent[1])


def filled(name: str) -> dict[str, str]:
    """This will give the blocks that a page or the templates between it and the base fill, the page's own first."""
    result: dict[str, str] = {}
    for link in chain(name)[:-1]:
        result = blocks(text(link)) | result
    return result


PAGES = sorted(name for name in source.templates() if not is_fragment(name) and name != BASE)
FRAGMENTS = sorted(name for name in source.templates() if is_fragment(name) and name.endswith(".html"))


def is_page_base(name: str) -> bool:
    """Whether other pages extend this one: then they fill what it leaves open."""
    return any(name in chain(other)[1:] for other in PAGES)


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
    assert chain(name)[-1] == BASE, f"{name} must extend {BASE}, or be named _{Path(name).name} if it is a fragment"


@pytest.mark.parametrize("name", [name for name in PAGES if not is_page_base(name)])
def test_page_has_a_title_and_one_heading(name: str) -> None:
    content = filled(name)
    assert content.get("title", "").strip(), f"{name} leaves the block “title” empty"
    head = content.get("page_head")
    if head is not None and not content.get("heading", "").strip():
        assert len(H1.findall(head)) == 1, f"{name} replaces “page_head” and must put exactly one h1 there"
    else:
        assert content.get("heading", "").strip(), f"{name} leaves the block “heading” empty"
    elsewhere = [block for block, markup in blocks(text(name)).items() if block != "page_head" and H1.search(markup)]
    assert elsewhere == [], f"{name} has a second h1"


@pytest.mark.parametrize("name", FRAGMENTS)
def test_fragment_brings_no_page_of_its_own(name: str) -> None:
    if {"mail", "email", "emails"} & set(Path(name).parts):
        return
    markup = text(name)
    assert not re.search(r"<html|<title|<body|<main", markup), name
    assert name == PAGE_HEAD or not H1.search(markup), f"{name} holds an h1, which belongs to the page"


@pytest.mark.parametrize("name", sorted(name for name in source.templates() if name.endswith(".html")))
def test_nothing_in_a_template_breaks_the_content_security_policy(name: str) -> None:
    markup = text(name)
    if {"mail", "email", "emails"} & set(Path(name).parts):
        return
    inline = re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", markup)
    handlers = re.findall(r"<[a-z][^>]*\son[a-z]+=", markup)
    styles = re.findall(r"<style[\s>]", markup)
    outside = re.findall(r"""(?:src|<link[^>]*href)=["']https?://""", markup)
    assert (inline, handlers, styles, outside) == ([], [], [], [])
