"""The catalogue's pages as people meet them: without JavaScript, in every role."""

import io
import json
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openmcx.catalogue import operations, queries
from openmcx.catalogue.mapping.elements import SECTIONS
from openmcx.catalogue.models import Specification, SpecificationVersion
from openmcx.credentials.model import LangText
from openmcx.kernel.actors import Actor
from openmcx.kernel.models import AuditRecord
from openmcx.kernel.scopes import scopes_disabled
from tests.cast import Cast
from tests.factories import catalogue as make

pytestmark = pytest.mark.django_db


def page(client: Client, url: str, *, status: int = 200) -> BeautifulSoup:
    answer = client.get(url)
    assert answer.status_code == status, answer.content[:2000]
    soup = BeautifulSoup(answer.content, "html.parser")
    assert len(soup.find_all("h1")) == 1
    assert soup.title is not None
    assert soup.title.text.strip()
    return soup


def fields_of(soup: BeautifulSoup) -> dict[str, Any]:
    """What a browser sends of the page's main form."""
    form = soup.select_one("main form[method=post]")
    assert form is not None
    data: dict[str, Any] = {}
    for element in form.select("input, textarea, select"):
        name = element.get("name")
        if not name or (element.get("type") in ("checkbox", "radio") and not element.has_attr("checked")):
            continue
        if element.name == "select":
            chosen = element.select_one("option[selected]") or element.select_one("option")
            value = chosen["value"] if chosen else ""
        elif element.name == "textarea":
            value = element.text.removeprefix("\n")
        else:
            value = element.get("value", "")
        data.setdefault(str(name), []).append(value)
    return data


def saved(specification_id: Any) -> Specification:
    with scopes_disabled():
        return queries.draft(specification_id)


# --- public ---------------------------------------------------------------------------------------------------------


def test_an_empty_catalogue_says_so(cast: Cast) -> None:
    soup = page(cast.client(), reverse("catalogue:list"))
    assert "The catalogue is still empty" in soup.text


def test_the_catalogue_is_searched_filtered_and_exported(cast: Cast) -> None:
    make.version(cast.lakeside.pk)
    make.version(cast.hillside.pk, title=LangText({"en": "=Weaving", "de": "Weben"}))
    url = reverse("catalogue:list")
    soup = page(cast.client(), url)
    assert [link.text for link in soup.select(".results h2 a")] == ["=Weaving", "Collaborative robotics"]
    assert [link.text for link in page(cast.client(), f"{url}?q=weben").select(".results h2 a")] == ["=Weaving"]
    assert (
        len(page(cast.client(), f"{url}?institution=lakeside&level=6&ects=3-5&language=de").select(".results h2")) == 1
    )
    assert "Nothing in the catalogue fits" in page(cast.client(), f"{url}?q=nowhere").text
    assert page(cast.client(), f"{url}?level=nine", status=400).select_one(".error-summary a") is not None
    answer = cast.client().get(f"{url}?export=csv&q=weaving")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert rows[1].startswith(
        "'=Weaving,Hillside University of Applied Sciences,3,6,en de,1,2026-03-02,http://testserver/"
    )


def test_the_catalogue_is_a_table_too_sorted_by_its_headings(cast: Cast) -> None:
    make.version(cast.lakeside.pk, title=LangText({"en": "Alpha"}))
    make.version(cast.hillside.pk, title=LangText({"en": "Beta"}))
    url = reverse("catalogue:list")

    def titles(query: str) -> list[str]:
        return [link.text for link in page(cast.client(), f"{url}?view=table{query}").select("tbody th a")]

    assert titles("") == ["Alpha", "Beta"]
    assert titles("&order=-title") == ["Beta", "Alpha"]
    assert titles("&institution=hillside") == ["Beta"]
    soup = page(cast.client(), f"{url}?view=table&columns=eqf_level")
    assert [one.get_text(strip=True) for one in soup.select("thead th")] == ["Title", "EQF level"]
    assert "Nothing in the catalogue fits" in page(cast.client(), f"{url}?view=table&q=nowhere").text
    answer = cast.client().get(f"{url}?download=xlsx&q=beta")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet["A"]] == ["Title", "Beta"]
    assert sheet["C2"].value == 3


