"""A sheet as PDF/A-3a and PDF/UA-1, with the signed credential attached.

Typst makes the file, offline and with the fonts that it brings. The template is fixed; every text is handed to it as
data, so nothing that stands in a credential can be taken for markup or code.

Source: ISO 19005-3 (PDF/A-3), section 6.8 (embedded files); ISO 14289-1 (PDF/UA-1).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from openmcx.credentials.errors import FormatError
from openmcx.credentials.formats.pdf import characters
from openmcx.credentials.formats.pdf.sheet import Row, Sheet, Text
from openmcx.credentials.model.text import LANGUAGE_TAG

if TYPE_CHECKING:
    import typst

STANDARDS: tuple[Literal["a-3a", "ua-1"], ...] = ("a-3a", "ua-1")
FONTS = ("Libertinus Serif", "DejaVu Sans Mono", "New Computer Modern")
MAX_TEXT_CHARACTERS = 200_000
MAX_LOGO_BYTES = 512 * 1024
MAX_ATTACHMENT_BYTES = 1024 * 1024
_MAX_CODE_MODULES = 177  # a QR code of version 40
_QUIET_MODULES = 4  # the light margin that a QR code needs
_PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}

type Clean = Callable[[str], str]


def write(
    sheet: Sheet,
    credential: bytes,
    *,
    created: dt.datetime,
    name: str = "",
    address: str = "",
    code: Sequence[Sequence[int]] = (),
    logo: bytes = b"",
    font_folders: Sequence[Path] = (),
) -> bytes:
    """This will lay out a sheet and attach the signed credential (its exact bytes).

    `created` is the aware time that the file bears; the same input makes the same bytes. `name` is what the attachment
    is called. `address` is where the credential can be checked, `code` the modules of a QR code of it (rows of 0 and
    1), `logo` a PNG or JPEG. Folders with further fonts let texts be shown that the fonts at hand have no characters
    for; such characters are replaced otherwise, and the sheet says so.

    Raises: FormatError when something is too large or cannot be laid out.
    """
    if created.tzinfo is None:
        raise ValueError("`created` must be an aware time")
    if len(credential) > MAX_ATTACHMENT_BYTES:
        raise FormatError("baked-too-large", limit=MAX_ATTACHMENT_BYTES)
    try:
        attached = credential.decode()
    except UnicodeDecodeError as error:
        raise FormatError("document-not-utf8", position=error.start) from error
    is_json = attached.lstrip().startswith("{")
    attachment = {
        "name": name or ("credential.json" if is_json else "credential.jwt"),
        "type": "application/vc" if is_json else "application/jwt",
    }
    fixed = {"attachment": attachment, "code": _code(code), "logo": _logo(logo)}
    fonts = _fonts(tuple(map(str, font_folders)))
    failed: Exception | None = None
    # The fewest replacements first; with the last, only letters are left that every font has.
    for clean in characters.ways(more_fonts=bool(font_folders)):
        data = _data(sheet, clean, address, fixed)
        inputs = {"data": json.dumps(data, ensure_ascii=False), "credential": attached}
        try:
            return _compile(fonts, inputs, created)
        except RuntimeError as error:  # TypstError, without loading the library where nothing went wrong
            failed = error
    raise FormatError("pdf-not-laid-out") from failed


def _compile(fonts: typst.Fonts, inputs: dict[str, str], created: dt.datetime) -> bytes:
    # Loading Typst takes longer than everything else that the core loads, and only this module needs it.
    import typst

    # The template reads no file and no package; should it ever, it would find nothing but this folder.
    here = str(Path(__file__).parent)
    compiler = typst.Compiler(_template(), font_paths=fonts, root=here, package_path=here, package_cache_path=here)
    # Typst takes offsets in whole minutes, so the time is given in UTC.
    moment = created.astimezone(dt.UTC).replace(microsecond=0)
    made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=list(STANDARDS), timestamp=moment)
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no PDF")
    return made


@cache
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(folders))


@cache
def _template() -> bytes:
    return resources.files(__package__).joinpath("certificate.typ").read_bytes()


def _data(sheet: Sheet, clean: Clean, address: str, fixed: dict[str, Any]) -> dict[str, Any]:
    replaced = False
    size = 0

    def line(text: str) -> str:
        nonlocal replaced, size
        size += len(text)
        if size > MAX_TEXT_CHARACTERS:
            raise FormatError("pdf-too-long", limit=MAX_TEXT_CHARACTERS)
        shown = " ".join(clean(text).split())
        replaced = replaced or (characters.REPLACEMENT in shown and characters.REPLACEMENT not in text)
        return shown

    def said(one: Text) -> dict[str, str]:
        return {"text": line(one.text), "language": _language(one.language)[0]}

    def rows(entries: tuple[Row, ...]) -> list[dict[str, Any]]:
        return [{"label": line(row.label), "value": said(row.value)} for row in entries]

    language, region = _language(sheet.language)
    data: dict[str, Any] = {
        "fonts": FONTS,
        "language": language or "en",
        "region": region or None,
        "title": line(sheet.title) or line(sheet.kind),
        "description": line(sheet.description),
        "kind": line(sheet.kind),
        "heading": said(sheet.heading),
        "issuer": said(sheet.issuer),
        "statement": line(sheet.statement),
        "learner": line(sheet.learner),
        "rows": rows(sheet.rows),
        "sections": [
            {
                "heading": line(section.heading),
                "paragraphs": [
                    {**said(one), "text": line(part)}
                    for one in section.paragraphs
                    for part in one.text.splitlines()
                    if part.strip()
                ],
                "items": [said(one) for one in section.items],
                "rows": rows(section.rows),
            }
            for section in sheet.sections
        ],
        "footer": line(sheet.footer),
    }
    # A heading without words would be none.
    data["heading"]["text"] = data["heading"]["text"] or data["kind"] or data["title"]
    logo, code, attachment = fixed["logo"], fixed["code"], fixed["attachment"]
    data["logo"] = logo and {**logo, "alt": line(sheet.logo_alternative)}
    data["attachment"] = {
        "name": line(attachment["name"]),
        "type": attachment["type"],
        "description": line(sheet.attachment_description),
    }
    linked = address.startswith(("https://", "http://"))
    check = [line(one) for one in (*sheet.check, *([sheet.check_at] if linked else []))]
    data["check"] = {
        "heading": line(sheet.check_heading),
        "address": line(address) if linked else "",
        "code": code and {**code, "alt": line(sheet.code_alternative)},
        "paragraphs": check,
    }
    if replaced:
        check.insert(0, line(sheet.not_shown))  # the address comes last
    return data


def _language(tag: str) -> tuple[str, str]:
    """This will give the language and the region as Typst takes them; "" for each that cannot be told."""
    if not LANGUAGE_TAG.fullmatch(tag):
        return "", ""
    parts = tag.split("-")
    region = next((part.upper() for part in parts[1:] if len(part) == 2 and part.isalpha()), "")
    return ("" if parts[0].lower() == "und" else parts[0].lower()), region


def _code(modules: Sequence[Sequence[int]]) -> dict[str, Any] | None:
    """This will turn the modules of a QR code into the pixels of a picture, with the margin that readers need."""
    if not modules:
        return None
    size = len(modules)
    if size > _MAX_CODE_MODULES or any(len(row) != size for row in modules):
        raise FormatError("pdf-code-not-square", limit=_MAX_CODE_MODULES)
    whole = size + 2 * _QUIET_MODULES
    light = [255] * (whole * _QUIET_MODULES)
    margin = [255] * _QUIET_MODULES
    rows = [pixel for row in modules for pixel in (*margin, *(0 if dark else 255 for dark in row), *margin)]
    return {"pixels": [*light, *rows, *light], "size": whole}


def _logo(picture: bytes) -> dict[str, Any] | None:
    if not picture:
        return None
    kind = next((kind for start, kind in _PICTURES.items() if picture.startswith(start)), "")
    if not kind or len(picture) > MAX_LOGO_BYTES:
        raise FormatError("pdf-logo-unusable", limit=MAX_LOGO_BYTES)
    return {"bytes": list(picture), "format": kind}
