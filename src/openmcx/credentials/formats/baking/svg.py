"""SVG: the credential stands in an element of its own, as the value of an attribute (JWT) or as its text (JSON).

The file is read only to find where things stand; what is baked is then cut in and out of its bytes, so that the drawing
stays what it was. Entities, definitions inside the document type and anything external are refused.

Source: Open Badges 3.0, section 5.3.2; Open Badges 2.0 Baking Specification, section 2; Namespaces in XML 1.0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from openmcx.credentials.errors import DocumentError, FormatError
from openmcx.credentials.formats.baking.content import JWT, MAX_CREDENTIAL_BYTES, Baked, Kind, chosen

if TYPE_CHECKING:
    from collections.abc import Callable

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_SVG = "{http://www.w3.org/2000/svg}svg"
_ELEMENTS: dict[str, Kind] = {
    f"{{{NAMESPACE}}}credential": "open-badge-3",
    "{http://openbadges.org}assertion": "open-badge-2",
}
_PREFIX = "openbadges"
_MAX_DEPTH = 200
_MAX_ELEMENTS = 200_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# A quoted value may hold ">"; outside of quotation marks it ends the tag. The file was read before, so both are closed.
_TAG = re.compile(rb"""<([^\s/>"']++)(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
# No characters of XML 1.0; JSON has them in strings only, where they can be written as escapes.
_NOT_XML = re.compile("[\ufffe\uffff]")


@dataclass(slots=True)
class _Found:
    """One element with a badge: where it begins and ends in the bytes, its attribute and its text."""

    kind: Kind
    start: int
    end: int
    depth: int
    verify: str
    text: list[str] = field(default_factory=list)
    length: int = 0


def bake(picture: bytes, text: str, *, is_jwt: bool) -> bytes:
    """This will put a credential's text into an SVG, in place of what is baked there.

    Raises: DocumentError when it is no sound SVG.
    """
    data = picture.removeprefix(_BYTE_ORDER_MARK)
    reading = _read(data)
    for badge in reversed(reading.badges):
        data = data[: badge.start] + data[badge.end :]
    match = _tag(data, reading.root_start)
    tag = match[0]
    empty = tag.endswith(b"/>")
    opening = (tag[:-2].rstrip() if empty else tag[:-1]).decode()
    declared = reading.root_prefixes.get(_PREFIX)
    declaration = f" xmlns:{_PREFIX}={quoteattr(NAMESPACE)}"
    if declared is None:
        opening += declaration
    element = _element(text, is_jwt=is_jwt, declaration="" if declared in (None, NAMESPACE) else declaration)
    ending = f"</{match[1].decode()}>" if empty else ""
    return data[: match.start()] + f"{opening}>{element}{ending}".encode() + data[match.end() :]


def unbake(picture: bytes) -> Baked | None:
    """This will give what is baked into an SVG, or None.

    Raises: DocumentError when it is no sound SVG; FormatError when a credential stands there twice, as JWT and as JSON,
    or not at all although its element is there.
    """
    found = [Baked(badge.kind, _content(badge)) for badge in _read(picture.removeprefix(_BYTE_ORDER_MARK)).badges]
    try:
        return chosen(found)
    except ValueError:
        raise FormatError("baked-twice") from None


def _content(badge: _Found) -> str:
    text, verify = "".join(badge.text).strip(), badge.verify.strip()
    if badge.kind == "open-badge-2":
        # The attribute holds a JWT, or the address at which the assertion in the text is hosted.
        return verify if JWT.fullmatch(verify.encode()) or not text else text
    if text and verify:
        raise FormatError("baked-twice")
    if not text and not verify:
        raise FormatError("baked-empty")
    return text or verify


def _element(text: str, *, is_jwt: bool, declaration: str) -> str:
    name = f"{_PREFIX}:credential"
    if is_jwt:
        return f"<{name}{declaration} verify={quoteattr(text)}></{name}>"
    escaped = _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f"<{name}{declaration}><![CDATA[{escaped.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


def _tag(data: bytes, position: int) -> re.Match[bytes]:
    match = _TAG.match(data, position)
    if match is None:
        raise DocumentError("svg-unreadable", line=data.count(b"\n", 0, position) + 1)
    return match


def _read(data: bytes) -> _Reading:
    # The parser is slow to load and few files are SVG.
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    reading = _Reading(data)
    parser = DefusedXMLParser(target=reading, encoding="utf-8", forbid_entities=True, forbid_external=True)
    expat = parser.parser
    # A document type may be named, as SVG editors do; what it defines itself (entities, attributes) is refused.
    expat.StartDoctypeDeclHandler = _check_doctype
    expat.XmlDeclHandler = _check_encoding
    reading.position = lambda: expat.CurrentByteIndex
    try:
        parser.feed(data)
        parser.close()
    except ParseError as error:
        raise DocumentError("svg-unreadable", line=error.position[0]) from None
    except DefusedXmlException:
        raise DocumentError("svg-defines-entities") from None
    except ValueError:  # bytes that are no UTF-8, in a name
        raise DocumentError("svg-unreadable", line=expat.CurrentLineNumber) from None
    return reading


def _check_doctype(name: str, system: str | None, public: str | None, has_internal_subset: int) -> None:
    if has_internal_subset:
        raise DocumentError("svg-defines-entities")


def _check_encoding(version: str, encoding: str | None, standalone: int) -> None:
    if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise DocumentError("svg-not-utf8", found=encoding)


class _Reading:
    """Goes through the elements and keeps what stands where; the XML parser calls it."""

    def __init__(self, bytes_: bytes) -> None:
        self.bytes = bytes_
        self.badges: list[_Found] = []
        self.root_start = -1
        self.root_prefixes: dict[str, str] = {}
        self.position: Callable[[], int] = lambda: -1
        self._depth = 0
        self._elements = 0
        self._open: _Found | None = None

    def start_ns(self, prefix: str, address: str) -> None:
        if not self._elements:
            self.root_prefixes[prefix or ""] = address or ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > _MAX_ELEMENTS or self._depth > _MAX_DEPTH:
            raise DocumentError("svg-too-many-parts", limit=_MAX_ELEMENTS, highest=_MAX_DEPTH)
        position = self.position()
        if self.root_start < 0:
            if tag != _SVG:
                raise DocumentError("svg-is-other-xml")
            self.root_start = position
        if self._open is not None:  # a credential holds no elements; one inside another would be cut out twice
            raise FormatError("baked-twice")
        kind = _ELEMENTS.get(tag)
        if kind is not None:
            opening = _tag(self.bytes, position)
            self._open = _Found(kind, position, opening.end(), self._depth, attributes.get("verify", ""))
            self.badges.append(self._open)

    def data(self, text: str) -> None:
        if self._open is not None:
            self._open.length += len(text)
            if self._open.length > MAX_CREDENTIAL_BYTES:
                raise FormatError("baked-too-large", limit=MAX_CREDENTIAL_BYTES)
            self._open.text.append(text)

    def end(self, tag: str) -> None:
        badge = self._open
        if badge is not None and badge.depth == self._depth:
            # Of an element without content there is but one tag, whose end is known.
            if self.bytes[badge.end - 2 : badge.end] != b"/>":
                badge.end = self.bytes.index(b">", self.position()) + 1
            self._open = None
        self._depth -= 1

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """This will take note of the document type; the parser warns where nobody does."""

    def close(self) -> None:
        """This will end the reading."""
