"""Reaches into the queue of either engine, to do what time or an accident would."""

from django.db import connection


def make_due() -> None:
    """This will have tasks that wait for their next attempt run now."""
    _execute(
        postgresql="UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'",
        sqlite="UPDATE django_tasks_database_dbtaskresult SET run_after = '2026-03-01 12:00:00' WHERE status = 'READY'",
    )


def lose_everything() -> None:
    """This will lose every task."""
    _execute(postgresql="DELETE FROM procrastinate_jobs", sqlite="DELETE FROM django_tasks_database_dbtaskresult")


def _execute(*, postgresql: str, sqlite: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(postgresql if connection.vendor == "postgresql" else sqlite)