def test_a_table_of_the_catalogue_costs_the_same_for_one_and_three(cast: Cast) -> None:
    client, url, counts = cast.client(), f"{reverse('catalogue:list')}?view=table", []
    for more in (1, 2):
        for _ in range(more):
            make.version(cast.lakeside.pk)
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_list_costs_the_same_for_one_and_three(cast: Cast, django_assert_num_queries: Any) -> None:
    client, url = cast.client(), reverse("catalogue:list")
    make.version(cast.lakeside.pk)
    client.get(url)
    with django_assert_num_queries(7):
        client.get(url)
    make.version(cast.lakeside.pk)
    make.version(cast.hillside.pk)
    with django_assert_num_queries(7):
        client.get(url)


def test_a_version_page_shows_every_element(cast: Cast) -> None:
    version = make.version(cast.lakeside.pk)
    soup = page(cast.client(), reverse("catalogue:latest", args=[version.slug]))
    shown = soup.select_one("main")
    assert shown is not None
    for text in (
        "University of Lakeside Finland",
        "Plan a shared workspace",
        "design robots",
        "Blended: partly on site, partly online",
        "Supervised, identity verified",
        "Example Agency",
        "Basic programming",
        "Certificate in automation",
        "250.00 EUR",
        "60 months",
        version.digest,
    ):
        assert text in shown.text
    assert [link["hreflang"] for link in soup.select("link[rel=alternate]")] == ["en", "de"]
    german = page(cast.client(), reverse("catalogue:version", args=[version.slug, 1]) + "?in=de")
    heading = german.select_one("h1")
    assert heading is not None
    assert (heading.text, heading["lang"]) == ("Kollaborative Robotik", "de")


def test_search_engines_get_schema_org(cast: Cast) -> None:
    version = make.version(cast.lakeside.pk, description=LangText({"en": "</script><script>alert(1)</script>"}))
    soup = page(cast.client(), reverse("catalogue:version", args=[version.slug, 1]))
    scripts = soup.select("script:not([src])")
    assert [one.get("type") for one in scripts] == ["application/ld+json"]
    document = json.loads(scripts[0].text)
    assert (document["@type"], document["@id"]) == ("Course", f"http://testserver/catalogue/{version.slug}/v1/")
    assert document["description"] == "</script><script>alert(1)</script>"
    assert document["educationalCredentialAwarded"]["credentialCategory"] == "micro-credential"
    assert document["numberOfCredits"] == {"@type": "StructuredValue", "name": "ECTS", "value": "3"}
    assert document["timeRequired"] == "PT80H"
    assert document["teaches"][0] == "Plan a shared workspace"


def test_programs_get_the_specification_at_the_same_address(cast: Cast) -> None:
    version = make.version(cast.lakeside.pk)
    url = reverse("catalogue:version", args=[version.slug, 1])
    ours = cast.client().get(url, headers={"Accept": "application/json"})
    assert json.loads(ours.content) == version.content
    assert "Accept" in ours["Vary"]
    elm = cast.client().get(url, headers={"Accept": "application/ld+json"})
    assert elm["Content-Type"] == "application/ld+json"
    for form in ("openmcx", "elm"):
        file = cast.client().get(reverse("catalogue:export", args=[version.slug, 1, form]))
        assert file["Content-Disposition"].startswith(f'attachment; filename="{version.slug}-v1.json')
    assert cast.client().get(reverse("catalogue:export", args=[version.slug, 1, "pdf"])).status_code == 404


