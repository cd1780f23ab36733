"""What libraries say and what we say stand in one catalogue: neither may spoil the other.

Our texts do not take over words that Django uses for dates: “May” as a verb would change the name of the month. And
where the sign-in library says “du” or “tú”, our translation of its text comes first (`openmcx.ui.borrowed`).
"""

import ast
import re
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.utils import dates, translation

from openmcx.ui import borrowed
from tests.architecture import source

WORDS = {
    str(word)
    for table in (dates.WEEKDAYS, dates.WEEKDAYS_ABBR, dates.MONTHS)
    for word in table.values()
} | {"noon", "midnight", "a.m.", "p.m.", "AM", "PM"}  # fmt: skip
FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop"}


def test_no_template_translates_a_word_of_the_calendar() -> None:
    tag = re.compile(r"{%\s*trans(?:late)?\s+(['\"])(?P<text>.*?)\1(?P<rest>[^%]*)%}")
    found = [
        (path.name, match["text"])
        for path in sorted(source.PACKAGE.rglob("templates/**/*.*"))
        for match in tag.finditer(path.read_text("utf-8"))
        if match["text"] in WORDS and " context " not in match["rest"]
    ]
    assert found == []


def test_no_module_translates_a_word_of_the_calendar() -> None:
    found = [
        (path.name, call.args[0].value)
        for path in sorted(source.PACKAGE.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in FUNCTIONS
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value in WORDS
    ]
    assert found == []


def test_the_words_are_those_that_dates_are_written_with() -> None:
    assert {"May", "Monday", "Mon"} <= WORDS


# --- the form of address ----------------------------------------------------------------------------------------------

# How a reader is called “du” or “tú”: by pronouns, and by verbs that these libraries use. Finnish is the same for us.
FAMILIAR = {
    "de": re.compile(
        r"\b(du|dein\w*|dich|dir|euch|euer|eure\w*|gib|klicke?|gehe?|wähle|bestätige|prüfe|nutze|verwende|melde|überprüfe"
        r"|stelle|speichere|scanne|kontaktiere|folge|versuche|ignoriere|setze|lass)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(tú|tus?|te|ti|contigo|puedes|debes|tienes|has|eres|haz|quieres|necesitas|estás|recibiste|decides|ingresa"
        r"|introduce|introdúcelo|escribe|elige|selecciona|comprueba|utiliza|pulsa|revisa|ten|sigue|añades)\b",
        re.IGNORECASE,
    ),
}
ALLAUTH = Path(allauth.__file__).parent
LIBRARIES = {
    "allauth": ALLAUTH,
    "django": Path(django.__file__).parent / "conf",
    "django.contrib.auth": Path(django.__file__).parent / "contrib" / "auth",
}
OURS_INSTEAD = source.PACKAGE / "accounts" / "templates"
# What the node does not use of the libraries: other apps of the sign-in library, telephone numbers, codes in place of
# links, signing up by passkey alone, Django's own pages about faults; user names, a limit of addresses, fields of JSON.
UNUSED = re.compile(
    r"(templates/)?(socialaccount|idp|usersessions|headless)/|account/fields.py|templates/mfa/webauthn/signup_form|views/"
    r"|templates/account/(confirm_\w*code|signup_by_passkey|email_change|.*phone)"
)
UNUSED_TEXTS = re.compile(r"(?i)user ?name|%d email addresses|sent a code|valid JSON")


def shown(entry: polib.POEntry) -> bool:
    """Whether a page or an e-mail of a node may say a library's text."""
    places = [place for place, _line in entry.occurrences]
    used = [
        place
        for place in places
        if not UNUSED.match(place) and not (OURS_INSTEAD / place.removeprefix("templates/")).is_file()
    ]
    return not entry.obsolete and bool(used or not places) and not UNUSED_TEXTS.search(entry.msgid)


def said(entry: polib.POEntry) -> str:
    return " ".join(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr


def said_to_readers(library: str, language: str) -> dict[str, str]:
    """What a node says in place of a library's text: ours if we have it, else the library's."""

    def texts(folder: Path) -> dict[str, polib.POEntry]:
        return {e.msgid: e for e in polib.pofile(str(folder / language / "LC_MESSAGES" / "django.po")) if said(e)}

    root = LIBRARIES[library] / "locale"
    english = polib.pofile(str(root / "en" / "LC_MESSAGES" / "django.po"))
    known = {**texts(root), **texts(source.ROOT / "locale")}
    return {e.msgid: said(known[e.msgid]) if e.msgid in known else "" for e in english if shown(e)}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("language", FAMILIAR)
def test_no_library_is_familiar_with_readers(library: str, language: str) -> None:
    found = {m: text for m, text in said_to_readers(library, language).items() if FAMILIAR[language].search(text)}
    assert found == {}, "add the text to openmcx.ui.borrowed and translate it"


@pytest.mark.parametrize("language", ["de", "es", "fi"])
def test_the_sign_in_library_says_everything_in_the_four_languages(language: str) -> None:
    texts = said_to_readers("allauth", language)
    assert len(texts) > 150
    assert [text for text, translated in texts.items() if not translated] == []


@pytest.mark.parametrize(("language", "text"), [("de", "Bitte gib dein Passwort ein."), ("es", "Introduce tu código.")])
def test_familiar_address_is_recognised(language: str, text: str) -> None:
    assert FAMILIAR[language].search(text)


def test_what_is_borrowed_is_a_text_of_the_library() -> None:
    english = {
        entry.msgid
        for entry in polib.pofile(str(ALLAUTH / "locale" / "en" / "LC_MESSAGES" / "django.po"))
        if shown(entry)
    }
    assert set(borrowed.SIGN_IN) - english == set()


@pytest.mark.parametrize("language", ["de", "es", "fi"])
def test_django_says_ours_and_not_the_library_s(language: str) -> None:
    ours = {e.msgid: e.msgstr for e in polib.pofile(str(source.ROOT / f"locale/{language}/LC_MESSAGES/django.po"))}
    with translation.override(language):
        assert {text: translation.gettext(text) for text in borrowed.SIGN_IN} == {
            text: ours[text] for text in borrowed.SIGN_IN
        }
        assert (
            translation.ngettext("You have added %(count)s security key.", "%(count)s", 1)
            == {
                "de": "Sie haben %(count)s Sicherheitsschlüssel hinzugefügt.",
                "es": "Ha añadido %(count)s clave de seguridad.",
                "fi": "Olet lisännyt %(count)s turva-avaimen.",
            }[language]
        )
