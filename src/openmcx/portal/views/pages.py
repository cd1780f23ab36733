"""The pages that join the domains."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from openmcx import __version__
from openmcx.kernel.web import actor_of, json_in_page
from openmcx.portal import queries
from openmcx.portal.forms import CheckForm
from openmcx.portal.models import LegalKind
from openmcx.portal.views import search_engines
from openmcx.ui.slots import HeaderLink, NavigationItem

# The start page is to be seen at a glance; the list of institutions shows all of them.
SHOWN_MEMBERS = 12
# What is less urgent than so many others unfolds.
SHOWN_WAITING = 8


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """This will greet a visitor: what this is, search the catalogue, check a credential."""
    members = queries.institutions()
    description = _(
        "Universities of this network describe short courses in one way, award them as signed credentials that belong "
        "to the learner, and anyone can check them here."
    )
    context = {
        "offers": queries.offers(),
        "institutions": members[:SHOWN_MEMBERS],
        "more_institutions": max(0, len(members) - SHOWN_MEMBERS),
        "catalogue_url": reverse("catalogue:list"),
        "form": CheckForm(auto_id="start-%s"),
        "description": description,
        "canonical": settings.OPENMCX_BASE_URL.rstrip("/") + reverse("portal:start"),
        "schema_org": json_in_page(
            search_engines.site(settings.OPENMCX_NETWORK_NAME, str(description), members, get_language() or "en")
        ),
    }
    return render(request, "portal/start.html", context)


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """This will show what waits for whoever is signed in, and how things stand in each of their roles."""
    actor = actor_of(request)
    now = timezone.now()
    waiting, sections = queries.waiting(actor, at=now), queries.sections(actor, at=now)
    context = {
        "waiting": waiting[:SHOWN_WAITING],
        "more_waiting": waiting[SHOWN_WAITING:],
        "waiting_count": len(waiting),
        "nothing_to_do": [section.links[0] for section in sections if section.links],
        "news": queries.news(actor),
        "sections": sections,
        "tours": queries.tours(actor, at=now),
        "name": queries.name_of(actor),
    }
    answer = render(request, "portal/home.html", context)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """This will say what this node is, who is responsible and which software it runs."""
    context = {
        "network": settings.OPENMCX_NETWORK_NAME,
        "institutions": queries.institutions(),
        "version": __version__,
    }
    return render(request, "portal/about.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """This will state how accessible these pages are."""
    context = {
        "network": settings.OPENMCX_NETWORK_NAME,
        "statement": queries.STATEMENT,
        "contact": queries.legal_text(LegalKind.CONTACT, below=2),
        "enforcement": queries.legal_text(LegalKind.ENFORCEMENT, below=2),
        "institutions": queries.institutions(),
    }
    return render(request, "portal/accessibility.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """This will say what is published, what is kept and what one can ask for."""
    notice = queries.legal_text(LegalKind.PRIVACY) is not None
    return render(request, "portal/privacy.html", {"notice": notice, "cookies": queries.cookies()})


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """This will offer the home page to whoever is signed in."""
    if not actor_of(request).is_signed_in:
        return []
    return [NavigationItem(label=_("Home"), url=reverse("portal:home"), order=1)]


def header_links(request: HttpRequest) -> list[HeaderLink]:
    """This will offer help to everybody."""
    return [HeaderLink(label=_("Help"), url=reverse("portal:help"), icon="circle-question-mark")]