def test_changes_between_versions_are_shown(cast: Cast) -> None:
    world: dict[str, Any] = {}
    cast.things = world
    make.add_to_world(cast)
    slug = world["published"].slug
    soup = page(cast.client(), reverse("catalogue:changes", args=[slug, 2]))
    assert [one.text for one in soup.select(".change h3")] == [
        "The need it answers (English)",
        "The need it answers (German)",
    ]
    assert soup.select_one(".change ins") is not None
    assert cast.client().get(reverse("catalogue:changes", args=[slug, 1])).status_code == 404
    assert cast.client().get(reverse("catalogue:changes", args=[slug, 2]) + "?from=x").status_code == 200
    old = page(cast.client(), reverse("catalogue:version", args=[slug, 1]))
    assert "There is a newer version" in old.text
    gone = page(cast.client(), reverse("catalogue:version", args=[world["withdrawn"].slug, 1]))
    assert "Replaced" in gone.text


@pytest.mark.parametrize(
    "address",
    [
        "/catalogue/nothing/",
        "/catalogue/nothing/v1/",
        "/catalogue/nothing/v2/changes/",
        f"/catalogue/nothing/v{'9' * 30}/",
        f"/api/v1/catalogue/nothing/{'9' * 30}",
    ],
)
def test_there_is_nothing_at_other_addresses(cast: Cast, address: str) -> None:
    assert cast.client().get(address).status_code == 404


# --- writing --------------------------------------------------------------------------------------------------------


def test_from_a_title_to_publication_without_javascript(cast: Cast) -> None:
    client = cast.client(cast.anna)
    soup = page(client, reverse("catalogue:drafts"))
    assert "No micro-credentials yet" in soup.text
    answer = client.post(
        reverse("catalogue:new"), {"title": "Robotics", "language": "en", "institution": str(cast.lakeside.pk)}
    )
    overview = answer["Location"]
    specification_id = overview.strip("/").split("/")[-1]
    soup = page(client, overview)
    assert len(soup.select(".task-list li")) == len(SECTIONS)
    missing = soup.select(".notification-warn li a")
    assert len(missing) == 6
    assert missing[0]["href"] == reverse("catalogue:edit", args=[specification_id, "outcomes"]) + "#e-outcomes"

    def fill(key: str, **values: str) -> None:
        url = reverse("catalogue:edit", args=[specification_id, key])
        data = fields_of(page(client, url)) | values | {"then": "next"}
        answer = client.post(url, data)
        assert answer.status_code == 302, BeautifulSoup(answer.content, "html.parser").select_one(".error-summary")

    from openmcx.credentials.formats import vocabularies

    fill("outcomes", **{"outcomes-0-text__en": "Plan a cell"})
    fill("size", workload_ects="3", workload_hours="40", eqf_level="6")
    url = reverse("catalogue:edit", args=[specification_id, "assessment"])
    fill("assessment", **{"assessments-0-kind": vocabularies.concepts("assessment")[0].iri})
    fill("participation", participation="online")
    fill("quality", **{"quality_assurance-0-kind": "none"})
    soup = page(client, overview)
    assert soup.select(".notification-warn li") == []
    assert "13.3 hours a credit" in soup.text
    assert "Blended" not in page(client, reverse("catalogue:preview", args=[specification_id])).text
    url = reverse("catalogue:publish", args=[specification_id])
    soup = page(client, url)
    assert "can never be changed" in soup.text
    answer = client.post(url, fields_of(soup))
    assert answer["Location"] == "/catalogue/robotics/v1/"
    assert "Version 1 is published." in client.get(answer["Location"]).content.decode()


