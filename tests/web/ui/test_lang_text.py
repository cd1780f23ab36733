"""Texts in several languages in forms: boxes for those that there are, and for further ones."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from openmcx.credentials.model import LangText
from openmcx.ui.forms import FormInLanguages, LangTextFormField
from tests.web.ui.test_components import render


class Sample(FormInLanguages):
    title = LangTextFormField(label="Title", languages=["en", "de"], max_characters=10)
    note = LangTextFormField(label="Note", languages=["en", "de"], required=False, rows=2)


def boxes(form: Sample, name: str) -> dict[str, str]:
    found = render("{% form form submit='Save' %}", form=form).select(f"[name^={name}_]")
    return {str(box["lang"]): str(box.get("value", "") or box.get_text().strip()) for box in found}


def test_texts_in_any_language_have_a_box() -> None:
    form = Sample(initial={"title": LangText({"sv": "Hej", "de-CH": "Grüezi", "en": "Hi", "und": "?"})})
    assert boxes(form, "title") == {"en": "Hi", "de": "", "sv": "Hej", "de-CH": "Grüezi", "und": "?"}
    page = render("{% form form submit='Save' %}", form=form)
    labels = {str(one["for"]): one.find(string=True).strip() for one in page.select(".lang-box label")}
    names = [labels[str(box["id"])] for box in page.select("[name^=title_]")]
    assert names == ["English", "Deutsch", "svenska", "Deutsch (de-CH)", "language not stated"]


def test_texts_whose_languages_had_no_box_are_kept_and_emptied_ones_go() -> None:
    before = {"title": LangText({"sv": "Hej", "ga": "Haigh", "en": "Hi", "de": "Tag"})}
    sent = QueryDict("title_en=Hello&title_sv=&title-language=sv&title_fr=Salut")
    form = Sample(sent, initial=before)
    assert form.is_valid(), form.errors
    # French has no mark: nobody was shown a box for it. Irish and German were not shown either.
    assert form.texts("title") == LangText({"en": "Hello", "ga": "Haigh", "de": "Tag"})


def test_a_fault_says_in_which_language_it_is() -> None:
    form = Sample({"title_en": "Fine", "title_sv": "Something too long", "title-language": ["sv"]})
    assert form.errors["title"] == ["svenska: Ensure this value has at most 10 characters (it has 18)."]
    assert boxes(form, "title") == {"en": "Fine", "de": "", "sv": "Something too long"}


def test_one_field_gets_a_language_and_the_other_keeps_its_own() -> None:
    sent = QueryDict("title_en=&note_en=x&note_mt=Bon%C4%A1u&note-language=mt&add-language=title&title-add=eu")
    form = Sample(sent)
    assert not form.is_valid()
    assert form.errors == {}
    assert boxes(form, "title") == {"en": "", "de": "", "eu": ""}
    assert boxes(form, "note") == {"en": "x", "de": "", "mt": "Bonġu"}


def test_a_language_that_has_a_box_keeps_its_text_when_it_is_asked_for_again() -> None:
    form = Sample(QueryDict("title_en=Hello&title-add=en&add-language=title"))
    assert not form.is_valid()
    assert boxes(form, "title") == {"en": "Hello", "de": ""}


def test_a_form_that_knows_no_button_offers_none() -> None:
    class Plain(forms.Form):
        title = LangTextFormField(label="Title", languages=["en", "de"])

    page = render("{% form form submit='Save' %}", form=Plain(initial={"title": LangText({"sv": "Hej"})}))
    assert page.select("select, [name=add-language]") == []
    assert page.select_one("[name=title_sv]")["value"] == "Hej"


def test_any_european_language_can_be_added_by_its_name() -> None:
    page = render("{% form form submit='Save' %}", form=Sample())
    offered = {str(one["value"]): one.get_text() for one in page.select("select[name=title-add] option")}
    assert {"ga": "Irish", "mt": "Maltese", "eu": "Basque", "ca": "Catalan"}.items() <= offered.items()
    assert {"en", "de"}.isdisjoint(offered)
