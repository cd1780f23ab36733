"""Badges in pictures: baked, read out again, and refused where two readers could find different ones."""

import json
import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from openmcx.credentials.errors import CredentialError
from openmcx.credentials.formats import baking
from openmcx.credentials.formats.baking import Baked, bake, png, svg, unbake

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl"
JSON = '{"id": "urn:x", "name": "Läärner ]]> \\u0041"}'
OPEN_BADGES_2 = 'xmlns:openbadges="http://openbadges.org"'


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(*chunks: bytes, ending: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return png.SIGNATURE + header + b"".join(chunks) + data + chunk(b"IEND", b"") + ending


def itxt(keyword: bytes, text: bytes, *, flag: bytes = b"\0") -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + flag + b"\0" + b"\0" + b"\0" + text)


def drawing(inside: str = "", attributes: str = "", before: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg"{attributes}>{inside}<g/></svg>'.encode()


PNG = picture(chunk(b"tEXt", b"Software\0none"))
SVG = drawing('<path d="M0 0"/>', ' aria-label="a > b"', '<?xml version="1.0" encoding="UTF-8"?>\n<!-- ü -->\n')


def refused(data: bytes) -> str:
    with pytest.raises(CredentialError) as caught:
        unbake(data)
    assert str(caught.value)
    return caught.value.code


@pytest.mark.parametrize("source", [PNG, SVG], ids=["png", "svg"])
class TestBothKinds:
    def test_a_picture_without_a_badge_has_none(self, source: bytes) -> None:
        assert unbake(source) is None

    @pytest.mark.parametrize("text", [JWT, JSON], ids=["jwt", "json"])
    def test_what_was_baked_is_read_as_it_was(self, source: bytes, text: str) -> None:
        assert unbake(bake(source, text)) == Baked("open-badge-3", text)
        assert unbake(bake(source, text.encode())) == Baked("open-badge-3", text)

    def test_a_second_badge_takes_the_place_of_the_first(self, source: bytes) -> None:
        once, other = bake(source, JSON), bake(source, JWT)
        assert bake(once, JWT) == bake(bake(bake(other, JSON), JSON), JWT)
        assert unbake(bake(once, JWT)) == Baked("open-badge-3", JWT)
        assert bake(once, JSON) == once

    def test_a_document_is_baked_as_json(self, source: bytes) -> None:
        baked = unbake(bake(source, {"id": "ä"}))
        assert baked is not None
        assert json.loads(baked.text) == {"id": "ä"}

    @pytest.mark.parametrize(
        ("credential", "code"),
        [
            ("no credential", "document-not-json"),
            ('{"a": 1, "a": 2}', "duplicate-key"),
            ("\ud800", "lone-surrogate"),
            ({"a": float("nan")}, "data-not-json"),
            ('"' + "x" * baking.MAX_CREDENTIAL_BYTES + '"', "document-too-large"),
        ],
    )
    def test_only_credentials_are_baked(self, source: bytes, credential: str | dict[str, object], code: str) -> None:
        with pytest.raises(CredentialError) as caught:
            bake(source, credential)
        assert caught.value.code == code

    @settings(max_examples=30, deadline=None)
    @given(value=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.text(max_size=30), max_size=4))
    def test_any_text_survives(self, source: bytes, value: dict[str, str]) -> None:
        value["tricky"] = ']]> ]]]]><![CDATA[> \ufffe\uffff\x7f\x85\u2028 & < "'
        baked = unbake(bake(source, value))
        assert baked is not None
        assert json.loads(baked.text) == value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"GIF89a", "picture-kind-unknown"),
        (b"", "picture-kind-unknown"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * baking.MAX_PICTURE_BYTES, "picture-too-large"),
    ],
)
def test_other_files_are_refused(data: bytes, code: str) -> None:
    assert refused(data) == code
    with pytest.raises(CredentialError):
        bake(data, JWT)


