"""What one cell means: text, date, e-mail address, grade. Each reader returns a value or raises `Wrong`."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

MAX_LENGTH = {
    "given_name": 100,
    "family_name": 100,
    "email": 254,
    "grade": 50,
    "learner_number": 64,
    "language": 12,
    "evidence_url": 500,
}
EARLIEST_AWARD = dt.date(2000, 1, 1)
OLDEST_YEARS, YOUNGEST_YEARS = 110, 10


class Wrong(Exception):
    """A value cannot be taken; `code` and `params` say why."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


# ---- text ------------------------------------------------------------------------------------------------------------
_INVISIBLE_HARMLESS = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"), None)
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_ERROR = re.compile(
    r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|BEZUG!|NV|WERT!|¡REF!|¡VALOR!)|Err:\d{3}", re.IGNORECASE
)


def clean(text: str) -> str:
    """This will return `text` in NFC with every kind of blank made an ordinary one and doubled blanks joined.

    Raises: Wrong for control characters, direction overrides and unreadable characters.
    """
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE_HARMLESS))
    text = " ".join(text.split())
    for char in text:
        if char == "\ufffd":
            raise Wrong("unreadable-character")
        category = unicodedata.category(char)
        # Cf holds the direction overrides that make a name read differently from what it is; the joiners that some
        # scripts need (ZWNJ, ZWJ) are let through.
        if category in {"Cc", "Cs", "Co", "Cn"} or (category == "Cf" and char not in "\u200c\u200d"):
            raise Wrong("control-character", character=f"U+{ord(char):04X}")
    return text


def refuse_formula(text: str, *, numbers: bool) -> None:
    """This will refuse what a spreadsheet would calculate and what it shows when it cannot.

    Source: OWASP, CSV injection. `numbers` lets signed numbers through (Danish grades know −3).
    """
    if match := _ERROR.fullmatch(text):
        raise Wrong("spreadsheet-error", error=match[0])
    if text[:1] in {"=", "+", "-", "@"} and len(text) > 1 and not (numbers and _NUMBER.fullmatch(text)):
        raise Wrong("formula", sign=text[0])


def refuse_garbled(text: str) -> None:
    """This will refuse UTF-8 that was read as Windows-1252 somewhere on its way, such as “MÃ¼ller”."""
    if text.isascii():
        return
    try:
        meant = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return
    raise Wrong("garbled-text", meant=meant[:100])


def limited(text: str, field: str) -> str:
    """This will return `text`. Raises: Wrong when it is longer than the field may be."""
    limit = MAX_LENGTH[field]
    if len(text) > limit:
        raise Wrong("too-long", length=len(text), limit=limit)
    return text


def name(text: str, field: str) -> str:
    """This will return a given or family name. Raises: Wrong for what is no name."""
    limited(text, field)
    if "@" in text and "." in text:
        raise Wrong("name-looks-like-email")
    if not any(char.isalpha() for char in text):
        raise Wrong("name-without-letters")
    return text


_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_DOMAIN = re.compile(r"([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")


def email(text: str) -> str:
    """This will return an e-mail address, its domain in lower case.

    Raises: Wrong. Source: RFC 5321 §4.5.3.1, RFC 5890 (a domain may hold letters beyond ASCII;
    the part before the @ may not, since few mail servers take it), without quoted local parts.
    """
    limited(text, "email")
    if len(re.findall("@", text)) > 1 or re.search(r"[;,]", text):
        raise Wrong("email-several")
    local, _, domain = text.partition("@")
    if not (_LOCAL.fullmatch(local) and len(local) <= 64 and _DOMAIN.fullmatch(domain)):
        raise Wrong("email-invalid")
    return f"{local}@{domain.lower()}"


# ---- dates -----------------------------------------------------------------------------------------------------------
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jän jänner enero ene tammikuu tammikuuta",
            "february feb februar febrero helmikuu helmikuuta",
            "march mar märz mär marzo maaliskuu maaliskuuta",
            "april apr abril abr huhtikuu huhtikuuta",
            "may mai mayo toukokuu toukokuuta",
            "june jun juni junio kesäkuu kesäkuuta",
            "july jul juli julio heinäkuu heinäkuuta",
            "august aug agosto ago elokuu elokuuta",
            "september sep sept septiembre setiembre syyskuu syyskuuta",
            "october oct oktober okt octubre lokakuu lokakuuta",
            "november nov noviembre marraskuu marraskuuta",
            "december dec dezember dez diciembre dic joulukuu joulukuuta",
        ),
        start=1,
    )
    for name in names.split()
}
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: ?[AaPp]\.?[Mm]\.?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.]) ?(\d{{1,2}})\2 ?(\d{{4}}){_TIME}", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}([-/.]) ?\d{1,2}\1 ?\d{2}", re.ASCII)
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th|º)?\.? (?:de )?([^\W\d_]+)\.?,? (?:de |del )?(\d{4})")
_NAME_DAY = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_SERIAL_DAY_0 = dt.date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class DateOrder:
    """What the other rows of a column show about dates such as 03/04/2001. `order`: day | month | ""."""

    order: str = ""