def test_items_are_added_moved_and_removed_without_saving(cast: Cast) -> None:
    draft = make.specification(cast.lakeside.pk)
    client, url = cast.client(cast.anna), reverse("catalogue:edit", args=[draft.pk, "outcomes"])
    data = fields_of(page(client, url)) | {"outcomes-0-text__en": "Typed, not saved"}
    answer = client.post(url, data | {"do": "add:outcomes"})
    soup = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 200
    assert len(soup.select("fieldset#e-outcomes > fieldset.item")) == 3
    assert soup.select_one("fieldset.item[autofocus] > legend").text == "Learning outcome 3"  # type: ignore[union-attr]
    moved = client.post(url, fields_of(soup) | {"do": "down:outcomes:0"})
    soup = BeautifulSoup(moved.content, "html.parser")
    assert soup.select_one("#id_outcomes-1-text__en").text.strip() == "Typed, not saved"  # type: ignore[union-attr]
    assert saved(draft.pk).revision == 1
    assert client.post(url, fields_of(soup) | {"then": "stay"})["Location"] == url
    outcomes = queries.draft_achievement(saved(draft.pk)).outcomes
    assert [outcome.text["en"] for outcome in outcomes] == ["Judge the risk of a cell", "Typed, not saved"]
    assert outcomes[1].skills == make.complete_achievement().outcomes[0].skills
    assert client.post(url, data | {"do": "burn:outcomes"}).status_code == 404


def test_the_second_author_sees_both_texts_and_loses_nothing(cast: Cast) -> None:
    draft = make.specification(cast.lakeside.pk)
    url = reverse("catalogue:edit", args=[draft.pk, "title"])
    anna, rita = cast.client(cast.anna), cast.client(cast.rita)
    of_anna, of_rita = fields_of(page(anna, url)), fields_of(page(rita, url))
    assert (
        anna.post(url, of_anna | {"description__en": "Anna's", "standards__en": "Anna's standard"}).status_code == 302
    )
    answer = rita.post(url, of_rita | {"description__en": "Rita's", "need__en": "Rita's need"})
    assert answer.status_code == 409
    soup = BeautifulSoup(answer.content, "html.parser")
    texts = [one.text for one in soup.select(".both .change-text[lang=en]")]
    assert texts == ["Anna's", "Rita's"]
    assert "Anna Author saved on" in soup.text
    again = fields_of(soup)
    assert (again["description__en"], again["need__en"]) == (["Rita's"], ["Rita's need"])
    assert again["standards__en"] == ["Anna's standard"]
    assert queries.draft_achievement(saved(draft.pk)).description["en"] == "Anna's"
    assert rita.post(url, again | {"description__en": "Both"}).status_code == 302
    achievement = queries.draft_achievement(saved(draft.pk))
    assert (achievement.description["en"], achievement.need["en"]) == ("Both", "Rita's need")
    assert achievement.standards["en"] == "Anna's standard"


def test_a_language_added_meanwhile_is_not_emptied(cast: Cast) -> None:
    draft = make.specification(cast.lakeside.pk)
    url = reverse("catalogue:edit", args=[draft.pk, "title"])
    client = cast.client(cast.anna)
    before = fields_of(page(client, url))
    assert client.post(reverse("catalogue:languages", args=[draft.pk]), {"language": "fi"}).status_code == 302
    assert client.post(url, fields_of(page(client, url)) | {"description__fi": "Suomeksi"}).status_code == 302
    assert client.post(url, before | {"need__en": "New need"}).status_code == 302
    achievement = queries.draft_achievement(saved(draft.pk))
    assert (achievement.description["fi"], achievement.need["en"]) == ("Suomeksi", "New need")


