"""The printed credential: PDF/A-3a and PDF/UA-1 with the signed credential attached, whatever the texts are."""

import dataclasses
import io
import json
import re
import zlib
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from openmcx.credentials.errors import CredentialError
from openmcx.credentials.formats import pdf
from openmcx.credentials.formats.pdf import characters, writing
from openmcx.credentials.model import LangText
from openmcx.credentials.pdf_files import reading
from openmcx.credentials.pdf_files.objects import Budget, Parser
from openmcx.credentials.pdf_files.reading import PdfFile
from tests.credentials.examples import CREDENTIAL, NOW

SIGNED = b'{"@context": ["https://www.w3.org/ns/credentials/v2"], "name": "L\xc3\xa4\xc3\xa4rner"}\n'
ADDRESS = "https://saimaa.example/verify#c=abc"
CODE = [[(row * column) % 2 for column in range(21)] for row in range(21)]


def logo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 8), (20, 120, 90)).save(buffer, "PNG")
    return buffer.getvalue()


def printed(sheet: pdf.Sheet | None = None, credential: bytes = SIGNED, **given: Any) -> bytes:
    return pdf.write(sheet or pdf.sheet(CREDENTIAL), credential, created=NOW, **given)


class Structure:
    """What stands in a PDF file, for looking at."""

    def __init__(self, data: bytes) -> None:
        self.file = PdfFile(data)
        self.catalog = self.file.resolve(self.file.trailer["Root"])
        self.xmp = self.file.unpack(self.file.resolve(self.catalog["Metadata"])).decode()

    def __getitem__(self, name: str) -> Any:
        return self.file.resolve(self.catalog[name])

    def objects(self) -> list[Any]:
        return [self.file.resolve(one) for one in map(self._reference, self.file._places) if one is not None]

    def _reference(self, number: int) -> Any:
        return Parser(b"%d 0 R" % number, 0, Budget()).value()

    def tags(self) -> list[str]:
        found, waiting = [], [self["StructTreeRoot"]]
        while waiting:
            node = self.file.resolve(waiting.pop())
            if isinstance(node, dict):
                found += [node["S"]] if "S" in node else []
                kids = node.get("K", [])
                waiting += reversed(kids if isinstance(kids, list) else [kids])
        return found


@pytest.fixture(scope="module")
def whole() -> Structure:
    return Structure(printed(address=ADDRESS, code=CODE, logo=logo()))


