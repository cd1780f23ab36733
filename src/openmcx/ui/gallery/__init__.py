"""What a component is declared as: its name, what it is for, its props, and examples of every state it has.

The gallery and docs/reference/components.md are both made from these declarations, so they cannot tell two stories.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from openmcx.ui.props import accepted, parameters, written_default

REQUIRED = None
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"(`{1,2})([^`]+)\1")


def with_code(text: str) -> SafeString:
    """This will write what stands between backticks, as in docstrings and Markdown, as code on a page."""
    return mark_safe(_CODE.sub(r"<code>\2</code>", conditional_escape(text)))  # noqa: S308 - escaped before


class Group(StrEnum):
    """Where a component stands in the gallery."""

    PAGE = "The page and the way around"
    CONTENT = "Content and states"
    FORM = "Forms"
    LIST = "Lists and tables"
    CREDENTIAL = "Credentials"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prop:
    """One thing that a component takes. `default` is written as in a template; None says that it must be given."""

    name: str
    type: str
    doc: str
    default: str | None = REQUIRED

    @property
    def told(self) -> SafeString:
        return with_code(self.doc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A component in one state: template source that has the components loaded, and what it needs."""

    name: str
    source: str
    context: Callable[[], Mapping[str, object]] = dict
    note: str = ""

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.name):
            raise ValueError(f"“{self.name}” cannot be the name of an example; use small letters and hyphens.")

    @property
    def told(self) -> SafeString:
        return with_code(self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One component as it is declared."""

    name: str
    group: Group
    summary: str
    usage: str
    props: tuple[Prop, ...] = ()
    examples: tuple[Example, ...]
    tag: str = ""
    templates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.name):
            raise ValueError(f"“{self.name}” cannot be the name of a component; use small letters and hyphens.")
        names = [example.name for example in self.examples]
        if not names or len(set(names)) != len(names):
            raise ValueError(f"“{self.name}” needs examples, each with a name of its own; it has {names}.")

    @property
    def title(self) -> str:
        return self.name.replace("-", " ").capitalize()

    @property
    def told(self) -> SafeString:
        return with_code(self.summary)


def tag(
    function: Callable[..., object],
    *,
    group: Group,
    docs: Mapping[str, str],
    examples: tuple[Example, ...],
    name: str = "",
    summary: str = "",
    templates: tuple[str, ...] = (),
    is_block: bool = False,
) -> Component:
    """This will declare a template tag; names, types and defaults come from its function, the words from `docs`.

    Raises: ValueError when a prop has no words or words have no prop.
    """
    tag_name = function.__name__
    props = tuple(_props(function, docs))
    first = ((inspect.getdoc(function) or "").split("\n\n")[0]).removeprefix("This will ")
    return Component(
        name=name or tag_name.replace("_", "-"),
        group=group,
        summary=summary or first[:1].upper() + first[1:].split(":")[0].rstrip(".") + ".",
        usage=_usage(tag_name, props, is_block=is_block),
        props=props,
        examples=examples,
        tag=tag_name,
        templates=templates,
    )


def _props(function: Callable[..., object], docs: Mapping[str, str]) -> list[Prop]:
    found = []
    for one in parameters(function):
        if one.name not in docs:
            raise ValueError(f"{function.__name__}: say what “{one.name}” is for.")
        is_many = one.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        default: str | None = REQUIRED
        if is_many:
            default = "none"
        elif one.default is not inspect.Parameter.empty:
            default = written_default(one.default)
        found.append(Prop(name=one.name, type=str(one.annotation), doc=docs[one.name], default=default))
    unknown = sorted(set(docs) - {one.name for one in found})
    if unknown:
        raise ValueError(f"{function.__name__} has no {unknown}; it takes: {accepted(function)}.")
    return found


def _usage(tag_name: str, props: tuple[Prop, ...], *, is_block: bool) -> str:
    words = [tag_name, *(one.name if one.default is REQUIRED else f"{one.name}={one.default}" for one in props)]
    words = [word.replace("=none", " …") for word in words]
    opening = f"{{% {' '.join(words)} %}}"
    return f"{opening}…{{% end{tag_name} %}}" if is_block else opening