class TestPng:
    def test_the_chunk_is_as_the_specification_wants_it(self) -> None:
        baked = bake(PNG, JSON)
        assert baked.count(b"openbadgecredential") == 1
        start = baked.index(b"iTXt")
        assert start < baked.index(b"IDAT")
        (length,) = struct.unpack(">I", baked[start - 4 : start])
        data = baked[start + 4 : start + 4 + length]
        assert data == b"openbadgecredential\0\0\0\0\0" + JSON.encode()
        assert struct.unpack(">I", baked[start + 4 + length :][:4])[0] == zlib.crc32(b"iTXt" + data)
        assert baked[: start - 4] + baked[start + 8 + length :] == PNG

    def test_other_programs_read_it(self, tmp_path) -> None:
        path = tmp_path / "badge.png"
        path.write_bytes(bake(PNG, JSON))
        with Image.open(path) as image:
            image.load()
            assert image.info["openbadgecredential"] == JSON

    def test_a_badge_of_version_2_is_read_from_each_kind_of_text_chunk(self) -> None:
        url = b"https://example.org/badge.json"
        packed = zlib.compress(url)
        for text in (
            itxt(b"openbadges", url),
            itxt(b"openbadges", packed, flag=b"\1"),
            chunk(b"tEXt", b"openbadges\0" + url),
            chunk(b"zTXt", b"openbadges\0\0" + packed),
        ):
            assert unbake(picture(text)) == Baked("open-badge-2", url.decode())

    def test_baking_takes_out_a_badge_of_version_2(self) -> None:
        assert bake(picture(itxt(b"openbadges", b"{}")), JWT) == bake(picture(), JWT)

    def test_of_both_versions_the_third_is_read(self) -> None:
        both = picture(itxt(b"openbadges", b"{}"), itxt(b"openbadgecredential", JWT.encode()))
        assert unbake(both) == Baked("open-badge-3", JWT)

    def test_version_3_stands_in_an_itxt_chunk_only(self) -> None:
        assert unbake(picture(chunk(b"tEXt", b"openbadgecredential\0{}"))) is None

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (picture(*[itxt(b"openbadgecredential", b"{}")] * 2), "baked-twice"),
            (picture(*[itxt(b"openbadges", b"{}")] * 2), "baked-twice"),
            (picture(itxt(b"openbadgecredential", zlib.compress(b"{}"), flag=b"\1")), "baked-compressed"),
            (picture(itxt(b"openbadges", zlib.compress(b"0" * 2**21), flag=b"\1")), "baked-too-large"),
            (picture(chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(b"0" * 2**21))), "baked-too-large"),
            (picture(chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(b"{}" * 50)[:-6])), "png-damaged"),
            (picture(chunk(b"zTXt", b"openbadges\0\0none")), "png-damaged"),
            (picture(chunk(b"zTXt", b"openbadges\0\1" + zlib.compress(b"{}"))), "png-damaged"),
            (picture(itxt(b"openbadgecredential", b"0" * (2**20 + 1))), "baked-too-large"),
            (picture(itxt(b"openbadgecredential", b"\xff")), "document-not-utf8"),
            (picture(itxt(b"openbadgecredential", b"{}", flag=b"\2")), "png-damaged"),
            (picture(chunk(b"iTXt", b"openbadgecredential\0\0\0{}")), "png-damaged"),
            (PNG[:-1], "png-damaged"),
            (png.SIGNATURE, "png-damaged"),
            (png.SIGNATURE + b"\xff\xff\xff\xffIDAT" + b"\0" * 30, "png-damaged"),
            (PNG.replace(b"none", b"nine"), "png-damaged"),
            (picture(*[chunk(b"abCd", b"")] * 20_000), "png-too-many-parts"),
        ],
    )
    def test_damaged_and_hostile_ones_are_refused(self, data: bytes, code: str) -> None:
        assert refused(data) == code

    def test_no_more_is_unpacked_than_a_credential_may_have(self) -> None:
        bomb = picture(chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(b"0" * 2**25)))
        tracemalloc.start()
        try:
            assert refused(bomb) == "baked-too-large"
            assert tracemalloc.get_traced_memory()[1] < 2**23
        finally:
            tracemalloc.stop()

    def test_a_png_without_a_picture_gets_no_badge(self) -> None:
        with pytest.raises(CredentialError, match="damaged"):
            bake(png.SIGNATURE + chunk(b"IEND", b""), JWT)

    def test_what_follows_the_picture_is_no_part_of_it(self) -> None:
        behind = itxt(b"openbadgecredential", b"{}")
        assert unbake(picture(ending=behind)) is None
        assert bake(picture(ending=behind), JWT) == bake(picture(), JWT)


