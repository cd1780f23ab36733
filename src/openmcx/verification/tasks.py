"""Recurring work of verification."""

import datetime as dt

from openmcx.verification import operations


def forget_old_checks(*, at: dt.datetime) -> None:
    """This will delete the statistics whose time is over."""
    operations.forget_old_checks(at=at)
