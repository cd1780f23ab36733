"""The components: what they write, and that they refuse what they do not know."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.translation import override

from openmcx.credentials.model import LangText
from openmcx.ui.components import State, SummaryRow, Task
from openmcx.ui.forms import LangTextFormField


def render(source: str, **context: object) -> BeautifulSoup:
    request = RequestFactory().get("/somewhere/", {"q": "a&b"})
    written = Template("{% load ui %}" + source).render(Context({"request": request, **context}))
    return BeautifulSoup(written, "html.parser")


@pytest.mark.parametrize(
    "source",
    [
        '{% status "ok" %}',
        '{% status "ok" "text" colour="red" %}',
        '{% icon "info" sise=3 %}',
        "{% page_head %}{% endpage_head %}",
        '{% empty_state "t" ikon="x" %}{% endempty_state %}',
        "{% task_list %}",
        "{% summary_list rows stated=True %}",
        '{% progress_bar 1 2 label="x" unit="y" %}',
        "{% form form %}",
        '{% post_button "/" "x" colour="red" %}',
        "{% no_such_component %}",
    ],
)
def test_what_a_component_does_not_know_is_an_error(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load ui %}" + source)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ('{% status "great" "x" %}', ValueError),
        ('{% post_button "/" "x" kind="loud" %}', TemplateSyntaxError),
        ('{% file_drop "name" %}', TemplateSyntaxError),
        ("{% lang_text texts tag='script' %}", TemplateSyntaxError),
    ],
)
def test_a_value_that_a_component_does_not_know_is_an_error(source: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        render(source, texts={})


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert render('{% icon "info" %}').svg["aria-hidden"] == "true"
    labelled = render('{% icon "info" label=text %}', text='"><script>').svg
    assert (labelled["role"], labelled["aria-label"]) == ("img", '"><script>')


def test_a_state_has_an_icon_and_words() -> None:
    page = render('{% status "bad" text %}', text="<b>Revoked</b>")
    assert page.svg is not None
    assert page.get_text() == "<b>Revoked</b>"


def test_the_head_of_a_page_holds_its_actions() -> None:
    page = render('{% page_head "Keys" lead="All of them" %} <a href="/new/">New</a> {% endpage_head %}')
    assert (page.h1.get_text(), page.select_one(".lead").get_text()) == ("Keys", "All of them")
    assert page.select_one('.page-actions a[href="/new/"]') is not None
    assert render('{% page_head "Keys" %} {% endpage_head %}').select(".page-actions") == []


def test_texts_of_users_are_escaped_in_every_component() -> None:
    evil = "<script>alert(1)</script>"
    page = render(
        "{% notification 'info' evil %}{% endnotification %}{% empty_state evil %}{% endempty_state %}"
        "{% page_head evil lead=evil kicker=evil %}{% endpage_head %}{% breadcrumbs evil '/' evil %}"
        "{% summary_list rows %}{% task_list tasks %}{% progress_bar 1 2 evil %}{% post_button '/' evil about=evil %}"
        "{% file_drop 'f' label=evil hint=evil %}{% lang_text texts %}",
        evil=evil,
        rows=[SummaryRow(label=evil, value=evil)],
        tasks=[Task(title=evil, hint=evil, state_text=evil)],
        texts=LangText({"en": evil, "de": evil}),
    )
    assert page.find("script") is None


def test_a_text_in_another_language_is_marked() -> None:
    with override("fi"):
        assert str(render("{% lang_text texts %}", texts=LangText({"de": "Hallo"}))) == '<span lang="de">Hallo</span>'
        assert str(render("{% lang_text texts tag='p' %}", texts={"fi": "Moi", "en": "Hi"})) == "<p>Moi</p>"


def test_an_empty_value_reads_not_stated_or_is_left_out() -> None:
    rows = [SummaryRow(label="Region"), SummaryRow(label="Country", value="FI", url="/edit/", action="Change")]
    shown = [dd.get_text(" ", strip=True) for dd in render("{% summary_list rows %}", rows=rows).select("dd")]
    assert shown == ["Not stated", "FI", "Change (Country)"]
    assert len(render("{% summary_list rows not_stated=False %}", rows=rows).select("dt")) == 1


def test_a_task_shows_its_state_in_words() -> None:
    task = Task(title="Profile", url="/p/", state=State.WARN, state_text="Open")
    page = render("{% task_list tasks %}", tasks=[task])
    assert page.a["href"] == "/p/"
    assert page.select_one(".status-warn").get_text(strip=True) == "Open"


def test_progress_is_said_in_words() -> None:
    page = render("{% progress_bar 3 12 'Issued' %}")
    assert (page.progress["value"], page.progress["max"]) == ("3", "12")
    assert page.span.get_text() == "Issued: 3 of 12"
    assert render("{% progress_bar 0 0 'Issued' %}").progress.get_text() == "0 %"


class Sample(forms.Form):
    title = LangTextFormField(label="Title", languages=["en", "de"])
    age = forms.IntegerField(label="Age", help_text="In years")
    agreed = forms.BooleanField(label="Agreed")
    picks = forms.MultipleChoiceField(
        label="Picks", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    upload = forms.FileField(label="Upload")

    def clean(self) -> None:
        self.add_error(None, "The whole is wrong.")


def test_every_error_is_in_the_summary_and_leads_to_its_field() -> None:
    page = render("{% form form submit='Save' %}", form=Sample({"age": "x"}))
    lines = [line.get_text(strip=True) for line in page.select(".error-summary li")]
    assert lines == [
        "The whole is wrong.",
        "Title: Give the text in at least one language.",
        "Age: Enter a whole number.",
        "Agreed: This field is required.",
        "Picks: This field is required.",
        "Upload: This field is required.",
    ]
    for link in page.select(".error-summary a"):
        assert page.find(id=str(link["href"])[1:]) is not None, link
    assert page.form["enctype"] == "multipart/form-data"
    assert "Enter a whole number." in page.select_one("#div_id_age").get_text()


def test_a_form_without_errors_has_no_summary() -> None:
    assert render("{% form form submit='Save' %}", form=Sample()).select(".error-summary") == []


def test_a_text_in_several_languages_has_a_labelled_box_for_each() -> None:
    page = render("{% form form submit='Save' %}", form=Sample(initial={"title": LangText({"de": "Hallo"})}))
    boxes = {box["lang"]: box.get("value", "") for box in page.select("input[lang]")}
    assert boxes == {"en": "", "de": "Hallo"}
    labels = [page.select_one(f'label[for="{box["id"]}"]') for box in page.select("input[lang]")]
    assert [label.find(string=True, recursive=False).strip() for label in labels] == ["English", "Deutsch"]
    marked = [label.get_text(" ", strip=True) for label in labels if not label.span.has_attr("hidden")]
    assert marked == ["English missing"]
    form = Sample({"title_en": "", "title_de": " Tag ", "age": "1"})
    form.is_valid()
    assert form.cleaned_data["title"] == LangText({"de": "Tag"})


def test_pages_are_linked_with_the_rest_of_the_query() -> None:
    page = render("{% pagination page %}", page=Paginator(range(100), 10).page(2))
    links = {link.get_text(): link["href"] for link in page.select("a")}
    assert links["Next"] == "?q=a%26b&page=3"
    assert page.select_one('[aria-current="page"]').get_text() == "2"
    assert render("{% pagination page %}", page=Paginator(range(5), 10).page(1)).get_text(strip=True) == ""


def test_a_query_parameter_can_be_taken_away() -> None:
    assert str(render("{% with_query q=None page=2 %}")) == "?page=2"


def test_a_file_is_chosen_with_one_native_input() -> None:
    page = render("{% file_drop form.upload accept='.csv' hint='At most 5 MB' %}", form=Sample())
    assert page.input["type"] == "file"
    assert (page.input["accept"], page.input["aria-describedby"]) == (".csv", "id_upload-hint")
    assert page.label["for"] == page.input["id"] == "id_upload"


def test_a_page_without_a_request_can_be_written() -> None:
    written = Template("{% load ui %}{% main_navigation %}{% notifications %}{% network_name %}").render(Context())
    assert written.strip() != ""


def test_a_link_to_a_page_that_this_node_lacks_is_left_out() -> None:
    assert str(render("{% page_link 'nowhere:to-be-found' 'x' %}")) == ""
    assert render("{% page_link 'account_login' 'Sign in' %}").a["href"] == "/accounts/login/"


def test_who_is_signed_in_is_named() -> None:
    user = SimpleNamespace(is_authenticated=True, __str__=lambda self: "x")
    request = RequestFactory().get("/")
    request.user = user  # type: ignore[assignment]
    page = BeautifulSoup(
        Template("{% load ui %}{% account_menu %}").render(Context({"request": request})), "html.parser"
    )
    assert page.summary is not None
    assert page.select_one('a[href="/accounts/logout/"]') is not None