@pytest.mark.parametrize(
    ("key", "text"),
    [("title", "description__sv"), ("outcomes", "outcomes-0-text__sv"), ("cost", "further_information__sv")],
)
def test_a_further_language_is_written_where_one_writes(cast: Cast, key: str, text: str) -> None:
    draft = make.specification(cast.lakeside.pk)
    client, url = cast.client(cast.anna), reverse("catalogue:edit", args=[draft.pk, key])
    before = fields_of(page(client, url))
    changed = text.replace("__sv", "__en")
    answer = client.post(url, before | {changed: "Typed, not saved", "do": "add-language", "add": "sv"})
    assert answer.status_code == 200
    soup = BeautifulSoup(answer.content, "html.parser")
    form = fields_of(soup)
    assert (form["shown"], form[changed], form[text]) == (["en", "de", "sv"], ["Typed, not saved"], [""])
    (focus,) = soup.select("[autofocus]")
    assert focus["name"] == soup.select("form [lang=sv]")[0]["name"]  # the first on the page
    assert soup.select("#add-language option[value=sv]") == []
    assert saved(draft.pk).languages == ["en", "de"]
    # A button without a language changes nothing.
    again = BeautifulSoup(
        client.post(url, form | {text: "Svenska", "do": "add-language", "add": ""}).content, "html.parser"
    )
    assert fields_of(again)[text] == ["Svenska"]
    assert client.post(url, fields_of(again) | {"then": "stay"}).status_code == 302
    assert saved(draft.pk).languages == ["en", "de", "sv"]
    soup = page(client, url)
    assert fields_of(soup)[text] == ["Svenska"]
    # Saved as it stands, nothing is new; before that, nothing was lost.
    assert client.post(url, fields_of(soup)).status_code == 302
    assert (saved(draft.pk).revision, fields_of(page(client, url))[changed]) == (2, ["Typed, not saved"])
    actions = list(
        AuditRecord.objects.filter(subject_id=str(draft.pk)).order_by("number").values_list("action", "data")
    )
    assert ("catalogue.specification.language-added", {"revision": 2, "language": "sv"}) in actions


def test_a_further_language_survives_a_conflict(cast: Cast) -> None:
    draft = make.specification(cast.lakeside.pk)
    url = reverse("catalogue:edit", args=[draft.pk, "outcomes"])
    anna, rita = cast.client(cast.anna), cast.client(cast.rita)
    of_anna = fields_of(page(anna, url))
    asked = rita.post(url, fields_of(page(rita, url)) | {"do": "add-language", "add": "mt"})
    of_rita = fields_of(BeautifulSoup(asked.content, "html.parser")) | {"outcomes-0-text__mt": "Bil-Malti"}
    assert anna.post(url, of_anna | {"outcomes-0-text__en": "Anna's"}).status_code == 302
    answer = rita.post(url, of_rita)
    assert answer.status_code == 409
    assert fields_of(BeautifulSoup(answer.content, "html.parser"))["outcomes-0-text__mt"] == ["Bil-Malti"]


@pytest.mark.parametrize("tag", ["", "xx", "en", "<b>", "sv" * 40])
def test_only_a_language_that_there_is_gets_fields(cast: Cast, tag: str) -> None:
    draft = make.specification(cast.lakeside.pk)
    client, url = cast.client(cast.anna), reverse("catalogue:edit", args=[draft.pk, "title"])
    data = fields_of(page(client, url))
    answer = client.post(url, data | {"do": "add-language", "add": tag, "shown": ["en", "de", tag]})
    assert answer.status_code == 200
    assert fields_of(BeautifulSoup(answer.content, "html.parser"))["shown"] == ["en", "de"]


def test_a_section_without_texts_offers_no_language(cast: Cast) -> None:
    draft = make.specification(cast.lakeside.pk)
    url = reverse("catalogue:edit", args=[draft.pk, "size"])
    assert page(cast.client(cast.anna), url).select("#add-language") == []


