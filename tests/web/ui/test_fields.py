"""Fields and components that do something with what they are given."""

import datetime as dt
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from openmcx.ui.components import Mark, Moment, Progress, State, Step
from openmcx.ui.forms import AutocompleteSelect, Workload, WorkloadField


def render(source: str, query: str = "", **context: object) -> BeautifulSoup:
    request = RequestFactory().get(f"/somewhere/{query}")
    written = Template("{% load ui %}" + source).render(Context({"request": request, **context}))
    return BeautifulSoup(written, "html.parser")


class Size(forms.Form):
    size = WorkloadField(label="Workload")


@pytest.mark.parametrize(
    ("ects", "hours", "found"),
    [
        ("5", "135", Workload(Decimal(5), Decimal(135))),
        ("2.5", "", Workload(Decimal("2.5"))),
        ("2,5", "1 200", Workload(Decimal("2.5"), Decimal(1200))),
        ("", "30", Workload(None, Decimal(30))),
    ],
)
def test_credits_or_hours_are_enough(ects: str, hours: str, found: Workload) -> None:
    form = Size({"size_ects": ects, "size_hours": hours})
    assert form.is_valid()
    assert form.cleaned_data["size"] == found


@pytest.mark.parametrize(("ects", "hours"), [("", ""), ("many", ""), ("-1", "30"), ("5", "1e999")])
def test_a_workload_that_is_none_is_refused(ects: str, hours: str) -> None:
    assert "size" in Size({"size_ects": ects, "size_hours": hours}).errors


def test_a_fault_of_the_workload_says_which_figure_it_is_and_leads_to_it() -> None:
    page = render("{% form form submit='Save' %}", form=Size({"size_ects": "5", "size_hours": "a lot"}))
    (link,) = page.select(".error-summary a")
    assert link.get_text() == "Workload: Hours of work: Enter a number."
    invalid = page.select("[aria-invalid]")
    assert [(box["id"], box["name"]) for box in invalid] == [(str(link["href"])[1:], "size_hours")]
    two = Size({"size_ects": "-1", "size_hours": "1e999"}).errors["size"]
    assert [text.split(":")[0] for text in two] == ["ECTS credits", "Hours of work"]


def test_a_workload_is_shown_in_its_boxes() -> None:
    page = BeautifulSoup(Size(initial={"size": Workload(Decimal(5), None)}).as_p(), "html.parser")
    assert {box["name"]: box.get("value", "") for box in page.select("input")} == {"size_ects": "5", "size_hours": ""}
    assert [label["for"] for label in page.select(".workload label")] == ["id_size_ects", "id_size_hours"]


def test_a_long_list_is_a_native_list_without_a_script() -> None:
    field = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=AutocompleteSelect)
    page = BeautifulSoup(field.widget.render("x", "b"), "html.parser")
    assert page.select_one("select[data-autocomplete] option[selected]").text == "B"


def test_a_confirmation_says_what_will_happen_and_what_the_button_does() -> None:
    page = render(
        '{% confirmation "Issue 2 credentials" consequences=what hidden=hidden cancel_url="/back/" %}<p>{{ evil }}</p>'
        "{% endconfirmation %}",
        what=["Two <b>people</b> get one."],
        hidden={"revision": "3"},
        evil="<script>",
        csrf_token="x",
    )
    assert page.select_one("li").get_text() == "Two <b>people</b> get one."
    assert page.button.get_text(strip=True) == "Issue 2 credentials"
    assert page.select_one('input[name="revision"]')["value"] == "3"
    assert page.find("script") is None
    assert page.select_one('a[href="/back/"]') is not None


def test_a_long_job_polls_only_while_it_is_asked_to() -> None:
    source = (
        '{% long_job 1 3 "Rows" state="info" state_text="Runs" running=running poll=poll headers=headers %}'
        "{% endlong_job %}"
    )
    page = render(source, running=True, poll=True, headers='{"X-A": "1"}')
    assert (page.section["hx-trigger"], page.section["hx-headers"]) == ("load delay:2s", '{"X-A": "1"}')
    assert page.progress is not None
    done = render(source, running=False, poll=False, headers="")
    assert (done.section.get("hx-get"), done.progress) == (None, None)


