"""Languages to choose from, with their names in the reader's language."""

from __future__ import annotations

from openmcx.catalogue.mapping.elements import Choice
from openmcx.ui.languages import english_name, language_name, language_tags, own_name

__all__ = ["english_name", "language_choices", "language_name", "own_name"]


def language_choices(*also: str) -> list[Choice]:
    """This will list all languages by name, with the tags `also` that an import brought."""
    tags = dict.fromkeys((*language_tags(), *(tag for tag in also if tag)))
    return sorted((Choice(value=tag, label=language_name(tag)) for tag in tags), key=lambda one: str(one.label))
