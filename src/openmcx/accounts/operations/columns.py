"""What a person wants to see of tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from openmcx.accounts import rules
from openmcx.accounts.models import Person
from openmcx.accounts.operations.audit_actions import Audit
from openmcx.kernel import audit
from openmcx.kernel.actors import Actor, require
from openmcx.ui.tables import kind_named


@transaction.atomic
def keep_columns(*, by: Actor, at: dt.datetime, person_id: UUID, table: str, columns: Collection[str]) -> None:
    """This will remember which of a table's optional columns the person wants to see, on whatever device.

    Raises: NotPermitted; ValueError for a table that there is not.
    """
    require(rules.may_change(by, person_id))
    kind = kind_named(table)
    if kind is None:
        raise ValueError(f"there is no table {table!r}")
    chosen = [name for name in kind.optional if name in columns]
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.table_columns.get(table) != chosen:
        person.table_columns = {**person.table_columns, table: chosen}
        person.save(update_fields=["table_columns"])
        audit.record(by=by, action=Audit.PREFERENCE_CHANGED, at=at, subject=person, data={"table": table})
