"""Languages by tag, with their names in the reader's language."""

from __future__ import annotations

from functools import cache

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from openmcx.catalogue.mapping.elements import Choice, Text

# Official languages of the EU that Django's table lacks.
_FURTHER: dict[str, Text] = {"mt": _("Maltese")}
_NOT_STATED = _("language not stated")


@cache
def _tags() -> tuple[str, ...]:
    # Only whole languages: a specification says "German", not "German as in Switzerland".
    return (*(tag for tag, info in LANG_INFO.items() if "name" in info and "-" not in tag), *_FURTHER)


def language_name(tag: str) -> str:
    """This will give the language's name in the active language; the tag itself when it is unknown."""
    if tag == "und":
        return str(_NOT_STATED)
    if tag in _FURTHER:
        return str(_FURTHER[tag])
    info = LANG_INFO.get(tag.lower()) or LANG_INFO.get(tag.split("-")[0].lower())
    if not info or "name" not in info:
        return tag
    name = gettext(info["name"])
    return name if tag.lower() in LANG_INFO else f"{name} ({tag})"


def own_name(tag: str) -> str:
    """This will give the language's name in that language itself, as language switches show it."""
    info = LANG_INFO.get(tag.split("-")[0].lower())
    return str(info["name_local"]).capitalize() if info and "name_local" in info else language_name(tag)


def language_choices(*also: str) -> list[Choice]:
    """This will list all languages by name, with the tags `also` that an import brought."""
    tags = dict.fromkeys((*_tags(), *(tag for tag in also if tag)))
    return sorted((Choice(value=tag, label=language_name(tag)) for tag in tags), key=lambda one: str(one.label))


def english_name(tag: str) -> str:
    """This will give the English name, for machine-readable documents."""
    with override("en"):
        return language_name(tag)