def test_the_history_of_a_specification_is_told(cast: Cast) -> None:
    version = make.version(cast.lakeside.pk)
    draft = version.specification
    client, url = cast.client(cast.anna), reverse("catalogue:edit", args=[draft.pk, "title"])
    client.post(url, fields_of(page(client, url)) | {"need__en": "New need"})
    client.post(url, fields_of(page(client, url)) | {"description__en": "New description"})
    rita = cast.client(cast.rita)
    revision = saved(draft.pk).revision
    rita.post(
        reverse("catalogue:publish", args=[draft.pk]), {"revision": revision, "change_note": "Need & description"}
    )
    rita.post(reverse("catalogue:withdraw", args=[draft.pk]), {"reason": "No staff"})
    shown = page(client, reverse("catalogue:overview", args=[draft.pk]))
    told = [[line.get_text(" ", strip=True) for line in one.select("p")] for one in shown.select(".timeline li")]
    assert [one[0] for one in told][:3] == ["Withdrawn from the catalogue", "Version 2 published", "Draft changed"]
    assert [one[0] for one in told][-2:] == ["Version 1 published", "Draft begun"]
    assert told[0][1] == "No staff"
    assert told[1][1] == "Need & description"
    # What one person saves on one day is told once.
    assert told[2][1] == "Description, The need it answers"
    assert "Anna Author" in told[2][2]
    assert "Rita Registrar" in told[1][2]
    links = [a["href"] for a in shown.select(".timeline a")]
    assert links == [f"/catalogue/{version.slug}/v{end}" for end in ("2/", "2/changes/", "1/")]
    # The public page names nobody, and links every version but its own.
    public = page(Client(), f"/catalogue/{version.slug}/v1/")
    titles = [one.get_text(" ", strip=True) for one in public.select(".timeline-title")]
    assert titles == ["Version 2 published", "Version 1 published (this page)"]
    assert [a["href"] for a in public.select(".timeline-title a")] == [f"/catalogue/{version.slug}/v2/"]
    assert "Author" not in public.select_one(".timeline").get_text()  # type: ignore[union-attr]


def test_faults_stand_in_the_summary_and_at_the_field(cast: Cast) -> None:
    draft = make.specification(cast.lakeside.pk)
    client, url = cast.client(cast.anna), reverse("catalogue:edit", args=[draft.pk, "size"])
    answer = client.post(url, fields_of(page(client, url)) | {"workload_ects": "many"})
    assert answer.status_code == 400
    soup = BeautifulSoup(answer.content, "html.parser")
    (link,) = soup.select(".error-summary a")
    target = soup.select_one(f"[id='{link['href'].removeprefix('#')}']")  # type: ignore[union-attr]
    assert target is not None
    assert (target["value"], target["aria-invalid"]) == ("many", "true")


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_every_section_is_labelled_and_saves_untouched(cast: Cast, section: Any) -> None:
    draft = make.specification(cast.lakeside.pk)
    client, url = cast.client(cast.anna), reverse("catalogue:edit", args=[draft.pk, section.key])
    soup = page(client, url)
    form = soup.select_one("main form")
    assert form is not None
    labels = {label["for"] for label in form.select("label[for]")}
    unlabelled = [
        one["name"] for one in form.select("input:not([type=hidden]), select, textarea") if one.get("id") not in labels
    ]
    assert unlabelled == []
    ids = [one["id"] for one in soup.select("[id]")]
    assert sorted(ids) == sorted(set(ids))
    first = form.select_one("button")
    assert first is not None
    assert (first["name"], first["value"]) == ("then", "stay")  # what Enter presses
    assert client.post(url, fields_of(soup)).status_code == 302
    assert saved(draft.pk).revision == 1


def test_languages_come_and_go_on_pages(cast: Cast) -> None:
    draft = make.specification(cast.lakeside.pk)
    client = cast.client(cast.anna)
    confirm = page(client, reverse("catalogue:remove-language", args=[draft.pk, "de"]))
    assert "Remove the texts in German" in confirm.text
    assert client.post(reverse("catalogue:languages", args=[draft.pk]), {"remove": "de"}).status_code == 302
    assert saved(draft.pk).languages == ["en"]
    client.post(reverse("catalogue:languages", args=[draft.pk]), {"language": "not one"})
    assert "Choose a language" in client.get(reverse("catalogue:overview", args=[draft.pk])).content.decode()


