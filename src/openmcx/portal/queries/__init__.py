"""What the pages that join the domains ask."""

from openmcx.portal.queries.cookies import Cookie, cookies
from openmcx.portal.queries.guides import GUIDES, Guide, Way, guide
from openmcx.portal.queries.help import FoundGroup, find_concepts
from openmcx.portal.queries.home import (
    InstitutionLine,
    Link,
    News,
    Section,
    WaitingLine,
    institutions,
    name_of,
    news,
    offers,
    sections,
    waiting,
    waiting_for_coordinators,
)
from openmcx.portal.queries.legal import (
    FOOTER_SECONDS,
    LegalState,
    LegalText,
    footer_links,
    forget_footer,
    legal_draft,
    legal_overview,
    legal_text,
    legal_version,
    legal_versions,
    missing_legal_texts,
)
from openmcx.portal.queries.statement import STATEMENT
from openmcx.portal.queries.tours import ShownStep, ShownTour, personal_data_of, tour, tours

__all__ = [
    "FOOTER_SECONDS",
    "GUIDES",
    "STATEMENT",
    "Cookie",
    "FoundGroup",
    "Guide",
    "InstitutionLine",
    "LegalState",
    "LegalText",
    "Link",
    "News",
    "Section",
    "ShownStep",
    "ShownTour",
    "WaitingLine",
    "Way",
    "cookies",
    "find_concepts",
    "footer_links",
    "forget_footer",
    "guide",
    "institutions",
    "legal_draft",
    "legal_overview",
    "legal_text",
    "legal_version",
    "legal_versions",
    "missing_legal_texts",
    "name_of",
    "news",
    "offers",
    "personal_data_of",
    "sections",
    "tour",
    "tours",
    "waiting",
    "waiting_for_coordinators",
]