def date_order(texts: Iterable[str]) -> DateOrder:
    """This will find out whether a column writes day/month or month/day: when some rows decide and none objects."""
    shown = set()
    for text in texts:
        match = _YEAR_LAST.fullmatch(" ".join(text.split()))
        if match and match[2] != ".":
            first, second = int(match[1]), int(match[3])
            if first > 12 >= second:
                shown.add("day")
            elif second > 12 >= first:
                shown.add("month")
    return DateOrder(shown.pop() if len(shown) == 1 else "")


def is_ambiguous(text: str) -> bool:
    """This will tell whether `text` alone can be two different days."""
    match = _YEAR_LAST.fullmatch(text)
    return bool(
        match
        and match[2] != "."
        and match[1].lstrip("0") != match[3].lstrip("0")
        and max(int(match[1]), int(match[3])) <= 12
    )


def date(text: str, order: DateOrder) -> dt.date:
    """This will return the day that `text` means: ISO 8601, day.month.year, day/month/year or month/day/year where the
    column decides, a day with the month's name, or a spreadsheet's day number.

    Raises: Wrong when it is no date, an impossible one or can be two.
    """
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(match[1], match[3], match[4])
    if match := _COMPACT.fullmatch(text):
        return _day(match[1], match[2], match[3])
    if (match := _SERIAL.fullmatch(text)) and 10_000 <= int(match[1]) <= 80_000:
        return _SERIAL_DAY_0 + dt.timedelta(days=int(match[1]))
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = match[1], match[3], match[4]
        if is_ambiguous(text) and not order.order:
            days = sorted({_day(year, second, first), _day(year, first, second)})
            raise Wrong("date-ambiguous", first=days[0].isoformat(), second=days[-1].isoformat())
        month_first = match[2] != "." and (order.order == "month" if int(second) <= 12 else True)
        return _day(year, first, second) if month_first else _day(year, second, first)
    if _SHORT_YEAR.fullmatch(text):
        raise Wrong("date-two-digit-year")
    for pattern, day_group, month_group in ((_DAY_NAME, 1, 2), (_NAME_DAY, 2, 1)):
        if match := pattern.fullmatch(text):
            month = _MONTHS.get(match[month_group].casefold())
            if month:
                return _day(match[3], str(month), match[day_group])
    raise Wrong("date-unreadable")


def _day(year: str, month: str, day: str) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise Wrong("date-impossible") from None


def birth_date(text: str, order: DateOrder, today: dt.date | None) -> dt.date:
    """This will return a date of birth. Raises: Wrong; age is judged only when `today` is given."""
    day = date(text, order)
    if today is not None:
        if day > today:
            raise Wrong("birth-date-future")
        age = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        if not YOUNGEST_YEARS <= age <= OLDEST_YEARS:
            raise Wrong("birth-date-implausible", age=age)
    return day


def award_date(text: str, order: DateOrder, today: dt.date | None) -> dt.date:
    """This will return the date of an award. Raises: Wrong; the future is judged only when `today` is given."""
    day = date(text, order)
    if day < EARLIEST_AWARD:
        raise Wrong("award-date-implausible", earliest=EARLIEST_AWARD.isoformat())
    if today is not None and day > today:
        raise Wrong("award-date-future")
    return day


# ---- the rest --------------------------------------------------------------------------------------------------------
def percent(text: str) -> Decimal:
    """This will return a grade in per cent, 0 to 100. Raises: Wrong."""
    number = text.removesuffix("%").strip().replace(",", ".")
    try:
        value = Decimal(number) if _NUMBER.fullmatch(number) and len(number) <= 12 else None
    except InvalidOperation:
        value = None
    if value is None or not 0 <= value <= 100:
        raise Wrong("percent-invalid")
    # A cell formatted as per cent holds 0.85 for 85 %.
    if 0 < value < 1 and not text.endswith("%"):
        raise Wrong("percent-fraction", percent=f"{(value * 100).normalize():f}", value=number)
    return value


def ects_grade(text: str) -> str:
    """This will return an ECTS grade A to E. Raises: Wrong, also for F and FX: who failed gets no credential."""
    grade = text.upper()
    if grade in {"F", "FX"}:
        raise Wrong("ects-grade-failed")
    if grade not in {"A", "B", "C", "D", "E"}:
        raise Wrong("ects-grade-invalid")
    return grade


_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)
_LANGUAGE_NAMES = {
    "english": "en", "englisch": "en", "inglés": "en", "englanti": "en",
    "german": "de", "deutsch": "de", "alemán": "de", "saksa": "de",
    "spanish": "es", "spanisch": "es", "español": "es", "espanja": "es", "castellano": "es",
    "finnish": "fi", "finnisch": "fi", "finés": "fi", "suomi": "fi",
}  # fmt: skip


def language(text: str) -> str:
    """This will return a language tag (BCP 47). Raises: Wrong."""
    limited(text, "language")
    tag = _LANGUAGE_NAMES.get(text.casefold(), text)
    if not _LANGUAGE.fullmatch(tag):
        raise Wrong("language-invalid")
    return tag.lower() if len(tag) <= 3 else tag


def web_address(text: str) -> str:
    """This will return an http or https address without a password in it. Raises: Wrong."""
    limited(text, "evidence_url")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise Wrong("url-invalid") from None
    if parts.scheme not in {"http", "https"} or not host or "." not in host or "@" in parts.netloc or " " in text:
        raise Wrong("url-invalid")
    return text
