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


def _walk(
    patterns: list[URLPattern | URLResolver], namespaces: tuple[str, ...] = (), route: str = "/"
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner, here)
        else:
            yield ":".join([*namespaces, pattern.name or f"<{here}>"]), here


@cache
def names() -> dict[str, str]:
    """This will map the name of every address of the node to its route; an address without a name shows its route."""
    return dict(_walk(get_resolver().url_patterns))


def ours() -> list[str]:
    """This will name the addresses that are ours."""
    return sorted(name for name in names() if not FOREIGN.match(name))


def _texts(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
        elif isinstance(one, ast.JoinedStr):
            for filler in PLACEHOLDERS:
                parts = [str(part.value) if isinstance(part, ast.Constant) else filler for part in one.values]
                yield "".join(parts)
                if not isinstance(one.values[0], ast.Constant):  # f"{API}/credentials/{number}"
                    yield "".join(["/api/v1", *parts[1:]])


def _asked(text: str) -> Iterator[str]:
    """The addresses that a text in a test may mean: a name, a path (of the API too), or the only route's end."""
    if text in names():
        yield text
    elif text.startswith("/") and " " not in text:
        for path in (text.split("?")[0], f"/api/v1{text.split('?')[0]}"):
            try:
                yield resolve(path).view_name
            except Resolver404:
                continue
    if re.fullmatch(r"/?[a-z-]{4,}/?", text):
        ends = [name for name in ours() if names()[name].endswith(f"/{text.lstrip('/')}")]
        if len(ends) == 1:
            yield ends[0]


@cache
def tested() -> frozenset[str]:
    """This will name the addresses that tests ask for, by name or by path."""
    folder = source.ROOT / "tests"
    files = [path for path in sorted(folder.rglob("test_*.py")) if path.parent != folder / "architecture"]
    return frozenset(name for path in files for text in _texts(source.tree(path)) for name in _asked(text))
