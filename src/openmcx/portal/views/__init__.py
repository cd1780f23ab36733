"""The pages that join the domains."""

from openmcx.portal.views.guides import guide, help_page
from openmcx.portal.views.legal import edit_legal_text, legal, legal_texts, legal_version, publish_legal_text
from openmcx.portal.views.pages import about, accessibility, header_links, home, navigation, privacy, start
from openmcx.portal.views.search_engines import SITEMAPS, robots
from openmcx.portal.views.tours import change_tour, tours

__all__ = [
    "SITEMAPS",
    "about",
    "accessibility",
    "change_tour",
    "edit_legal_text",
    "guide",
    "header_links",
    "help_page",
    "home",
    "legal",
    "legal_texts",
    "legal_version",
    "navigation",
    "privacy",
    "publish_legal_text",
    "robots",
    "start",
    "tours",
]