class TestTheFile:
    def test_it_claims_both_standards(self, whole: Structure) -> None:
        assert "<pdfaid:part>3</pdfaid:part>" in whole.xmp
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in whole.xmp
        assert "<pdfuaid:part>1</pdfuaid:part>" in whole.xmp

    def test_it_says_its_title_its_language_and_how_colours_are_meant(self, whole: Structure) -> None:
        assert whole["Lang"] == b"en"
        assert whole["ViewerPreferences"]["DisplayDocTitle"] is True
        assert "Collaborative robotics – Leon Läärner" in whole.xmp
        (intent,) = [whole.file.resolve(entry) for entry in whole["OutputIntents"]]
        assert intent["S"] == "GTS_PDFA1"
        assert whole.file.unpack(whole.file.resolve(intent["DestOutputProfile"]))[36:40] == b"acsp"

    def test_everything_is_tagged_and_pictures_have_alternatives(self, whole: Structure) -> None:
        assert whole["MarkInfo"]["Marked"] is True
        tags = whole.tags()
        assert tags.count("H1") == 1
        assert tags.count("H2") == 6
        assert {"P", "L", "LI", "Link", "Figure"} <= set(tags)
        figures = [one for one in whole.objects() if isinstance(one, dict) and one.get("S") == "Figure"]
        assert [bool(one.get("Alt")) for one in figures] == [True, True]

    def test_every_font_lies_in_the_file(self, whole: Structure) -> None:
        fonts = [one for one in whole.objects() if isinstance(one, dict) and one.get("Type") == "FontDescriptor"]
        assert len(fonts) >= 2
        assert all({"FontFile", "FontFile2", "FontFile3"} & set(font) for font in fonts)

    def test_the_credential_is_attached_as_the_data_behind_the_page(self, whole: Structure) -> None:
        (specification,) = [whole.file.resolve(entry) for entry in whole["AF"]]
        assert specification["AFRelationship"] == "Data"
        assert specification["UF"] == b"credential.json"
        assert whole["Names"]["EmbeddedFiles"]["Names"][0] == b"credential.json"
        stream = whole.file.resolve(specification["EF"]["F"])
        assert stream.dictionary["Subtype"] == "application/vc"
        assert b"2026" in stream.dictionary["Params"]["ModDate"]

    def test_the_address_is_a_link(self, whole: Structure) -> None:
        links = [one for one in whole.objects() if isinstance(one, dict) and one.get("Subtype") == "Link"]
        assert [link["A"]["URI"] for link in links] == [ADDRESS.encode()]

    def test_the_same_input_makes_the_same_bytes(self) -> None:
        assert printed(address=ADDRESS, code=CODE) == printed(address=ADDRESS, code=CODE)

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", ""])
    def test_only_web_addresses_become_links(self, address: str) -> None:
        assert b"/Annots" not in printed(address=address)

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"credential": b"\xff"}, "document-not-utf8"),
            ({"credential": b"x" * (writing.MAX_ATTACHMENT_BYTES + 1)}, "baked-too-large"),
            ({"code": [[1, 0]]}, "pdf-code-not-square"),
            ({"code": [[1] * 178] * 178}, "pdf-code-not-square"),
            ({"logo": b"GIF89a"}, "pdf-logo-unusable"),
            ({"logo": b"\x89PNG\r\n\x1a\n" + b"x" * writing.MAX_LOGO_BYTES}, "pdf-logo-unusable"),
            ({"logo": b"\x89PNG\r\n\x1a\nnone"}, "pdf-not-laid-out"),
        ],
    )
    def test_what_cannot_be_printed_is_refused(self, given: dict[str, Any], code: str) -> None:
        with pytest.raises(CredentialError) as caught:
            printed(**given)
        assert caught.value.code == code

    def test_too_much_text_is_refused(self) -> None:
        sheet = dataclasses.replace(pdf.sheet(CREDENTIAL), learner="x" * (writing.MAX_TEXT_CHARACTERS + 1))
        with pytest.raises(CredentialError, match="characters together"):
            printed(sheet)


