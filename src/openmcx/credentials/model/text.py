"""Text in several languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Self

LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
# What readers of a language most likely read as well; English comes after these, as for everybody.
FALLBACKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"ca": ("es",), "cs": ("sk",), "eu": ("es",), "gl": ("es",), "sk": ("cs",)}
)


class LangText(Mapping[str, str]):
    """An immutable language map: BCP 47 tag to text, in the order written.

    ``LangText({"en": "Robotics", "de": "Robotik"})``; a plain string gets the tag ``und``
    (language not stated). Empty texts are left out, so an empty map is false.

    Source: JSON-LD 1.1 §4.2.4 language maps; BCP 47.
    """

    __slots__ = ("_texts",)
    _texts: dict[str, str]

    def __init__(self, texts: Mapping[str, str] | str | None = None) -> None:
        if isinstance(texts, str):
            texts = {"und": texts}
        cleaned = {}
        for tag, text in (texts or {}).items():
            if not LANGUAGE_TAG.fullmatch(tag):
                raise ValueError(f"{tag!r} is not a language tag")
            if not isinstance(text, str):
                raise TypeError(f"the text in {tag!r} is not a string")
            if text.strip():
                cleaned[tag] = text.strip()
        self._texts = cleaned

    def __getitem__(self, tag: str) -> str:
        return self._texts[tag]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._texts.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and self._texts == dict(other)

    def __repr__(self) -> str:
        return f"LangText({self._texts!r})"

    def __str__(self) -> str:
        return self.best()

    def best(self, *languages: str) -> str:
        """Return the text in the first of `languages` there is, or in what stands in for one, else English, else any.

        "" if empty.
        """
        return self._texts.get(self.best_tag(*languages), "")

    def best_tag(self, *languages: str) -> str:
        """Return the tag of what `best` returns, for the ``lang`` attribute; "" if empty."""
        stand_ins = (other for wanted in languages for other in FALLBACKS.get(_primary(wanted), ()))
        for wanted in (*languages, *stand_ins, "en"):
            if wanted in self._texts:
                return wanted
            for tag in self._texts:
                if _primary(tag) == _primary(wanted):
                    return tag
        return next(iter(self._texts), "")

    def merged(self, other: Mapping[str, str]) -> Self:
        """Return a map with the texts of `other` laid over these."""
        return type(self)({**self._texts, **other})

    def as_dict(self) -> dict[str, str]:
        return dict(self._texts)


def _primary(tag: str) -> str:
    return tag.split("-")[0].lower()
