"""Database triggers that keep append-only tables append-only, on both engines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import RunPython

_JSON = 114  # PostgreSQL's number of the type json, whose values compare as text only
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def append_only(table: str, *, allow_columns: Sequence[str] = ()) -> list[Operation]:
    """This will return migration operations that forbid to change or delete rows of the table.

    `allow_columns` may still change (the link to an account, say); rows can never be deleted. The message of the
    database names the table. Put it after the operation that creates the table, as in
    ``operations = [migrations.CreateModel(…), *append_only("issuing_issuedcredential")]``.
    """
    for name in (table, *allow_columns):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no plain table or column name")

    def create(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _statements(editor, table, tuple(allow_columns)):
            editor.execute(statement)

    def drop(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for what in ("update", "delete", "truncate"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}{on}")
        if on:
            editor.execute(f"DROP FUNCTION IF EXISTS {table}_append_only()")

    return [RunPython(create, drop)]


def _statements(editor: BaseDatabaseSchemaEditor, table: str, allowed: tuple[str, ...]) -> list[str]:
    with editor.connection.cursor() as cursor:
        described = editor.connection.introspection.get_table_description(cursor, table)
    columns = [column.name for column in described]
    unknown = set(allowed) - set(columns)
    if unknown:
        raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
    fixed = [column for column in columns if column not in allowed]
    if editor.connection.vendor == "sqlite":
        changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in fixed)
        no = f"SELECT RAISE(ABORT, '{table} is append-only')"
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {changed} BEGIN {no}; END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {no}; END",
        ]
    as_text = {column.name: "::text" for column in described if column.type_code == _JSON}
    changed = " OR ".join(
        f'OLD."{column}"{as_text.get(column, "")} IS DISTINCT FROM NEW."{column}"{as_text.get(column, "")}'
        for column in fixed
    )
    run = f"EXECUTE FUNCTION {table}_append_only()"
    return [
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changed}) {run}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {run}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}",
    ]