def test_withdraw_list_again_discard_and_delete(cast: Cast) -> None:
    version = make.version(cast.lakeside.pk)
    key, client = version.specification_id, cast.client(cast.anna)
    url = reverse("catalogue:withdraw", args=[key])
    assert "stay valid and verifiable" in page(client, url).text
    assert client.post(url, {"reason": ""}).status_code == 400
    assert client.post(url, {"reason": "Replaced"}).status_code == 302
    assert queries.published().count() == 0
    assert "Withdrawn" in page(client, reverse("catalogue:overview", args=[key])).text
    assert client.post(reverse("catalogue:list-again", args=[key])).status_code == 302
    assert queries.published().count() == 1
    edit = reverse("catalogue:edit", args=[key, "title"])
    client.post(edit, fields_of(page(client, edit)) | {"need__en": "Changed"})
    assert len(page(client, reverse("catalogue:draft-changes", args=[key])).select(".change")) == 1
    discard = reverse("catalogue:discard", args=[key])
    assert client.post(discard, fields_of(page(client, discard))).status_code == 302
    assert not saved(key).has_changes
    draft = make.specification(cast.lakeside.pk)
    discard = reverse("catalogue:discard", args=[draft.pk])
    assert client.post(discard, fields_of(page(client, discard)))["Location"] == reverse("catalogue:drafts")
    assert client.get(reverse("catalogue:overview", args=[draft.pk])).status_code == 404


def test_publishing_something_else_than_was_looked_at_asks_again(cast: Cast) -> None:
    draft = make.specification(cast.lakeside.pk)
    client, url = cast.client(cast.anna), reverse("catalogue:publish", args=[draft.pk])
    looked_at = fields_of(page(client, url))
    base = queries.element_digests(queries.draft_achievement(draft), ["need"])
    operations.save_elements(
        by=Actor.system(), at=make.AT, specification_id=draft.pk, values={"need": LangText({"en": "New"})}, base=base
    )
    answer = client.post(url, looked_at)
    assert answer.status_code == 400
    assert not SpecificationVersion.objects.exists()
    again = fields_of(BeautifulSoup(answer.content, "html.parser"))
    assert client.post(url, again).status_code == 302
    assert SpecificationVersion.objects.count() == 1


def test_publishing_says_that_nothing_changed_and_leads_to_editing(cast: Cast) -> None:
    version = make.version(cast.lakeside.pk)
    client, url = cast.client(cast.anna), reverse("catalogue:publish", args=[version.specification_id])
    soup = page(client, url)
    assert soup.h1 is not None
    assert soup.title is not None
    assert soup.h1.text == "Nothing changed since version 1"
    assert soup.title.text.startswith("Nothing changed since version 1: Collaborative robotics")
    assert soup.select("main form") == []
    ways = [str(link["href"]) for link in soup.select("main .form-actions a")]
    overview = reverse("catalogue:overview", args=[version.specification_id])
    assert ways == [f"{overview}#sections", reverse("catalogue:version", args=[version.slug, 1])]
    assert page(client, overview).select_one("h2#sections") is not None
    draft = saved(version.specification_id)
    base = queries.element_digests(queries.draft_achievement(draft), ["need"])
    operations.save_elements(
        by=Actor.system(), at=make.AT, specification_id=draft.pk, values={"need": LangText({"en": "New"})}, base=base
    )
    changed = page(client, url).h1
    assert changed is not None
    assert changed.text == "Publish version 2"


def test_the_list_of_drafts_is_searched_filtered_and_exported(cast: Cast, django_assert_num_queries: Any) -> None:
    client, url = cast.client(cast.anna), reverse("catalogue:drafts")
    make.specification(cast.lakeside.pk, title=LangText({"en": "Ökologie"}))
    make.specification(cast.hillside.pk)
    client.get(url)
    with django_assert_num_queries(9):
        assert [one.text for one in page(client, url).select("tbody th a")] == ["Ökologie"]
    make.version(cast.lakeside.pk)
    make.specification(cast.lakeside.pk)
    with django_assert_num_queries(9):
        assert len(page(client, url).select("tbody tr")) == 3
    assert len(page(client, f"{url}?q=okologie").select("tbody tr")) == 1
    assert len(page(client, f"{url}?state=published").select("tbody tr")) == 1
    assert "No micro-credential fits" in page(client, f"{url}?q=nothing").text
    assert "No micro-credential fits" in page(client, f"{url}?edited_until=1999-01-01").text
    assert page(client, f"{url}?state=unheard-of").select_one(".error-summary a") is not None
    assert len(client.get(f"{url}?download=csv").content.decode().splitlines()) == 4


