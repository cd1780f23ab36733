"""The frame for languages: which the pages speak, what each is called, how each writes dates and numbers."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Template
from django.test import Client, override_settings
from django.utils import formats, translation
from django.utils.translation import gettext

from openmcx.config import env, languages
from openmcx.credentials.model import LangText
from openmcx.kernel import mail
from openmcx.ui.languages import FURTHER, UNION, join_stand_ins, language_name, language_tags, own_name, written
from tests import pseudo

ALL = sorted(UNION | FURTHER)
MOMENT = dt.datetime(2025, 7, 6, 14, 5, tzinfo=dt.UTC)


def catalogue(folder: Path, tag: str, **texts: str) -> None:
    """This will compile a catalogue, `texts` by their English."""
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    made.extend(polib.POEntry(msgid=english, msgstr=text) for english, text in texts.items())
    path = folder / tag / "LC_MESSAGES"
    path.mkdir(parents=True)
    made.save_as_mofile(str(path / "django.mo"))


@pytest.fixture
def catalan(tmp_path: Path) -> Iterator[None]:
    """A node with Catalan pages that lack most texts."""
    catalogue(tmp_path, "ca", Catalogue="Catàleg")
    tags = [("en", "English"), ("es", "español"), ("ca", "català")]
    with override_settings(LANGUAGES=tags, LOCALE_PATHS=[tmp_path, *settings.LOCALE_PATHS]):
        join_stand_ins(tag for tag, _name in tags)
        yield


def test_there_are_the_languages_of_the_union_and_two_more() -> None:
    assert (len(UNION), sorted(FURTHER)) == (24, ["ca", "eu"])
    assert set(ALL) <= set(language_tags())


@pytest.mark.parametrize("tag", ALL)
def test_each_language_has_names(tag: str) -> None:
    with translation.override("de"):
        in_german = language_name(tag)
    with translation.override("en"):
        in_english = language_name(tag)
    assert own_name(tag)[0].isupper()
    assert tag not in (in_german, in_english, own_name(tag))
    assert in_german != in_english


@pytest.mark.parametrize("tag", ALL)
def test_each_language_writes_dates_and_numbers_as_europeans_do(tag: str) -> None:
    with translation.override(tag):
        written = {name: formats.date_format(MOMENT, name) for name in ("DATE_FORMAT", "SHORT_DATE_FORMAT")}
        time = formats.date_format(MOMENT, "TIME_FORMAT")
        number = formats.number_format(1234567)
    for text in written.values():
        assert re.match(r"0?6\b|2025", text), text  # the day or the year first, never the month
    assert not re.search(r"[ap]\.?m\b", time)
    assert re.fullmatch(r"1[.,\s\u00a0\u202f]234[.,\s\u00a0\u202f]567", number), number


def test_english_is_that_of_europe() -> None:
    with translation.override("en"):
        assert formats.date_format(MOMENT, "DATE_FORMAT") == "6 July 2025"
        assert formats.date_format(MOMENT, "DATETIME_FORMAT") == "6 July 2025, 14:05"


def test_numbers_for_machines_stay_as_they_are() -> None:
    with translation.override("de"):
        bar = Template('{% load ui %}{% progress_bar 1500 20000 "Läuft" %}').render(Context())
    assert '<progress value="1500" max="20000"' in bar
    assert "1.500 von 20.000" in bar or "1.500" in bar


# --- which languages the pages speak ---------------------------------------------------------------------------------


def test_the_pages_speak_the_four_that_are_kept_complete() -> None:
    assert [tag for tag, _name in settings.LANGUAGES] == ["en", "de", "es", "fi"]
    assert set(languages.translated()) >= set(languages.KEPT)


def test_another_language_is_offered_as_soon_as_nearly_all_is_translated(tmp_path: Path) -> None:
    everything = {f"Text {number}": f"Text {number}" for number in range(99)}
    catalogue(tmp_path, "de", **everything)
    catalogue(tmp_path, "fr", **dict(list(everything.items())[:96]))
    catalogue(tmp_path, "sv", **dict(list(everything.items())[:60]))
    (tmp_path / "mt" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "mt" / "LC_MESSAGES" / "django.mo").write_bytes(b"not a catalogue")
    assert languages.offered(folder=tmp_path) == ("en", "de", "es", "fi", "fr")
    assert languages.offered(("sv", "en"), tmp_path) == ("sv", "en")
    assert languages.translated(tmp_path) == {"de": 1.0, "en": 1.0, "fr": 0.97, "mt": 0.0, "sv": 0.61}


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"LANGUAGES": "en,tlh"}, "OPENMCX_LANGUAGES: there is no translation into tlh; there is one into"),
        ({"LANGUAGES": "en, de, en"}, "OPENMCX_LANGUAGES: a language is named twice."),
        ({"LANGUAGES": "de,fi", "LANGUAGE": "en"}, "OPENMCX_LANGUAGE is 'en', which is none of the languages"),
        ({"LANGUAGE": "xx"}, "OPENMCX_LANGUAGE is 'xx', which is none of the languages of the pages: en, de, es, fi."),
    ],
)
def test_a_language_without_pages_cannot_be_set(given: dict[str, str], fault: str, tmp_path: Path) -> None:
    with pytest.raises(env.SettingsError) as error:
        env.load(
            {f"OPENMCX_{name}": value for name, value in given.items()}
            | {"OPENMCX_DEMO": "1", "OPENMCX_DATA_DIR": str(tmp_path)}
        )
    assert [one[: len(fault)] for one in error.value.faults] == [fault]


def test_the_operator_chooses_languages_and_their_order(tmp_path: Path) -> None:
    given = {"OPENMCX_DEMO": "1", "OPENMCX_DATA_DIR": str(tmp_path), "OPENMCX_LANGUAGES": "fi, en"}
    assert env.load(given).LANGUAGES == ("fi", "en")


@pytest.mark.django_db
def test_the_node_does_not_know_the_pseudo_language(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = pseudo.TAG
    assert '<html lang="en"' in client.get("/").content.decode()


# --- what stands in for what ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_browser_that_asks_for_catalan_gets_spanish(client: Client) -> None:
    assert '<html lang="es"' in client.get("/", headers={"accept-language": "ca"}).content.decode()


@pytest.mark.usefixtures("catalan")
def test_a_text_that_catalan_lacks_is_shown_in_spanish() -> None:
    with translation.override("ca"):
        assert gettext("Catalogue") == "Catàleg"
        assert gettext("Learning outcomes") == "Resultados de aprendizaje"
        assert gettext("In no catalogue") == "In no catalogue"
    with translation.override("es"):
        assert gettext("Learning outcomes") == "Resultados de aprendizaje"


@pytest.mark.parametrize(
    ("reader", "texts", "shown"),
    [
        ("ca", {"en": "Robots", "es": "Robots y más"}, "es"),
        ("ca", {"en": "Robots", "fi": "Robotit"}, "en"),
        ("ca", {"fi": "Robotit"}, "fi"),
        ("ca-valencia", {"es": "Robots y más", "en": "Robots"}, "es"),
        ("mt", {"it": "Robot", "en": "Robots"}, "en"),
        ("de", {"en": "Robotics 4.0", "de": "Robotics 4.0"}, "de"),
        ("fi", {"de-AT": "Roboter", "de": "Roboter"}, "de-AT"),
    ],
)
def test_what_people_wrote_is_shown_in_the_language_that_stands_in(
    reader: str, texts: dict[str, str], shown: str
) -> None:
    assert LangText(texts).best_tag(reader) == shown
    assert LangText(texts).best(reader) == texts[shown]


# --- texts in another language than the page --------------------------------------------------------------------------


def shown(source: str, texts: dict[str, str], reader: str = "de") -> str:
    with translation.override(reader):
        return str(Template(f"{{% load ui i18n %}}{source}").render(Context({"texts": texts, "text": written(texts)})))


@pytest.mark.parametrize(
    ("source", "texts", "markup"),
    [
        ('{% lang_text texts tag="p" %}', {"de": "Wälder"}, "<p>Wälder</p>"),
        ('{% lang_text texts tag="p" %}', {"und": "Metsät"}, "<p>Metsät</p>"),
        ('{% lang_text texts tag="p" %}', {"de-AT": "Wälder"}, '<p lang="de-AT">Wälder</p>'),
        (
            '{% lang_text texts tag="p" %}',
            {"fi": "Metsät <&"},
            '<p><span lang="fi">Metsät &lt;&amp;</span> <span class="hint">(Finnisch)</span></p>',
        ),
        ("{% lang_text texts %}", {"fi": "Metsät"}, '<span lang="fi">Metsät</span>'),
        (
            '{% lang_text texts tag="h2" noted=True %}',
            {"mt": "Foresti"},
            '<h2><span lang="mt">Foresti</span> <span class="hint">(Maltesisch)</span></h2>',
        ),
        (
            "{% blocktranslate %}Version {{ text }}{% endblocktranslate %}",
            {"fi": "Metsät"},
            'Version <span lang="fi">Metsät</span> <span class="hint">(Finnisch)</span>',
        ),
        (
            "{% autoescape off %}{{ text }}{% endautoescape %}",
            {"fi": "Metsät"},
            'Metsät (Finnisch)',
        ),
    ],
)  # fmt: skip
def test_a_text_in_another_language_is_marked(source: str, texts: dict[str, str], markup: str) -> None:
    assert shown(source, texts) == markup


@pytest.mark.django_db
def test_mail_says_which_language_a_title_is_in(mailoutbox: list[EmailMultiAlternatives]) -> None:
    with translation.override("de"):
        title = written({"fi": "Metsien maaperä"})
    context = {"institution": "Lakeside", "title": title, "number": "1", "url": "http://testserver/x"}
    mail.send(template="issuing/mail/issued", context=context, to="leon@example.org", language="de")
    message = mailoutbox[0]
    assert "Metsien maaperä (Finnisch)" in str(message.body)
    html = str(message.alternatives[0][0])
    assert '<span lang="fi">Metsien maaperä</span> <span class="hint">(Finnisch)</span>' in html
    assert '<html lang="de"' in html
