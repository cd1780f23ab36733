"""Every address of the node by name, and which of them a test asks for."""

import ast
import re
import uuid
from collections.abc import Iterator
from functools import cache

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from tests.architecture import source

# Pages of django-allauth that we do not link to but cannot take away one by one; they hold nothing of ours.
FOREIGN = re.compile(r"^(account_|socialaccount_|mfa_|usersessions_|headless:|set_language$)")
# What stands for a part of an address that a test fills in: tried in this order.
PLACEHOLDERS = ("1", "a", str(uuid.UUID(int=1)), "a" * 22)


def _walk(patterns: list[URLPattern | URLResolver], namespaces: tuple[str, ...]) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner)
        else:
            yield ":".join([*namespaces, pattern.name or f"<{pattern.pattern}>"]), pattern


@cache
def names() -> dict[str, URLPattern]:
    """This will map the name of every address of the node to its pattern; an address without a name shows its path."""
    return dict(_walk(get_resolver().url_patterns, ()))


def ours() -> list[str]:
    """This will name the addresses that are ours."""
    return sorted(name for name in names() if not FOREIGN.match(name))


def _texts(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
        elif isinstance(one, ast.JoinedStr):
            for filler in PLACEHOLDERS:
                yield "".join(part.value if isinstance(part, ast.Constant) else filler for part in one.values)


@cache
def tested() -> frozenset[str]:
    """This will name the addresses that tests of pages and journeys ask for, by name or by path."""
    found = set()
    for folder in ("web", "journeys"):
        for path in sorted((source.ROOT / "tests" / folder).rglob("*.py")):
            for text in _texts(source.tree(path)):
                if text in names():
                    found.add(text)
                elif text.startswith("/") and " " not in text:
                    try:
                        found.add(resolve(text.split("?")[0]).view_name)
                    except Resolver404:
                        continue
    return frozenset(found)
