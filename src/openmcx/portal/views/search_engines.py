"""What search engines ask for: what there is, what they may read, and what this site is.

Every page has one address for all its languages: a cookie or what the browser asks for chooses between them. So there
is nothing that `hreflang` could name; the texts of a description, each with an address of its own, name theirs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from openmcx.catalogue import queries as catalogue_queries
from openmcx.catalogue.models import CatalogueEntry
from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Institution
from openmcx.portal.queries import InstitutionLine

# Not for search engines: private links, what needs a sign-in, downloads, and the same list in another order.
_CLOSED = ("/c/", "/account/", "/accounts/", "/home/", "/issuing/", "/design/", "/legal/texts/", "/gallery/", "/api/")
_CLOSED_QUERIES = ("download", "sort", "columns", "next")


class _Pages(Sitemap):  # type: ignore[type-arg]  # generic for the type checker only
    """What every list of addresses shares: they begin with the node's own address, whoever asks by which name."""

    limit = 10_000

    def get_domain(self, site: Any = None) -> str:
        """This will name the node as its settings do."""
        base = urlsplit(settings.OPENMCX_BASE_URL)
        return f"{base.netloc}{base.path.rstrip('/')}"

    def get_protocol(self, protocol: str | None = None) -> str:
        """This will tell how the node is reached."""
        return urlsplit(settings.OPENMCX_BASE_URL).scheme


class StaticPages(_Pages):
    """The pages that every node has."""

    names: ClassVar[tuple[str, ...]] = (
        "portal:start",
        "catalogue:list",
        "institutions:list",
        "verification:start",
        "portal:about",
        "portal:accessibility",
        "portal:privacy",
        "portal:help",
    )

    def items(self) -> Sequence[str]:
        """This will name them."""
        return self.names

    def location(self, item: str) -> str:
        """This will give the address of one."""
        return reverse(item)


class Entries(_Pages):
    """The newest version of each micro-credential in the catalogue."""

    def items(self) -> Any:
        """This will list them in an order that stays."""
        return catalogue_queries.published().order_by("slug")

    def location(self, item: CatalogueEntry) -> str:
        """This will give the address of one."""
        return reverse("catalogue:latest", kwargs={"slug": item.slug})

    def lastmod(self, item: CatalogueEntry) -> dt.datetime:
        """This will tell when it was published."""
        return item.published_at


class Institutions(_Pages):
    """The members of the network."""

    def items(self) -> Any:
        """This will list them in an order that stays."""
        return institution_queries.search().order_by("slug")

    def location(self, item: Institution) -> str:
        """This will give the address of one."""
        return reverse("institutions:page", kwargs={"slug": item.slug})


SITEMAPS: dict[str, type[_Pages]] = {"pages": StaticPages, "catalogue": Entries, "institutions": Institutions}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """This will say what is not for search engines, and where the list of what is stands.

    Source: RFC 9309.
    """
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in _CLOSED]
    lines += [f"Disallow: /*?*{name}=" for name in _CLOSED_QUERIES]
    lines += ["", f"Sitemap: {_address(reverse('portal:sitemap'))}", ""]
    answer = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


def site(name: str, description: str, institutions: Sequence[InstitutionLine], language: str) -> dict[str, object]:
    """This will describe the node in schema.org's words: a site that can be searched, and the network that runs it."""
    home = _address(reverse("portal:start"))
    search = f"{_address(reverse('catalogue:list'))}?q={{search_term_string}}"
    return {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "WebSite",
                "@id": f"{home}#site",
                "url": home,
                "name": name,
                "description": description,
                "inLanguage": language,
                "publisher": {"@id": f"{home}#network"},
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": {"@type": "EntryPoint", "urlTemplate": search},
                    "query-input": "required name=search_term_string",
                },
            },
            {
                "@type": "Organization",
                "@id": f"{home}#network",
                "name": name,
                "url": home,
                "logo": _address(static("ui/logo.svg")),
                "member": [
                    {"@type": "EducationalOrganization", "name": one.name.best(language), "url": _address(one.url)}
                    for one in institutions
                ],
            },
        ],
    }


def _address(path: str) -> str:
    return settings.OPENMCX_BASE_URL.rstrip("/") + path
