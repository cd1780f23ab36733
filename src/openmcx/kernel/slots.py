"""Questions that an app asks without knowing who answers.

A lower app declares a slot, higher apps register providers in ``apps.ready()``; the answers are frozen dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID


class Slot[Q, A]:
    """One question, with everyone who can answer it."""

    declared: ClassVar[dict[str, Slot[Any, Any]]] = {}

    def __init__(self, name: str, doc: str) -> None:
        """This will declare the slot under a name that is unique in the node."""
        if name in self.declared:
            raise ValueError(f"the slot {name!r} is declared twice")
        self.name = name
        self.doc = doc
        self._providers: dict[str, Callable[[Q], A]] = {}
        self.declared[name] = self

    def register(self, provider: Callable[[Q], A], *, name: str) -> None:
        """This will add a provider; registering the same name again replaces it, so that reloading is harmless."""
        self._providers[name] = provider

    @property
    def providers(self) -> tuple[str, ...]:
        """This will name the providers, in the order in which they are asked."""
        return tuple(self._providers)

    def ask(self, question: Q) -> list[A]:
        """This will return the answers of all providers, in the order of their registration."""
        return [provider(question) for provider in self._providers.values()]


@dataclass(frozen=True, slots=True)
class StaticDocument:
    """A public document as a file, for a web server that stands in when the node is gone."""

    path: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What one app holds of a person: for export, and before an erasure."""

    source: str
    label: str
    values: tuple[tuple[str, str], ...]


local_document: Slot[str, bytes | None] = Slot(
    "kernel.local-document",
    "Which document does this node serve at this address of its own? None when the provider does not know the address.",
)
static_documents: Slot[None, list[StaticDocument]] = Slot(
    "kernel.static-documents",
    "Which public documents must stay reachable when this node is gone?",
)
personal_data: Slot[UUID, list[PersonalData]] = Slot(
    "kernel.personal-data",
    "What do you hold of the person with this id?",
)


def document_at(url: str) -> bytes | None:
    """This will return the body that this node itself serves at the address, or None when it serves none there."""
    return next((body for body in local_document.ask(url) if body is not None), None)
