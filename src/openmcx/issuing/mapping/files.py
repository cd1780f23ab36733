"""The issued credential as other files that people keep: printed, and as a picture. The signed document is in each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from openmcx.credentials.errors import FormatError
from openmcx.credentials.losses import findings, word_for
from openmcx.credentials.model import Credential
from openmcx.credentials.wording import ELEMENTS, KINDS
from openmcx.ui.countries import country_name
from openmcx.ui.languages import language_name
from openmcx.ui.sentences import sentence

# What receivers turn credentials into; the other forms hold as much as the one that is issued.
OTHER_FORMS = ("european-digital-credential", "sd-jwt-vc", "open-badge-3-plain")


def printed(credential: Credential, document: bytes, *, created: dt.datetime, check_at: str) -> bytes:
    """This will print a credential in the language that is active now, as PDF/A-3a with the document attached.

    `check_at` is the address at which anybody can check the file; it stands there in letters and as a QR code.

    Raises: FormatError when it cannot be laid out.
    """
    # Loaded for the few who print: the type setter has 30 MB.
    import segno  # noqa: PLC0415 - as said above

    from openmcx.credentials.formats import pdf  # noqa: PLC0415 - as said above

    sheet = pdf.sheet(
        credential,
        language=get_language() or "en",
        translate=gettext,
        number=_number,
        day=_day,
        language_name=language_name,
        country_name=country_name,
    )
    code = [list(row) for row in segno.make(check_at, error="m", micro=False).matrix]
    return pdf.write(sheet, document, created=created, address=check_at, code=code)


def picture(credential: Credential, document: bytes) -> bytes:
    """This will draw a credential as a PNG image with the document baked into it.

    Raises: FormatError when it cannot be drawn.
    """
    from openmcx.credentials.formats.baking import bake  # noqa: PLC0415 - as above
    from openmcx.credentials.formats.elm.display import draw  # noqa: PLC0415 - as above

    return bake(draw(credential, get_language() or "en"), document)


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a credential may be turned into, and what it would leave out."""

    title: str
    left_out: list[str]
    further: list[str]
    problem: str = ""  # why it cannot be turned into this form at all


def other_forms(credential: Credential) -> list[Form]:
    """This will tell, in the language that is active now, what the usual other forms cannot hold of a credential."""
    from openmcx.credentials import encodings  # noqa: PLC0415 - as above

    forms = []
    for kind in OTHER_FORMS:
        title = capfirst(gettext(KINDS[kind]))
        try:
            found = encodings.lost(credential, kind)
        except FormatError as error:
            forms.append(Form(title, [], [], sentence(error)))
            continue
        gone = dict.fromkeys(word_for(loss.element) for loss in found if loss.way == "left-out")
        rest = findings([loss for loss in found if loss.way != "left-out"], kind)
        forms.append(Form(title, [gettext(ELEMENTS[name]) for name in gone], [sentence(one) for one in rest]))
    return forms


def _number(value: Decimal) -> str:
    return number_format(value)


def _day(day: dt.date) -> str:
    return date_format(day)
