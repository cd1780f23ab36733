"""Languages: what each is called in the reader's language and in itself, and which stands in for which.

Texts that people write (titles, outcomes, names) may be in any language; `UNION` and `FURTHER` are those that the
product is ready for. Which of them the pages themselves speak is a matter of translations: `openmcx.config.languages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, gettext, override, trans_real
from django.utils.translation import gettext_lazy as _

from openmcx.credentials.model.text import FALLBACKS, LangText

# The official languages of the European Union and what they call themselves.
# Source: Interinstitutional Style Guide, annex A8 (official EU languages).
UNION: dict[str, str] = {
    "bg": "български",
    "cs": "čeština",
    "da": "dansk",
    "de": "Deutsch",
    "el": "ελληνικά",
    "en": "English",
    "es": "español",
    "et": "eesti",
    "fi": "suomi",
    "fr": "français",
    "ga": "Gaeilge",
    "hr": "hrvatski",
    "hu": "magyar",
    "it": "italiano",
    "lt": "lietuvių",
    "lv": "latviešu",
    "mt": "Malti",
    "nl": "Nederlands",
    "pl": "polski",
    "pt": "português",
    "ro": "română",
    "sk": "slovenčina",
    "sl": "slovenščina",
    "sv": "svenska",
}
FURTHER: dict[str, str] = {"ca": "català", "eu": "euskara"}
# Those that Django has no name for, or none that it translates.
_NAMED_HERE: dict[str, tuple[str, Promise]] = {
    "mt": ("Maltese", _("Maltese")),
    "nb": ("Norwegian Bokmål", _("Norwegian Bokmål")),
    "no": ("Norwegian", _("Norwegian")),
}
_NOT_STATED = _("language not stated")


def teach_django() -> None:
    """This will make Django know every language we are ready for, by the name it gives itself.

    A browser that asks for a language whose pages are not there gets them in the one that stands in for it.
    """
    for tag, name in (UNION | FURTHER).items():
        info = LANG_INFO.setdefault(tag, {"bidi": False, "code": tag, "name": _NAMED_HERE.get(tag, (name,))[0]})
        info["name_local"] = name
        if tag in FALLBACKS:
            info["fallback"] = list(FALLBACKS[tag])


def join_stand_ins(offered: Iterable[str]) -> None:
    """This will show texts that a catalogue still lacks in the language that stands in for it, if it is offered too.

    Django knows the node's own language only as what follows, and that one comes after it.
    """
    there = set(offered)
    for tag in there & set(FALLBACKS):
        stand_in = next((other for other in FALLBACKS[tag] if other in there), None)
        if stand_in:
            # Catalogues are chained by this attribute of the standard library; `add_fallback` would append to a chain
            # whose end all languages share.
            trans_real.translation(tag)._fallback = trans_real.translation(stand_in)  # type: ignore[attr-defined]  # Django offers no other way to say it


def language_name(tag: str) -> str:
    """This will give the language's name in the active language; the tag itself when it is unknown."""
    if tag == "und":
        return str(_NOT_STATED)
    primary = tag.split("-")[0].lower()
    info = LANG_INFO.get(tag.lower()) or LANG_INFO.get(primary)
    if primary in _NAMED_HERE:
        name = str(_NAMED_HERE[primary][1])
    elif info and "name" in info:
        name = gettext(info["name"])
    else:
        return tag
    return name if tag.lower() in LANG_INFO or tag.lower() == primary else f"{name} ({tag})"


# Languages that write the names of languages with a capital letter within a sentence too; all others write a small one.
# Source: Unicode CLDR, contextTransforms (languages).
_CAPITAL_NAMES = frozenset({"de", "en", "ga", "mt", "nl"})


def _name_within_text(tag: str) -> str:
    name = language_name(tag)
    here = (get_language() or "en").split("-")[0]
    return name if here in _CAPITAL_NAMES else name[:1].lower() + name[1:]


class Written(str):
    """A text that knows its language: plain where text is written, marked with it where HTML is.

    `note` says which language it is, for people; it is empty for readers of that language.
    """

    __slots__ = ("lang", "note", "text")
    text: str
    lang: str
    note: str

    def __new__(cls, text: str, lang: str = "", note: str = "") -> Self:
        """This will join the text and the note."""
        made = super().__new__(cls, f"{text} {note}" if note else text)
        made.text, made.lang, made.note = text, lang, note
        return made

    def __html__(self) -> str:
        """This will give the text as HTML, in an element of its language."""
        if not self.lang:
            return format_html("{}", self.text)
        if not self.note:
            return format_html('<span lang="{}">{}</span>', self.lang, self.text)
        return format_html('<span lang="{}">{}</span> <span class="hint">{}</span>', self.lang, self.text, self.note)


def written(texts: Mapping[str, str], *, noted: bool = True) -> Written:
    """This will give a text of a language map in the reader's language, or in one that the text then says it is in.

    With ``noted=False`` only programs are told: for names, which are what they are in any language.
    """
    mapped = texts if isinstance(texts, LangText) else LangText(texts)
    here = get_language() or "en"
    tag = mapped.best_tag(here)
    is_another = tag.split("-")[0].lower() not in ("", "und", here.split("-")[0].lower())
    note = f"({_name_within_text(tag)})" if noted and is_another else ""
    return Written(mapped.get(tag, ""), "" if tag in ("", "und", here) else tag, note)


def in_language(text: str, tag: str) -> Written:
    """This will give a text whose language is known, so that it says it where the page is in another one."""
    return Written(text, "" if tag in ("", "und", get_language() or "en") else tag)


def written_one_after_the_other(texts: Iterable[object], separator: str = ", ") -> SafeString:
    """This will join texts, each of which may know its language, to markup; empty ones are left out."""
    return format_html_join(separator, "{}", ((text,) for text in texts if text))


def filled(sentence: str, **parts: str) -> SafeString:
    """This will put parts, which may know their language, into a sentence of ours, as markup."""
    return mark_safe(escape(sentence) % {name: conditional_escape(part) for name, part in parts.items()})  # noqa: S308  (all of it is escaped)


def interface_languages() -> list[tuple[str, str]]:
    """This will list the languages that the pages speak, each named in itself."""
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def own_name(tag: str) -> str:
    """This will give the language's name in that language itself, as language switches show it."""
    info = LANG_INFO.get(tag.split("-")[0].lower())
    name = (UNION | FURTHER).get(tag) or (info or {}).get("name_local")
    return f"{name[0].upper()}{name[1:]}" if name else language_name(tag)


def english_name(tag: str) -> str:
    """This will give the English name, for machine-readable documents."""
    with override("en"):
        return language_name(tag)


def language_tags() -> tuple[str, ...]:
    """This will give the tags of all languages that have a name here, whole languages only.

    A specification says “German”, not “German as in Switzerland”.
    """
    known = (tag for tag, info in LANG_INFO.items() if "name" in info and "-" not in tag)
    return tuple(dict.fromkeys((*known, *UNION, *FURTHER)))
