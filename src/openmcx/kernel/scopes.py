"""A query sees what the actor's institutions are party to, or raises when nobody said whose query it is."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, cast
from uuid import UUID

import django_scopes
from django.db import models
from django_scopes import ScopeError, scopes_disabled
from django_scopes.manager import DisabledQuerySet
from django_scopes.state import get_scope

__all__ = ["PUBLIC_MODELS", "ScopeError", "ScopedManager", "scope", "scopes_disabled"]

# Models that anybody may read and that therefore have a plain manager. Everything else that belongs to an institution
# is scoped; a test compares this list with the models.
PUBLIC_MODELS: frozenset[str] = frozenset(
    {
        "catalogue.CatalogueEntry",
        "catalogue.SpecificationVersion",
        "institutions.Institution",
        "institutions.Logo",
        "institutions.SigningKey",
        "issuing.StatusList",
    }
)


def scope(*, institution: Iterable[UUID]) -> AbstractContextManager[None]:
    """This will make queries see what these institutions are party to, as long as the context is open."""
    return cast("AbstractContextManager[None]", django_scopes.scope(institution=list(institution)))


def ScopedManager(*, institution: str) -> Any:  # noqa: N802  (stands where a manager class would stand)
    """This will return a manager whose queries stay within the active scope.

    `institution` is the lookup from the model to the institution: ``"institution"``, or ``"parties__institution"``
    when several own it. A query outside any scope raises ScopeError.
    """
    many = "__" in institution

    class Manager(models.Manager[Any]):
        def get_queryset(self) -> models.QuerySet[Any]:
            active = get_scope()
            rows = super().get_queryset()
            if not active.get("_enabled", True):
                return rows
            if "institution" not in active:
                return cast(
                    "models.QuerySet[Any]", DisabledQuerySet(self.model, using=self._db, missing_scopes={"institution"})
                )
            mine = active["institution"]
            if not isinstance(mine, list | tuple | set | frozenset):
                raise ScopeError(f"the scope of institutions must be a collection of ids, not {type(mine).__name__}")
            inside = models.Q(**{f"{institution}__in": list(mine)})
            if not many:
                return rows.filter(inside)
            # Through a sub-query, so that a row with two of my institutions as parties comes once and can be locked.
            return rows.filter(pk__in=models.QuerySet(self.model, using=self._db).filter(inside).values("pk"))

        def all(self) -> models.QuerySet[Any]:
            rows = super().all()
            return rows.all() if isinstance(rows, DisabledQuerySet) else rows

    return Manager()
