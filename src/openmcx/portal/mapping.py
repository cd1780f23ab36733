"""The legal texts' Markdown as HTML: paragraphs, headings, lists, emphasis, quotations and links, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

# What a link may lead to: pages of the web and of this node, mail and telephone.
_LINK = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)
_LEFT_OUT = ["code", "fence", "html_block", "html_inline", "image", "backticks", "reference", "entity"]
_DEEPEST = 6


def to_html(text: str, *, below: int = 1) -> SafeString:
    """This will turn Markdown into HTML that is safe to show, whoever wrote it.

    Its headings begin one level below the heading of level `below` under which the text stands, and leave no level out.
    Markup of HTML is shown as the characters it consists of.
    """
    reader = _reader()
    tokens = reader.parse(text)
    _place_headings(tokens, below)
    return SafeString(
        reader.renderer.render(tokens, reader.options, {})
    )  # it escapes all text; raw HTML is switched off


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False, "maxNesting": 20})
    reader.disable(_LEFT_OUT)
    reader.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]  # the library's own way to change it
    return reader


def _place_headings(tokens: Sequence[Token], below: int) -> None:
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(below + len(above), _DEEPEST)}"
