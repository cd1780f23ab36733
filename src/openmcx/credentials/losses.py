"""What an award loses on its way into a format: said before it is issued, not found out afterwards.

No list of what a format can hold is kept, as such a list would grow old. The award is written and read back, and what
is not there any more is what was lost:

    losses = compare(credential, read_back)
    [finding.sentence for finding in findings(losses, "european-digital-credential")]
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from openmcx.credentials.findings import Finding
from openmcx.credentials.model import Credential, LangText
from openmcx.credentials.wording import ELEMENTS

type Way = Literal["left-out", "languages", "partly", "arrangement"]
"""How an element suffers: it is gone; some languages of it are; some of its values are; what belongs together is not
kept together."""

_CODES: Mapping[Way, str] = {
    "left-out": "loss-left-out",
    "languages": "loss-languages",
    "partly": "loss-partly",
    "arrangement": "loss-arrangement",
}


@dataclass(frozen=True, slots=True)
class Loss:
    """One element that a format cannot hold as it is.

    ``element`` is its place in the model, such as ``achievement.outcomes.skills``; ``languages`` are the language tags
    of the texts that go, where only some do; ``values`` counts the single values that go.
    """

    element: str
    way: Way
    languages: tuple[str, ...] = ()
    values: int = 0

    def finding(self, target: str) -> Finding:
        """This will put the loss into a sentence; ``target`` is a code of `wording.KINDS`."""
        params: dict[str, object] = {"element": word_for(self.element), "kind": target}
        if self.way == "languages":
            params["languages"] = ", ".join(self.languages)
        return Finding(_CODES[self.way], params)

    def as_dict(self, target: str) -> dict[str, Any]:
        """This will give the loss for JSON."""
        found = {"element": self.element, "way": self.way, "values": self.values, **self.finding(target).as_dict()}
        return {**found, "languages": list(self.languages)} if self.languages else found


def compare(before: Credential, after: Credential) -> tuple[Loss, ...]:
    """This will tell which elements of the first are not in the second, in the order of the model."""
    had, has = _leaves(before), _leaves(after)
    losses: dict[str, Loss] = {}
    for path, values in had.items():
        gone = _gone(values, has.get(path, Counter()))
        if gone:
            losses[path] = _loss(path, values, gone)
    whole = _gathered(losses, had)
    for name in _differing(before, after):
        if not any(loss.element == name or loss.element.startswith(f"{name}.") for loss in whole):
            whole.append(Loss(name, "arrangement"))
    order = {path: place for place, path in enumerate(had)}
    return tuple(sorted(whole, key=lambda loss: _place(loss.element, order)))


def findings(found: Iterable[Loss], target: str) -> tuple[Finding, ...]:
    """This will put losses into sentences, each of them once: parts without a word of their own share one."""
    told = {finding.sentence: finding for finding in (loss.finding(target) for loss in found)}
    return tuple(told.values())


def word_for(element: str) -> str:
    """This will give the code in `wording.ELEMENTS` of an element or of the nearest that it is a part of."""
    name = element
    while name not in ELEMENTS and "." in name:
        name = name.rpartition(".")[0]
    return name


def _leaves(value: Any, path: str = "") -> dict[str, Counter[tuple[str, str]]]:
    found: dict[str, Counter[tuple[str, str]]] = {}
    for where, tag, text in _walk(value, path):
        found.setdefault(where, Counter())[tag, text] += 1
    return found


def _walk(value: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """This will give each single value: its place, its language if it is a text in one, and itself as text."""
    if isinstance(value, LangText):
        for tag, text in value.items():
            yield path, tag, text
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _walk(getattr(value, field.name), f"{path}.{field.name}".lstrip("."))
    elif isinstance(value, tuple):
        for entry in value:
            yield from _walk(entry, path)
    elif value is not None and value != "":
        yield path, "", str(value)


def _gone(values: Counter[tuple[str, str]], kept: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    gone = values - kept
    # A text whose language is not stated any more is still there.
    untagged = Counter({text: count for (tag, text), count in (kept - values).items() if tag == "und"})
    for tag, text in list(gone):
        if tag and untagged[text]:
            del gone[tag, text]
    return gone


def _loss(path: str, values: Counter[tuple[str, str]], gone: Counter[tuple[str, str]]) -> Loss:
    count = gone.total()
    if count == values.total():
        return Loss(path, "left-out", values=count)
    kept = {tag for tag, _text in values - gone}
    lost = {tag for tag, _text in gone}
    if not lost & kept:
        return Loss(path, "languages", tuple(sorted(lost)), count)
    return Loss(path, "partly", values=count)


def _gathered(losses: Mapping[str, Loss], had: Mapping[str, Any]) -> list[Loss]:
    """This will name a whole that is gone with all its parts once, by its own name."""
    parents: dict[str, list[str]] = {}
    for path in had:
        parent, _, _part = path.rpartition(".")
        while parent:
            parents.setdefault(parent, []).append(path)
            parent = parent.rpartition(".")[0]
    gone = {path for path, loss in losses.items() if loss.way == "left-out"}
    # "achievement" or "learner" as a whole would say too little; what stands in them is named.
    wholes = [
        parent for parent, parts in parents.items() if "." in parent and len(parts) > 1 and gone.issuperset(parts)
    ]
    outermost = [one for one in wholes if not any(one.startswith(f"{other}.") for other in wholes)]
    covered = {path for parent in outermost for path in parents[parent]}
    named = [Loss(one, "left-out", values=sum(losses[path].values for path in parents[one])) for one in outermost]
    return [*(loss for path, loss in losses.items() if path not in covered), *named]


def _differing(before: Credential, after: Credential) -> Iterator[str]:
    for name in ("issuer", "achievement", "learner", "result"):
        one, other = getattr(before, name), getattr(after, name)
        if one is None or other is None or one == other:
            continue
        for field in dataclasses.fields(one):
            mine, theirs = getattr(one, field.name), getattr(other, field.name)
            if isinstance(mine, tuple) and mine != theirs and _leaves(mine) == _leaves(theirs):
                yield f"{name}.{field.name}"
    if before.status != after.status and _leaves(before.status) == _leaves(after.status):
        yield "status"


def _place(element: str, order: Mapping[str, int]) -> int:
    return min((place for path, place in order.items() if path == element or path.startswith(f"{element}.")), default=0)
