"""What the pages of registrars share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from openmcx.institutions import queries as institution_queries
from openmcx.institutions.models import Role
from openmcx.issuing import queries, rules
from openmcx.issuing.models import Batch, IssuedCredential
from openmcx.kernel.actors import require
from openmcx.kernel.scopes import scope
from openmcx.kernel.web import actor_of, download
from openmcx.ui.components import Progress, Step

View = Callable[..., HttpResponse]


def for_registrars(view: View) -> View:
    """This will let registrars in, and show them what belongs to the institutions at which they are registrars.

    Whoever has another role at an institution sees nothing of its learners; what is not theirs is not found.
    """

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        require(bool(rules.may_issue_anywhere(actor)))
        with scope(institution=actor.institutions(Role.REGISTRAR)):
            try:
                response = view(request, *args, **kwargs)
            except (Batch.DoesNotExist, IssuedCredential.DoesNotExist):
                raise Http404 from None
        patch_cache_control(response, no_store=True, private=True)
        return response

    return login_required(inner)


def institutions_of(request: HttpRequest) -> list[tuple[str, str]]:
    """This will name the institutions at which the actor is registrar, to narrow a list by."""
    mine = list(actor_of(request).institutions(Role.REGISTRAR))
    if len(mine) < 2:
        return []
    return [(one.slug, str(one)) for one in institution_queries.search().filter(pk__in=mine).order_by("slug")]


def steps(batch: Batch | None, here: str) -> list[Step]:
    """This will say how far a class list is on its way to credentials; those that can be taken up again are linked."""
    names = {"upload": _("Upload"), "columns": _("Columns"), "check": _("Check"), "preview": _("Preview and issue")}
    place = list(names).index(here)
    shown = []
    for number, (name, title) in enumerate(names.items()):
        progress = Progress.DONE if number < place else Progress.CURRENT if number == place else Progress.AHEAD
        is_open = batch is not None and name != "upload" and not (name == "preview" and batch.fault_count)
        url = reverse(f"issuing:{name}", args=[batch.pk]) if batch is not None and is_open and name != here else ""
        shown.append(Step(title=title, progress=progress, url=url))
    return shown


def printed(credential: IssuedCredential) -> HttpResponse:
    """This will answer with the credential as PDF, in the reader's language."""
    body = queries.printed(credential)
    if body is None:
        raise Http404
    return download(body, queries.download_name(credential, "pdf"), "application/pdf")
