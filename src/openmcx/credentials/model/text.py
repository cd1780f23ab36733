"""Text in several languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Self

LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")


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
        """Return the text in the first of `languages` there is, else English, else any; "" if empty."""
        for wanted in (*languages, "en"):
            if wanted in self._texts:
                return self._texts[wanted]
            primary = wanted.split("-")[0].lower()
            for tag, text in self._texts.items():
                if tag.split("-")[0].lower() == primary:
                    return text
        return next(iter(self._texts.values()), "")

    def best_tag(self, *languages: str) -> str:
        """Return the tag of what `best` returns, for the ``lang`` attribute; "" if empty."""
        text = self.best(*languages)
        return next((tag for tag, value in self._texts.items() if value == text), "")

    def merged(self, other: Mapping[str, str]) -> Self:
        """Return a map with the texts of `other` laid over these."""
        return type(self)({**self._texts, **other})

    def as_dict(self) -> dict[str, str]:
        return dict(self._texts)
