"""An institution's colour and logo: who may, what is refused, what is kept."""

import datetime as dt
import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from openmcx.institutions import mapping, operations, queries
from openmcx.institutions.models import Institution, Logo
from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.models import AuditRecord
from openmcx.ui import colour, pictures, tokens
from tests.cast import Cast

AT = dt.datetime(2026, 3, 6, 9, tzinfo=dt.UTC)


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, 120 if mode in ("L", "P") else None).save(file, kind, **options)
    return file.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def actions(institution: Institution) -> list[str]:
    rows = AuditRecord.objects.filter(institution_id=institution.pk).order_by("number")
    return [row.action for row in rows if ".colour." in row.action or ".logo." in row.action]


def set_accent(cast: Cast, colour_: str, by: str = "ada") -> Institution:
    person = getattr(cast, by)
    return operations.set_accent(by=cast.actor(person), at=AT, institution_id=cast.lakeside.pk, colour=colour_)


def set_logo(cast: Cast, data: bytes, by: str = "ada") -> Institution:
    person = getattr(cast, by)
    return operations.set_logo(by=cast.actor(person), at=AT, institution_id=cast.lakeside.pk, picture=data)


def test_a_colour_that_reads_is_kept_and_audited_once(cast: Cast) -> None:
    assert set_accent(cast, " 0B6E4F ").accent == "#0b6e4f"
    set_accent(cast, "#0b6e4f")
    assert actions(cast.lakeside) == ["institutions.colour.changed"]
    assert set_accent(cast, "").accent == ""
    assert actions(cast.lakeside) == ["institutions.colour.changed"] * 2


@pytest.mark.parametrize("one", ["#ffff00", "#ff8800", "#777777", "#ffffff", "#00c2d1"])
def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can(cast: Cast, one: str) -> None:
    with pytest.raises(Refusal) as caught:
        set_accent(cast, one)
    assert caught.value.code == "colour-unreadable"
    nearest = str(caught.value.params["nearest"])
    assert nearest in str(caught.value)
    assert set_accent(cast, nearest).accent == nearest


@pytest.mark.parametrize("one", ["red", "#12", "#0b5c66}body{display:none", "url(//evil.example)"])
def test_what_is_no_colour_is_refused(cast: Cast, one: str) -> None:
    with pytest.raises(Refusal, match="is not a colour"):
        set_accent(cast, one)


@pytest.mark.parametrize("by", ["rita", "anna", "otto", "mallory"])
def test_only_who_manages_the_institution_changes_its_look(cast: Cast, by: str) -> None:
    with pytest.raises(NotPermitted):
        set_accent(cast, "#0b6e4f", by)
    with pytest.raises(NotPermitted):
        set_logo(cast, picture(), by)
    with pytest.raises(NotPermitted):
        operations.remove_logo(by=cast.actor(getattr(cast, by)), at=AT, institution_id=cast.lakeside.pk)
    assert actions(cast.lakeside) == []


@pytest.mark.parametrize(
    "data",
    [
        picture("PNG"),
        picture("PNG", mode="RGBA"),
        picture("PNG", mode="L"),
        picture("PNG", mode="P"),
        picture("JPEG"),
        picture("JPEG", mode="CMYK"),
        picture("WEBP"),
        picture("PNG", size=(48, 2000)),
    ],
    ids=["png", "transparent", "grey", "palette", "jpeg", "print", "webp", "narrow"],
)
def test_a_logo_is_written_anew_in_fixed_sizes(cast: Cast, data: bytes) -> None:
    digest = set_logo(cast, data).logo_digest
    kept = Logo.objects.get(institution=cast.lakeside)
    assert kept.digest == digest
    for body, side in ((bytes(kept.small), 96), (bytes(kept.large), 192)):
        shown = Image.open(io.BytesIO(body))
        assert (shown.format, shown.size, shown.mode) == ("PNG", (side, side), "RGBA")