class TestTexts:
    @pytest.mark.parametrize(
        "name",
        ["漢字", "עברית", "محمد", "हिन्दी", "😀\x00\u202e\ue000", "a\u0300\u0316\u20dd", "\ud800", "\U0010ffff", "ﷺ"],
        ids=ascii,
    )  # fmt: skip
    def test_any_script_can_be_printed(self, name: str) -> None:
        made = printed(dataclasses.replace(pdf.sheet(CREDENTIAL), learner=name, title=name))
        assert pdf.extract(made) == pdf.Attached("credential.json", SIGNED)

    @pytest.mark.parametrize(
        "text",
        ['#panic("x")', "#sys.inputs", "*a* _b_ $x$ `c`", "[](()) \\ \\u{41} //", '"}], "title": "x', "{learner}"],
    )
    def test_no_text_is_taken_for_markup_or_code(self, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
        given: list[dict[str, str]] = []
        compiled = writing._compile
        monkeypatch.setattr(writing, "_compile", lambda *args: (given.append(args[1]), compiled(*args))[1])
        sheet = dataclasses.replace(pdf.sheet(CREDENTIAL), learner=text)
        printed(sheet)
        assert json.loads(given[0]["data"])["learner"] == text
        assert text.encode() not in writing._template()

    def test_characters_that_no_font_has_are_replaced_and_the_sheet_says_so(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given: list[dict[str, Any]] = []
        compiled = writing._compile
        monkeypatch.setattr(
            writing, "_compile", lambda *args: (given.append(json.loads(args[1]["data"])), compiled(*args))[1]
        )
        sheet = dataclasses.replace(pdf.sheet(CREDENTIAL), learner="Li 明 Ωя")
        printed(sheet)
        assert given[0]["learner"] == "Li � Ωя"
        assert given[0]["check"]["paragraphs"] == [sheet.not_shown, *sheet.check]
        printed(pdf.sheet(CREDENTIAL))
        assert sheet.not_shown not in given[1]["check"]["paragraphs"]

    def test_letters_and_marks_of_different_fonts_are_parted(self) -> None:
        covered, parted, latin = list(characters.ways(more_fonts=False))
        assert covered("e\u20dd") == "e\u20dd"
        assert parted("e\u20dd é") == "e é"
        assert latin("Ω é") == "� é"
        with_fonts = next(characters.ways(more_fonts=True))
        assert with_fonts("明\x00\u202e") == "明�"

    # Each seed is a run of characters from anywhere; the table is right if none of them stops the making of the file.
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @example(text="".join(map(chr, range(32, 0x590))))
    @given(text=st.text(st.characters(), max_size=60))
    def test_whatever_is_written(self, text: str) -> None:
        sheet = dataclasses.replace(pdf.sheet(CREDENTIAL), heading=pdf.Text(text, "fi"), title=text, footer=text)
        assert printed(sheet).startswith(b"%PDF-1.7")

    def test_each_text_is_marked_with_its_own_language(self) -> None:
        sheet = pdf.sheet(CREDENTIAL, language="fi", translate=lambda text: f"«{text}»")
        assert sheet.heading == pdf.Text("Yhteistyörobotiikka")
        assert sheet.kind == "«Micro-credential»"
        outcomes = sheet.sections[0]
        assert outcomes.items == (
            pdf.Text("Ohjelmoi yhteistyörobotin"),
            pdf.Text("Assesses the risk of a work cell", "en"),
        )
        made = Structure(printed(sheet))
        assert made["Lang"] == b"fi"
        assert any(isinstance(one, dict) and one.get("Lang") == b"en" for one in made.objects())

    @pytest.mark.parametrize("language", ["en", "de", "es", "fi", "pt-BR", "sr-Latn-RS", "und", "x!"])
    def test_languages_of_the_sheet(self, language: str) -> None:
        made = Structure(printed(dataclasses.replace(pdf.sheet(CREDENTIAL), language=language)))
        expected = {"pt-BR": b"pt-BR", "sr-Latn-RS": b"sr-RS", "und": b"en", "x!": b"en"}
        assert made["Lang"] == expected.get(language, language.encode())

    def test_numbers_dates_and_names_are_written_as_the_caller_wants(self) -> None:
        sheet = pdf.sheet(
            CREDENTIAL,
            number=lambda number: f"n{number}",
            day=lambda day: f"d{day.year}",
            language_name=lambda tag: f"l{tag}",
            country_name=lambda code: f"c{code}",
        )
        values = [row.value.text for part in sheet.sections for row in part.rows] + [
            row.value.text for row in sheet.rows
        ]
        assert {"n2.5", "d2026", "len, lfi, lde-AT"} <= set(values)
        assert "Saimaa University, South Karelia, cFI" in values

    def test_an_award_with_nothing_but_a_title_is_printed(self) -> None:
        achievement = dataclasses.replace(
            CREDENTIAL.achievement,
            **{
                field.name: field.default if field.default is not dataclasses.MISSING else field.default_factory()
                for field in dataclasses.fields(CREDENTIAL.achievement)
                if field.name not in ("id", "title", "awarding_body")
            },
        )
        bare = dataclasses.replace(
            CREDENTIAL, achievement=achievement, result=None, valid_until=None, issuer=achievement.awarding_body
        )
        sheet = pdf.sheet(bare)
        assert [part.heading for part in sheet.sections] == ["Quality assurance"]
        assert pdf.extract(printed(sheet)) is not None
        unnamed = dataclasses.replace(bare, issuer=dataclasses.replace(bare.issuer, name=LangText()))
        assert pdf.sheet(unnamed).issuer.text == bare.issuer.id


# --- reading ----------------------------------------------------------------------------------------------------------


def file(*objects: bytes, trailer: bytes = b"/Root 1 0 R", startxref: int | None = None) -> bytes:
    """A PDF file of the given objects, numbered from 1."""
    data = b"%PDF-1.7\n"
    places = []
    for number, value in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, value)
    start = len(data)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    return data + b"trailer\n<< %b >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start if startxref is None else startxref)


def stream(data: bytes, entries: bytes = b"", length: int | None = None) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(data) if length is None else length, data)


ATTACHING = (
    b"<< /Type /Catalog /AF [2 0 R] >>",
    b"<< /Type /Filespec /F (a\\(b\\)\\101.json) /EF << /F 3 0 R >> >>",
)