@pytest.mark.parametrize("who", ["mallory", "leon"])
def test_people_without_a_role_are_refused(cast: Cast, who: str) -> None:
    draft = make.specification(cast.lakeside.pk)
    client = cast.client(getattr(cast, who))
    statuses = {name: client.get(reverse(f"catalogue:{name}")).status_code for name in ("drafts", "new", "import")}
    assert statuses == {"drafts": 403, "new": 403, "import": 403}
    assert client.get(reverse("catalogue:overview", args=[draft.pk])).status_code == 404
    answer = client.post(
        reverse("catalogue:new"), {"title": "X", "language": "en", "institution": str(cast.lakeside.pk)}
    )
    assert answer.status_code == 403


def test_another_institutions_draft_does_not_exist(cast: Cast) -> None:
    draft = make.specification(cast.lakeside.pk)
    otto = cast.client(cast.otto)
    for name, further in (
        ("overview", []),
        ("edit", ["title"]),
        ("preview", []),
        ("publish", []),
        ("withdraw", []),
        ("discard", []),
        ("draft-export", ["openmcx"]),
        ("remove-language", ["en"]),
    ):
        assert otto.get(reverse(f"catalogue:{name}", args=[draft.pk, *further])).status_code == 404, name
    for name in ("publish", "withdraw", "discard", "list-again", "languages"):
        assert otto.post(reverse(f"catalogue:{name}", args=[draft.pk])).status_code == 404, name
    made = otto.post(reverse("catalogue:new"), {"title": "X", "language": "en", "institution": str(cast.lakeside.pk)})
    assert made.status_code == 400
    assert saved(draft.pk).revision == 1


def test_a_partner_comes_and_goes_on_the_overview(cast: Cast) -> None:
    draft = make.specification(cast.lakeside.pk)
    anna, otto = cast.client(cast.anna), cast.client(cast.otto)
    url, overview = reverse("catalogue:partners", args=[draft.pk]), reverse("catalogue:overview", args=[draft.pk])
    anna.post(url, {"add": "nowhere\x00"})
    assert "Choose an institution." in page(anna, overview).text
    anna.post(url, {"add": "hillside"})
    assert "Hillside University of Applied Sciences is a partner now." in page(anna, overview).text
    assert otto.get(reverse("catalogue:edit", args=[draft.pk, "title"])).status_code == 200
    assert otto.get(reverse("catalogue:publish", args=[draft.pk])).status_code == 403
    anna.post(url, {"remove": "lakeside"})
    assert "The owner cannot be removed" in page(anna, overview).text
    anna.post(url, {"remove": "hillside"})
    assert otto.get(overview).status_code == 404


# --- drafts as files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "media_type"), [("openmcx", "application/json"), ("elm", "application/ld+json")])
def test_a_draft_is_given_as_a_file_to_those_who_work_on_it(cast: Cast, form: str, media_type: str) -> None:
    draft = make.specification(cast.lakeside.pk, title=LangText({"en": "Secret robotics"}))
    address = reverse("catalogue:draft-export", kwargs={"specification_id": draft.pk, "form": form})
    answer = cast.client(cast.anna).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert json.loads(answer.content)["title"]["en"] in ("Secret robotics", ["Secret robotics"])
    assert cast.client(cast.otto).get(address).status_code == 404
    assert cast.client().get(address).status_code == 302
    assert cast.client(cast.anna).get(address.replace(form, "pdf")).status_code == 404
