"""Lifts the triggers that guard append-only tables: to empty a test database, and to play somebody who tampers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

# The tables of the queue on PostgreSQL: its models are not managed by Django, so that a flush does not empty them.
QUEUE = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers")


@contextmanager
def lifted() -> Iterator[None]:
    """This will let rows of append-only tables be changed and deleted inside the block."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _, statement in triggers:
                cursor.execute(statement)


def lift_for_flush() -> None:
    """This will let Django empty append-only tables between tests that commit, and the queue, which it leaves alone."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: BaseDatabaseOperations, sql_list: list[str]) -> Any:
        if self.connection.vendor == "postgresql":
            sql_list = [*sql_list, f"TRUNCATE {', '.join(QUEUE)}"]
        else:  # an emptied trail is numbered from 1 again, as no number of it may be missing
            sql_list = [*sql_list, "DELETE FROM sqlite_sequence WHERE name = 'kernel_auditrecord'"]
        with lifted():
            return flush(self, sql_list)

    BaseDatabaseOperations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign]