class TestExtracting:
    @pytest.mark.parametrize("credential", [SIGNED, b"eyJhbGciOiJFUzI1NiJ9.e30.c2ln", b"eyJhbGciOiJ9.e30.c2ln~d1~d2~"])
    def test_what_was_attached_comes_out_byte_for_byte(self, credential: bytes) -> None:
        attached = pdf.extract(printed(credential=credential))
        assert attached is not None
        assert attached.data == credential
        assert attached.name == ("credential.json" if credential is SIGNED else "credential.jwt")

    def test_files_with_object_streams_and_packed_tables_are_read(self) -> None:
        reader = PdfFileReader(io.BytesIO(printed()))
        written = io.BytesIO()
        copy_into_new_writer(reader, writer_kwargs={"stream_xrefs": True}).write(written)
        assert b"/ObjStm" in written.getvalue() or b"/XRef" in written.getvalue()
        assert pdf.extract(written.getvalue()) == pdf.Attached("credential.json", SIGNED)

    def test_a_small_file_made_by_hand_is_read(self) -> None:
        assert pdf.extract(file(*ATTACHING, stream(b"{}"))) == pdf.Attached("a(b)A.json", b"{}")
        packed = stream(zlib.compress(b'{"a":1}'), b"/Filter [/FlateDecode]")
        assert pdf.extract(file(*ATTACHING, packed)) == pdf.Attached("a(b)A.json", b'{"a":1}')

    @pytest.mark.parametrize("content", [b"<invoice/>", b"", b"plain text", b"a.b.c"])
    def test_other_attachments_are_no_credentials(self, content: bytes) -> None:
        assert pdf.extract(file(*ATTACHING, stream(content))) is None
        assert pdf.extract(file(b"<< /Type /Catalog >>")) is None

    def test_a_name_tree_is_walked(self) -> None:
        tree = (
            b"<< /Type /Catalog /Names << /EmbeddedFiles << /Kids [4 0 R] >> >> >>",
            *ATTACHING[1:],
            stream(b"{}"),
            b"<< /Names [(x) 2 0 R] >>",
        )
        assert pdf.extract(file(*tree)) is not None

    def test_two_different_credentials_are_refused_and_the_same_one_twice_is_not(self) -> None:
        both = (b"<< /AF [2 0 R 4 0 R] >>", ATTACHING[1], stream(b"{}"), b"<< /EF << /F 5 0 R >> >>")
        assert pdf.extract(file(*both, stream(b"{}"))) is not None
        with pytest.raises(CredentialError, match="attached to the PDF file are 2"):
            pdf.extract(file(*both, stream(b"{ }")))

    def test_packed_objects_are_read(self) -> None:
        bodies = [b"<< /Type /Catalog /AF [2 0 R] >>", ATTACHING[1]]
        heads = b"1 0 2 %d " % (len(bodies[0]) + 1)
        entries = b"/Type /ObjStm /N 2 /First %d /Filter /FlateDecode" % len(heads)
        container = stream(zlib.compress(heads + b" ".join(bodies)), entries)
        data = b"%PDF-1.7\n"
        places = {}
        for number, value in ((3, stream(b"{}")), (4, container)):
            places[number] = len(data)
            data += b"%d 0 obj\n%b\nendobj\n" % (number, value)
        rows = [(0, 0, 0), (2, 4, 0), (2, 4, 1), (1, places[3], 0), (1, places[4], 0)]
        table, above = b"", bytes(4)
        for kind, place, index in rows:
            row = bytes([kind]) + place.to_bytes(2) + bytes([index])
            table += b"\2" + bytes((one - other) & 255 for one, other in zip(row, above, strict=True))
            above = row
        entries = b"/Type /XRef /W [1 2 1] /Size 5 /Root 1 0 R /Filter /FlateDecode"
        entries += b" /DecodeParms << /Predictor 12 /Columns 4 >>"
        end = b"5 0 obj\n" + stream(zlib.compress(table), entries) + b"\nendobj\nstartxref\n%d\n" % len(data)
        assert pdf.extract(data + end) == pdf.Attached("a(b)A.json", b"{}")

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "pdf-damaged"),
            (b"no PDF", "pdf-damaged"),
            (b"%PDF-1.7\n" + b" " * reading.MAX_PDF_BYTES, "pdf-too-large"),
            (b"%PDF-1.7\nstartxref\n99999\n", "pdf-damaged"),
            (file(b"<< >>", startxref=9), "pdf-damaged"),
            (file(b"<< >>", trailer=b"/Root 1 0 R /Encrypt 1 0 R"), "pdf-encrypted"),
            (file(b"<< >>", trailer=b"/Root 9 0 R"), "pdf-damaged"),
            (file(b"<< >>", trailer=b"/Root 1 0 R /Root 1 0 R"), "pdf-damaged"),
            (file(b"1 0 R"), "pdf-damaged"),  # points at itself
            (file(b"2 0 R", b"1 0 R"), "pdf-damaged"),
            (file(b"[" * 100 + b"]" * 100), "pdf-too-complicated"),
            (file(b"[" + b"0 " * 250_000 + b"]"), "pdf-too-complicated"),
            (file(*ATTACHING, stream(b"{}", length=10**6)), "pdf-damaged"),
            (file(*ATTACHING, stream(b"{}", length=1)), "pdf-damaged"),
            (file(*ATTACHING, stream(b"{}", b"/Filter /LZWDecode")), "pdf-too-complicated"),
            (file(*ATTACHING, stream(b"{}", b"/Filter /FlateDecode")), "pdf-damaged"),
            (file(*ATTACHING, stream(zlib.compress(b"{" * 2**21), b"/Filter /FlateDecode")), "pdf-too-complicated"),
            (file(*ATTACHING, stream(zlib.compress(b"{}")[:-3], b"/Filter /FlateDecode")), "pdf-damaged"),
            (file(*ATTACHING, b"<< /Length 3 0 R >>\nstream\n{}\nendstream"), "pdf-damaged"),
            (file(b"<< /AF [%b] >>" % (b"2 0 R " * 60), b"<< >>"), "pdf-too-complicated"),
            (file(b"<< /Names << /EmbeddedFiles 2 0 R >> >>", b"<< /Kids [2 0 R] >>"), "pdf-too-complicated"),
            (file(b"<< /a (unclosed >>"), "pdf-damaged"),
            (file(b"<< /a <4g> >>"), "pdf-damaged"),
            (file(b"<< /a 1e5 >>"), "pdf-damaged"),
        ],
        ids=range(24),
    )  # fmt: skip
    def test_damaged_and_hostile_files_are_refused(self, data: bytes, code: str) -> None:
        with pytest.raises(CredentialError) as caught:
            pdf.extract(data)
        assert caught.value.code == code

    def test_chains_of_tables_end(self) -> None:
        once = file(b"<< >>")
        start = once.index(b"xref\n0 2")
        with pytest.raises(CredentialError, match="no sound PDF"):
            pdf.extract(file(b"<< >>", trailer=b"/Root 1 0 R /Prev %d" % start))

    def test_an_attachment_larger_than_any_credential_is_passed_over(self) -> None:
        assert pdf.extract(file(*ATTACHING, stream(b"{" * (reading.MAX_CREDENTIAL_BYTES + 1)))) is None

    @settings(max_examples=40, deadline=None)
    @given(place=st.integers(0, 10**6), value=st.binary(min_size=1, max_size=4))
    def test_a_changed_file_is_read_or_refused(self, place: int, value: bytes) -> None:
        data = bytearray(file(*ATTACHING, stream(b"{}")))
        place %= len(data)
        data[place : place + len(value)] = value
        try:
            pdf.extract(bytes(data))
        except CredentialError:
            return


def test_the_table_of_characters_is_that_of_the_fonts() -> None:
    lines = (re.split("-", line) for line in _table().split())
    edges = [chr(int(bound, 16)) for line in lines for bound in line]
    assert len(edges) > 400
    base = [char for char in edges if not characters.unicodedata.category(char).startswith("M")]
    sheet = dataclasses.replace(pdf.sheet(CREDENTIAL), learner=" ".join(base))
    fixed = {"logo": None, "code": None, "attachment": {"name": "a.json", "type": "application/vc"}}
    data = writing._data(sheet, next(characters.ways(more_fonts=False)), "", fixed)
    # With the first way, nothing having to be left out.
    inputs = {"data": json.dumps(data), "credential": "{}"}
    assert writing._compile(writing._fonts(()), inputs, NOW).startswith(b"%PDF")


def _table() -> str:
    from importlib import resources

    return resources.files("openmcx.credentials.formats.pdf").joinpath("coverage.txt").read_text("ascii")
