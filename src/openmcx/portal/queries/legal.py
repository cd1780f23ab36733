"""The texts that whoever runs the node answers for: what is published, in which languages, and what is missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from openmcx.portal import mapping
from openmcx.portal.models import LegalDraft, LegalKind, LegalVersion
from openmcx.portal.rules import LEGAL_PAGES
from openmcx.ui.slots import FooterLink

# Every page has a footer: a process asks which legal pages are published once in this time, and anew when it publishes
# one itself. Others link a new text after this time at the latest; texts themselves are always asked for.
FOOTER_SECONDS = 30
_FOOTER = "portal.legal-pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalText:
    """A published text as a page shows it. `is_in_your_language` is false when there is none in the reader's."""

    kind: LegalKind
    language: str
    language_name: str
    number: int
    published_at: dt.datetime
    html: SafeString
    is_newest: bool
    is_in_your_language: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalState:
    """How far a text is in one language: the draft's last change and the newest published version, if there are any."""

    kind: LegalKind
    language: str
    language_name: str
    draft: LegalDraft | None
    version: LegalVersion | None

    @property
    def has_changes(self) -> bool:
        """Whether the draft says something else than what is published."""
        return self.draft is not None and (self.version is None or self.draft.body != self.version.body)


def legal_text(kind: LegalKind, *, language: str = "", below: int = 1) -> LegalText | None:
    """This will give what is published now, in the reader's language or the next best; None when nothing is.

    `language` asks for one language alone.
    """
    there = set(LegalVersion.objects.filter(kind=kind).order_by().values_list("language", flat=True).distinct())
    here = get_language() or settings.LANGUAGE_CODE
    order = [language] if language else [here, here.split("-")[0], settings.LANGUAGE_CODE, "en", *sorted(there)]
    chosen = next((one for one in order if one in there), None)
    if chosen is None:
        return None
    newest = LegalVersion.objects.filter(kind=kind, language=chosen).order_by("-number").first()
    return _shown(newest, is_newest=True, below=below) if newest else None


def legal_version(kind: LegalKind, language: str, number: int) -> LegalText | None:
    """This will give a text as it was published at some time; None when there is no such version."""
    rows = LegalVersion.objects.filter(kind=kind, language=language)
    found = rows.filter(number=number).first()
    return _shown(found, is_newest=not rows.filter(number__gt=number).exists()) if found else None


def legal_versions(kind: LegalKind) -> list[tuple[str, str, list[LegalVersion]]]:
    """This will list every published version without its text, by language: tag, name in itself, versions."""
    by_language: dict[str, list[LegalVersion]] = {}
    for row in LegalVersion.objects.filter(kind=kind).defer("body").order_by("language", "-number"):
        by_language.setdefault(row.language, []).append(row)
    return [(language, name_of_language(language), rows) for language, rows in by_language.items()]


def legal_draft(kind: LegalKind, language: str) -> LegalState:
    """This will give the state of a text in one language, with its draft."""
    return LegalState(
        kind=kind,
        language=language,
        language_name=name_of_language(language),
        draft=LegalDraft.objects.filter(kind=kind, language=language).first(),
        version=LegalVersion.objects.filter(kind=kind, language=language).order_by("-number").first(),
    )


def legal_overview() -> list[tuple[LegalKind, list[LegalState]]]:
    """This will list every text in every language of the pages, whether it is written or not."""
    drafts = {(row.kind, row.language): row for row in LegalDraft.objects.all()}
    versions: dict[tuple[str, str], LegalVersion] = {}
    for row in _newest_of_each():
        versions[row.kind, row.language] = row
    return [
        (
            kind,
            [
                LegalState(
                    kind=kind,
                    language=code,
                    language_name=name_of_language(code),
                    draft=drafts.get((kind, code)),
                    version=versions.get((kind, code)),
                )
                for code, _name in settings.LANGUAGES
            ],
        )
        for kind in LegalKind
    ]


def _newest_of_each() -> QuerySet[LegalVersion]:
    # In order of their numbers, so that the last of each kind and language is the newest.
    return LegalVersion.objects.order_by("kind", "language", "number")


def missing_legal_texts() -> list[LegalKind]:
    """This will list what is published in no language."""
    there = set(LegalVersion.objects.order_by().values_list("kind", flat=True).distinct())
    return [kind for kind in LegalKind if kind not in there]


def footer_links() -> list[FooterLink]:
    """This will link the legal pages that are published, as this process knows them; see `FOOTER_SECONDS`."""
    known = caches["process"]
    there: frozenset[str] | None = known.get(_FOOTER)
    if there is None:
        rows = LegalVersion.objects.filter(kind__in=LEGAL_PAGES).order_by().values_list("kind", flat=True).distinct()
        try:
            there = frozenset(rows)
        except DatabaseError:  # the page that says that the database is out of order has a footer too
            return []
        known.set(_FOOTER, there, FOOTER_SECONDS)
    return [
        FooterLink(label=kind.label, url=reverse("portal:legal", kwargs={"kind": kind.value}))
        for kind in LEGAL_PAGES
        if kind in there
    ]


def forget_footer() -> None:
    """This will make this process ask again which legal pages are published."""
    caches["process"].delete(_FOOTER)


def name_of_language(code: str) -> str:
    """This will name a language in itself; an unknown one by its tag."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def _shown(row: LegalVersion, *, is_newest: bool, below: int = 1) -> LegalText:
    here = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return LegalText(
        kind=LegalKind(row.kind),
        language=row.language,
        language_name=name_of_language(row.language),
        number=row.number,
        published_at=row.published_at,
        html=mapping.to_html(row.body, below=below),
        is_newest=is_newest,
        is_in_your_language=row.language.split("-")[0] == here,
    )
