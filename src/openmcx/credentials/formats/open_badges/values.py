"""Single values: texts in languages, numbers, dates, durations, and how they are read back.

Writers give plain JSON. Readers are forgiving where a value only informs (what is not understood is left out) because
they read other people's credentials too; whatever a verdict depends on is read strictly elsewhere.
"""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from openmcx.credentials.errors import FormatError
from openmcx.credentials.formats.open_badges import terms
from openmcx.credentials.model import Concept, LangText

Node = dict[str, Any]

_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_SECONDS_AN_HOUR = 3600
# Longer numbers are nobody's credits and cost quadratic time.
_MAX_NUMBER_CHARACTERS = 40
_NO_TEXT = LangText()


# --- writing ----------------------------------------------------------------------------------------------------------


def put(node: Node, key: str, value: object) -> None:
    """This will set a member unless there is nothing to say."""
    if value is not None and value != "" and value != [] and value != ():
        node[key] = value


def texts(text: LangText) -> list[Node]:
    """This will write a text in all its languages."""
    return [{"@language": tag, "@value": value} for tag, value in text.items()]


def typed(value: str, datatype: str) -> Node:
    """This will write a literal with its datatype, named as the contexts name it: some verifiers insist on that."""
    return {"type": datatype, "@value": value}


def decimal_text(number: Decimal) -> str:
    """This will write a decimal number without an exponent."""
    if not number.is_finite() or abs(number.adjusted()) > _MAX_NUMBER_CHARACTERS:
        raise FormatError("format-cannot-write", reason="number-unusable")
    return format(number, "f")


def decimal(number: Decimal | None) -> Node | None:
    """This will write a number as an exact decimal literal."""
    return None if number is None else typed(decimal_text(number), terms.XSD_DECIMAL)


def hours(number: Decimal | None) -> Node | None:
    """This will write a number of hours as an ISO 8601 duration: 7.5 → ``PT7H30M``."""
    if number is None:
        return None
    if number < 0:
        raise FormatError("format-cannot-write", reason="duration-negative")
    seconds = Decimal(decimal_text(number)) * _SECONDS_AN_HOUR
    whole, seconds = divmod(seconds, _SECONDS_AN_HOUR)
    minutes, seconds = divmod(seconds, 60)
    parts = f"{whole:f}H" if whole or not (minutes or seconds) else ""
    parts += f"{minutes:f}M" if minutes else ""
    parts += f"{decimal_text(seconds.normalize())}S" if seconds else ""
    return typed(f"PT{parts}", terms.XSD_DURATION)


def date(day: dt.date | None) -> Node | None:
    """This will write a date as a literal with its datatype."""
    return None if day is None else typed(day.isoformat(), terms.XSD_DATE)


def reference(iri: str) -> Node | None:
    """This will write a link to what an IRI names."""
    return {"id": iri} if iri else None


def concept(term: Concept) -> Node:
    """This will write a term of a vocabulary with its labels and its vocabulary."""
    node: Node = {}
    put(node, "id", term.iri)
    if not term.iri:
        node["type"] = terms.CONCEPT
    put(node, terms.PREF_LABEL, texts(term.label))
    put(node, terms.IN_SCHEME, reference(term.scheme))
    return node


def notation(value: str, *, source: str = "") -> Node:
    """This will write a term that no published vocabulary has an IRI for, by its name alone."""
    # A plain string, not a member of an enumeration, so that the document is plain JSON.
    node: Node = {"type": terms.CONCEPT, terms.NOTATION: str(value)}
    put(node, terms.SOURCE, source)
    return node


# --- reading ----------------------------------------------------------------------------------------------------------


def each(value: object) -> Sequence[Any]:
    """This will give a value that may stand alone or in a list, as JSON-LD allows, as a list of none, one or more."""
    if isinstance(value, list):
        return value
    return () if value is None else (value,)


def only(value: object) -> Any:
    """This will take a lone value out of its brackets, or out of the object that holds nothing but it."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value["@value"] if isinstance(value, dict) and set(value) == {"@value"} else value


def nodes(value: object) -> list[Node]:
    """This will give the objects among the values."""
    return [entry for entry in each(value) if isinstance(entry, dict)]


def first_node(value: object) -> Node:
    """This will give the first object among the values, or an empty one."""
    return next(iter(nodes(value)), {})


def literal(value: object) -> str:
    """This will give the text of the first literal among the values, whatever its datatype, or ""."""
    for entry in each(value):
        if isinstance(entry, dict):
            entry = entry.get("@value")
        if isinstance(entry, str):
            return entry
        if isinstance(entry, int | float) and not isinstance(entry, bool):
            return str(entry)
    return ""


def read_texts(value: object, *, default: str = "und") -> LangText:
    """This will read a text in all its languages; one without a language gets the tag `default`."""
    if value is None:
        return _NO_TEXT
    found: dict[str, str] = {}
    for entry in each(value):
        if isinstance(entry, str):
            found.setdefault(default, entry)
        elif isinstance(entry, dict) and isinstance(entry.get("@value"), str):
            tag = entry.get("@language", default)
            found.setdefault(tag if isinstance(tag, str) else default, entry["@value"])
    try:
        return LangText(found)
    except ValueError:
        return _NO_TEXT


def read_decimal(value: object) -> Decimal | None:
    """This will read a number, or give None."""
    text = literal(value)
    if not text or len(text) > 2 * _MAX_NUMBER_CHARACTERS:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= _MAX_NUMBER_CHARACTERS else None


def read_hours(value: object) -> Decimal | None:
    """This will read an ISO 8601 duration in hours; None for one in years or months, whose hours are not known."""
    match = _DURATION.fullmatch(literal(value)[:_MAX_NUMBER_CHARACTERS])
    if match is None or match[1] or match[2]:
        return None
    days, whole, minutes, seconds = (Decimal(part or 0) for part in match.groups()[2:])
    total = days * 24 * _SECONDS_AN_HOUR + whole * _SECONDS_AN_HOUR + minutes * 60 + seconds
    return total / _SECONDS_AN_HOUR


def read_months(value: object) -> int | None:
    """This will read an ISO 8601 duration in months, or give None."""
    match = _DURATION.fullmatch(literal(value)[:_MAX_NUMBER_CHARACTERS])
    if match is None or any(match.groups()[2:]) or not (match[1] or match[2]):
        return None
    return int(match[1] or 0) * 12 + int(match[2] or 0)


def read_date(value: object) -> dt.date | None:
    """This will read a date, or the date of a date and time, or give None."""
    try:
        return dt.date.fromisoformat(literal(value)[:10])
    except ValueError:
        return None


def read_iri(value: object) -> str:
    """This will give the IRI that a link names, or ""."""
    for entry in each(value):
        if isinstance(entry, dict):
            entry = entry.get("id")
        if isinstance(entry, str):
            return entry
    return ""


def read_concept(node: Node) -> Concept:
    """This will read a term of a vocabulary."""
    return Concept(
        iri=read_iri(node), label=read_texts(node.get(terms.PREF_LABEL)), scheme=read_iri(node.get(terms.IN_SCHEME))
    )
