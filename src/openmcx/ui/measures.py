"""Measures such as hours and credits in words: whole numbers and fractions."""

from __future__ import annotations

from decimal import Decimal


def plural_number(value: Decimal) -> int:
    """This will give the whole number whose plural form a measure takes: itself, and 2 for “1.5 hours”."""
    return int(value) if value == value.to_integral_value() else 2