def test_a_stepper_marks_the_current_step() -> None:
    steps = [
        Step(title="Upload", progress=Progress.DONE, url="/1/"),
        Step(title="Check", progress=Progress.CURRENT),
        Step(title="Issue"),
    ]
    page = render('{% stepper steps "Issuing" %}', steps=steps)
    assert page.select_one('[aria-current="step"]').get_text(" ", strip=True) == "2 Check"
    assert page.ol["aria-label"] == "Issuing"
    assert page.a["href"] == "/1/"


def test_a_timeline_says_when_for_people_and_programs() -> None:
    at = dt.datetime(2026, 3, 6, 14, 5, tzinfo=dt.UTC)
    page = render("{% timeline moments %}", moments=[Moment(at=at, title="Issued", state=State.OK)])
    assert page.time["datetime"] == "2026-03-06T14:05:00+00:00"
    assert "2026" in page.time.get_text()


def test_a_timeline_leads_to_what_there_is_to_read() -> None:
    moment = Moment(
        at=dt.date(2026, 2, 20), title="<b>", url="/v2/", links=(("Changes & more", "/v2/changes/"), ("File", "/f/"))
    )
    page = render("{% timeline moments %}", moments=[moment, Moment(at=dt.date(2026, 2, 19), title="Begun")])
    assert [(a["href"], a.get_text()) for a in page.select("a")] == [
        ("/v2/", "<b>"),
        ("/v2/changes/", "Changes & more"),
        ("/f/", "File"),
    ]
    assert [one.get_text() for one in page.select(".timeline-title")] == ["<b>", "Begun"]


def test_a_filter_keeps_the_order_and_offers_the_way_back() -> None:
    class Filter(forms.Form):
        q = forms.CharField(required=False)

    source = '{% filter_bar form "Search" %}'
    page = render(source, "?q=x&sort=-name&columns=a&columns=b", form=Filter({"q": "x"}))
    kept = [(field["name"], field["value"]) for field in page.select("input[type=hidden]")]
    assert kept == [("sort", "-name"), ("columns", "a"), ("columns", "b")]
    assert page.select_one('a[href="/somewhere/"]') is not None
    assert render(source, form=Filter()).find("a") is None


def test_a_mark_without_a_picture_is_nothing() -> None:
    assert render("{% institution_mark mark %}", mark=Mark(name="x")).get_text(strip=True) == ""
    shown = render("{% institution_mark mark %}", mark=Mark(name='"><script>', logo="/l.png", small_logo="/s.png"))
    assert (shown.img["src"], shown.img["alt"]) == ("/s.png", '"><script>')


def test_what_makes_no_sense_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError, match="There are: hero, corner, empty"):
        render('{% mosaic "wall" %}')
    with pytest.raises(TemplateSyntaxError):
        render("{% institution_mark mark size=7 %}", mark=None)
    with pytest.raises(ImproperlyConfigured):
        render("{% verification_report report %}", report=object())


def test_the_error_of_a_file_stands_below_its_zone_as_below_every_field() -> None:
    class Upload(forms.Form):
        file = forms.FileField(label="File", help_text="At most 1 MB.")

    page = render("{% file_drop form.file %}", form=Upload({}))
    assert [
        " ".join(one.get("class", [one.name])) for one in page.select_one(".file-drop").find_all(recursive=False)
    ] == [
        "label",
        "hint",
        "file-drop-zone",
        "field-error",
    ]
    described = page.select_one("input")["aria-describedby"].split()
    assert [page.find(id=one).get_text(strip=True) for one in described] == ["At most 1 MB.", "This field is required."]


def test_a_long_list_brings_what_its_search_says() -> None:
    with translation.override("de"):
        select = BeautifulSoup(AutocompleteSelect(choices=[("a", "A")]).render("one", "a"), "html.parser").select_one(
            "select"
        )
    said = {name: select[f"data-{name}"] for name in ("found", "none", "more")}
    assert all(said.values())
    assert [name for name, text in said.items() if text.count("{count}") == 1] == ["found", "more"]