class TestSvg:
    def test_the_element_is_as_the_specification_wants_it(self) -> None:
        start = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{svg.NAMESPACE}">'
        assert bake(drawing(), JWT).decode() == (
            f'{start}<openbadges:credential verify="{JWT}"></openbadges:credential><g/></svg>'
        )
        assert bake(drawing(), '{"a": 1}').decode() == (
            f'{start}<openbadges:credential><![CDATA[{{"a": 1}}]]></openbadges:credential><g/></svg>'
        )

    def test_the_drawing_stays_byte_for_byte(self) -> None:
        baked = bake(SVG, JWT)
        element = f'<openbadges:credential verify="{JWT}"></openbadges:credential>'.encode()
        declaration = f' xmlns:openbadges="{svg.NAMESPACE}"'.encode()
        assert baked.replace(element, b"").replace(declaration, b"") == SVG

    @pytest.mark.parametrize(
        "source",
        [
            b'<svg xmlns="http://www.w3.org/2000/svg"/>',
            b'\xef\xbb\xbf<svg xmlns="http://www.w3.org/2000/svg" />',
            b'<s:svg xmlns:s="http://www.w3.org/2000/svg" a=\'">\'></s:svg>',
            drawing(attributes=f' {OPEN_BADGES_2}', inside='<openbadges:assertion verify="x.y.z"/>'),
            drawing(attributes=f" xmlns:openbadges='{svg.NAMESPACE}'", inside='<openbadges:credential verify="a"/>'),
            drawing(before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'),
        ],
    )  # fmt: skip
    def test_each_way_to_write_the_outermost_element_is_understood(self, source: bytes) -> None:
        for text in (JWT, JSON):
            baked = bake(source, text)
            assert unbake(baked) == Baked("open-badge-3", text)
            assert bake(bake(baked, JWT), text) == baked

    @pytest.mark.parametrize(
        ("inside", "text"),
        [
            (f'<openbadges:assertion verify="{JWT}"/>', JWT),
            (
                '<openbadges:assertion verify="https://x.example/b"><![CDATA[{"a":1}]]></openbadges:assertion>',
                '{"a":1}',
            ),
            ('<openbadges:assertion verify="https://x.example/b"></openbadges:assertion>', "https://x.example/b"),
        ],
    )
    def test_a_badge_of_version_2_is_read(self, inside: str, text: str) -> None:
        source = drawing(inside, f" {OPEN_BADGES_2}")
        assert unbake(source) == Baked("open-badge-2", text)
        assert unbake(bake(source, JSON)) == Baked("open-badge-3", JSON)
        assert b"assertion" not in bake(source, JSON)

    def test_an_element_of_another_namespace_is_no_badge(self) -> None:
        assert unbake(drawing("<credential>{}</credential>", ' xmlns:openbadges="urn:other"')) is None

    def test_an_empty_element_before_a_closing_tag_is_cut_out_alone(self) -> None:
        inside = f'<g><o:credential xmlns:o="{svg.NAMESPACE}" verify="a.b.c"/></g>'
        assert bake(drawing(inside), JWT) == bake(drawing("<g></g>"), JWT)

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (drawing(before='<!DOCTYPE svg [<!ENTITY a "b">]>'), "svg-defines-entities"),
            (
                drawing(
                    '<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0"/>',
                    before='<!DOCTYPE svg [<!ATTLIST o:credential verify CDATA "a.b.c">]>',
                ),
                "svg-defines-entities",
            ),
            (drawing("&e;", before='<!DOCTYPE svg SYSTEM "http://x.example/d">'), "svg-unreadable"),
            (drawing(f'<a xmlns="{svg.NAMESPACE}"><credential verify="{JWT}"/></a>' * 2), "baked-twice"),
            (drawing(f'<credential xmlns="{svg.NAMESPACE}" verify="{JWT}">{{}}</credential>'), "baked-twice"),
            (drawing(f'<credential xmlns="{svg.NAMESPACE}">{{}}<credential/></credential>'), "baked-twice"),
            (drawing(f'<credential xmlns="{svg.NAMESPACE}"> </credential>'), "baked-empty"),
            (drawing(f'<credential xmlns="{svg.NAMESPACE}">{"0" * (2**20 + 1)}</credential>'), "baked-too-large"),
            (drawing("<g>" * 300 + "</g>" * 300), "svg-too-many-parts"),
            (drawing("</g>"), "svg-unreadable"),
            (b"<svg/>", "svg-is-other-xml"),
            (b"<html/>", "svg-is-other-xml"),
            (b"<", "svg-unreadable"),
            (drawing(before='<?xml version="1.0" encoding="ISO-8859-1"?>'), "svg-not-utf8"),
            (drawing().decode().encode("utf-16-be"), "picture-kind-unknown"),
            (drawing(inside="\xe4").decode().encode("latin-1"), "svg-unreadable"),
        ],
    )
    def test_hostile_ones_are_refused(self, data: bytes, code: str) -> None:
        assert refused(data) == code
        if code not in ("baked-twice", "baked-empty"):
            with pytest.raises(CredentialError):
                bake(data, JWT)

    def test_the_number_of_elements_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(svg, "_MAX_ELEMENTS", 10)
        assert refused(drawing("<a/>" * 10)) == "svg-too-many-parts"

    def test_the_size_is_bounded(self) -> None:
        assert refused(b"<svg>" + b" " * baking.MAX_SVG_BYTES) == "picture-too-large"
