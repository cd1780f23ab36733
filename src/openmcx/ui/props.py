"""What a component takes, read from its function."""

from __future__ import annotations

import inspect
from collections.abc import Callable


def parameters(function: Callable[..., object]) -> list[inspect.Parameter]:
    """This will list what may be given to a tag in a template."""
    hidden = {"context", "content"}
    return [one for one in inspect.signature(function).parameters.values() if one.name not in hidden]


def accepted(function: Callable[..., object]) -> str:
    """This will say in one line what a tag takes: ``heading, lead="", kicker=""``."""
    return ", ".join(_written(one) for one in parameters(function)) or "nothing"


def _written(one: inspect.Parameter) -> str:
    if one.kind is inspect.Parameter.VAR_POSITIONAL:
        return f"{one.name} …"
    if one.kind is inspect.Parameter.VAR_KEYWORD:
        return "name=value …"
    return one.name if one.default is inspect.Parameter.empty else f"{one.name}={written_default(one.default)}"


def written_default(value: object) -> str:
    """This will write a default as in a template."""
    return f'"{value}"' if isinstance(value, str) else str(value)