def test_nothing_but_the_pixels_is_kept(cast: Cast) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "taken at home by Rita")
    exif = Image.Exif()
    exif[0x010E] = "taken at home by Rita"
    set_logo(cast, picture(pnginfo=notes, exif=exif, icc_profile=b"Rita" * 40))
    kept = Logo.objects.get(institution=cast.lakeside)
    chunks = []
    body, place = bytes(kept.large), 8
    while place < len(body):
        length = int.from_bytes(body[place : place + 4])
        chunks.append(body[place + 4 : place + 8])
        place += 12 + length
    assert set(chunks) == {b"IHDR", b"IDAT", b"IEND"}
    assert b"Rita" not in body


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture-unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "picture-unreadable"),
        (picture("GIF"), "picture-unreadable"),
        (picture("TIFF"), "picture-unreadable"),
        (picture()[:-40], "picture-unreadable"),
        (picture()[:30] + b"\0" * 400, "picture-unreadable"),
        (picture(size=(47, 300)), "picture-size"),
        (png_header(60_000, 60_000), "picture-size"),
        (png_header(12_000, 12_000), "picture-size"),
        (png_header(5_000, 4_000), "picture-size"),
        (png_header(5_999, 5_999), "picture-size"),
        (png_header(2_000_000_000, 2), "picture-size"),
        (png_header(300, 300), "picture-unreadable"),
        (picture() + b"\0" * pictures.MOST_BYTES, "picture-too-large"),
    ],
    ids=[
        "empty",
        "svg",
        "gif",
        "tiff",
        "cut",
        "damaged",
        "small",
        "bomb",
        "huge",
        "wide",
        "many",
        "endless",
        "hollow",
        "heavy",
    ],
)
def test_what_is_no_usable_picture_is_refused(cast: Cast, data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        set_logo(cast, data)
    assert caught.value.code == code
    assert not Logo.objects.exists()


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        ((40, 300), "The picture has 40 × 300 pixels. Each side needs 48 to 6000 pixels."),
        ((12_000, 12_000), "The picture has 12000 × 12000 pixels. Each side needs 48 to 6000 pixels."),
        ((5_000, 4_000), "The picture has 5000 × 4000 pixels, more than 16 million in all."),
        ((60_000, 60_000), "The picture has more than 16 million pixels."),
    ],
)
def test_a_picture_of_the_wrong_size_is_told_what_is_wrong(size: tuple[int, int], sentence: str) -> None:
    with pytest.raises(Refusal) as caught:
        pictures.squares(png_header(*size), (48,))
    assert str(caught.value).startswith(sentence)


def test_a_picture_lies_as_the_camera_says(cast: Cast) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    set_logo(cast, picture("JPEG", size=(400, 100), exif=exif))
    shown = Image.open(io.BytesIO(bytes(Logo.objects.get().large)))
    assert shown.getchannel("A").getbbox() == (72, 0, 120, 192)


def test_a_logo_is_replaced_and_removed(cast: Cast) -> None:
    first = set_logo(cast, picture(size=(100, 100))).logo_digest
    assert set_logo(cast, picture(size=(100, 100))).logo_digest == first
    assert set_logo(cast, picture(size=(100, 50))).logo_digest != first
    operations.remove_logo(by=cast.actor(cast.ada), at=AT, institution_id=cast.lakeside.pk)
    operations.remove_logo(by=cast.actor(cast.ada), at=AT, institution_id=cast.lakeside.pk)
    assert actions(cast.lakeside) == ["institutions.logo.changed"] * 2 + ["institutions.logo.removed"]
    assert (Logo.objects.count(), Institution.objects.get(pk=cast.lakeside.pk).logo_digest) == (0, "")


@pytest.mark.parametrize("accent", ["#000000", "#0b6e4f", "#5b3a8c", "#7a4a00", "#a32035", "#0000ff"])
def test_both_themes_can_be_read(accent: str) -> None:
    look = mapping.look(accent)
    assert look is not None
    values = {
        part.split(":")[0]: part.split("light-dark(")[1].rstrip(")").split(",")
        for part in look.stylesheet.split("{")[1].split("}")[0].split(";")
        if part
    }
    for place, theme in enumerate(tokens.THEMES):
        written = {name.removeprefix("--mcx-"): pair[place] for name, pair in values.items()}
        for ground in tokens.grounds(theme):
            assert colour.contrast(written["accent"], ground) >= 4.5
            assert colour.contrast(written["accent-hover"], ground) >= 4.5
        assert colour.contrast(written["on-accent"], written["accent"]) >= 4.5
        assert colour.contrast(written["on-accent"], written["accent-hover"]) >= 4.5
        assert colour.contrast(written["accent"], written["accent-soft"]) >= 3


def test_a_look_costs_no_query(cast: Cast, django_assert_num_queries: object) -> None:
    set_logo(cast, picture())
    institution = set_accent(cast, "#0b6e4f")
    with django_assert_num_queries(0):  # type: ignore[operator]
        mark = queries.mark(institution)
    assert mark.name == "University of Lakeside"
    assert mark.logo == f"/institutions/lakeside/look/{institution.logo_digest}/large.png"
    assert mark.stylesheet == f"/institutions/lakeside/look/{mark.look.removeprefix('look-')}.css"
    assert queries.mark(cast.hillside) == type(mark)(name="Hillside University of Applied Sciences")
