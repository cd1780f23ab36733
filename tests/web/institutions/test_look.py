"""The page of logo and colour, and the files that other pages link."""

import datetime as dt
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from openmcx.institutions import operations, queries
from openmcx.institutions.models import Institution
from tests.cast import Cast
from tests.web.pages import read, text

AT = dt.datetime(2026, 3, 6, 9, tzinfo=dt.UTC)
LOOK = "/institutions/lakeside/manage/look/"


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (120, 120), "#0b6e4f").save(file, "PNG")
    return file.getvalue()


def dressed(cast: Cast) -> Institution:
    by = cast.actor(cast.ada)
    operations.set_accent(by=by, at=AT, institution_id=cast.lakeside.pk, colour="#0b6e4f")
    return operations.set_logo(by=by, at=AT, institution_id=cast.lakeside.pk, picture=png())


def test_the_nearest_colour_is_one_click_away(cast: Cast) -> None:
    client = cast.client(cast.ada)
    answer = client.post(LOOK, {"colour": "#ffcc00"})
    page = read(answer, 400)
    offered = page.select_one('.notification input[name="colour"]')
    assert offered is not None
    nearest = str(offered["value"])
    assert nearest in text(page)
    assert client.post(LOOK, {"colour": nearest})["Location"] == LOOK
    assert Institution.objects.get(pk=cast.lakeside.pk).accent == nearest


def test_a_logo_is_uploaded_shown_and_removed(cast: Cast) -> None:
    client = cast.client(cast.ada)
    address = reverse("institutions:change-logo", args=["lakeside"])
    assert client.post(address, {"picture": SimpleUploadedFile("l.png", png())})["Location"] == LOOK
    shown = read(client.get(LOOK)).select("img.institution-mark")
    assert {image["alt"] for image in shown} == {"University of Lakeside"}
    assert client.post(address, {"remove": "1"})["Location"] == LOOK
    assert read(client.get(LOOK)).select("img.institution-mark") == []


def test_a_file_that_is_no_picture_is_refused_at_its_field(cast: Cast) -> None:
    address = reverse("institutions:change-logo", args=["lakeside"])
    answer = cast.client(cast.ada).post(address, {"picture": SimpleUploadedFile("l.png", b"<svg/>")})
    page = read(answer, 400)
    link = page.select_one(".error-summary a")
    assert link is not None
    assert page.find(id=str(link["href"])[1:]) is not None
    assert "Choose a PNG, JPEG or WebP file." in text(page)


def test_files_lie_at_addresses_that_never_change(cast: Cast) -> None:
    mark = queries.mark(dressed(cast))
    visitor = cast.client()
    for address, kind in ((mark.logo, "image/png"), (mark.small_logo, "image/png"), (mark.stylesheet, "text/css")):
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert answer["Content-Type"].split(";")[0] == kind
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer.cookies == {}
        assert "Cookie" not in answer.get("Vary", "")
    changed = mark.logo.replace(mark.logo.split("/")[-2], "0" * 32)
    for gone in (changed, mark.logo.replace("large", "huge"), mark.stylesheet.replace("look/", "look/0")):
        assert visitor.get(gone).status_code == 404


def test_the_public_page_shows_logo_and_colour(cast: Cast) -> None:
    mark = queries.mark(dressed(cast))
    page = read(cast.client().get("/institutions/lakeside/"))
    assert page.select_one(f'link[href="{mark.stylesheet}"]') is not None
    assert page.select_one(f".{mark.look}") is not None
    image = page.select_one("img.institution-mark")
    assert image is not None
    assert (image["src"], image["alt"]) == (mark.logo, "University of Lakeside")
    plain = read(cast.client().get("/institutions/hillside/"))
    assert plain.select('img.institution-mark, link[href*="/look/"]') == []
