"""Small helpers for views, and the pages that no domain owns."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from openmcx import __version__
from openmcx.kernel import jobs
from openmcx.kernel.actors import Actor
from openmcx.kernel.http import Outbound


def outbound() -> Outbound:
    """This will return the guarded HTTP client with the openings that the settings name."""
    return Outbound(settings.OPENMCX_HTTP_ALLOW, user_agent=f"OpenMCX/{__version__} (+{settings.OPENMCX_BASE_URL})")


def actor_of(request: HttpRequest) -> Actor:
    """This will tell who acts in a request, on a page or through the API: nobody known until it was found out."""
    actor = getattr(request, "actor", None)
    return actor if isinstance(actor, Actor) else Actor.anonymous()


def set_actor(request: HttpRequest, actor: Actor) -> None:
    """This will note who acts in a request: the middleware knows it for pages, the token for the API."""
    request.actor = actor  # type: ignore[attr-defined]  # ours; `actor_of` gives it a type again


logger = logging.getLogger(__name__)
PROBLEM_TYPE = "application/problem+json"


def problem(request: HttpRequest, status: int, code: str, detail: str, **members: object) -> HttpResponse:
    """This will answer with a problem in JSON.

    Source: RFC 9457, section 3.
    """
    body = {
        "type": f"{settings.OPENMCX_BASE_URL}/problems/{code}",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
        **members,
    }
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type=PROBLEM_TYPE, status=status)


def wants_problem(request: HttpRequest) -> bool:
    """This will tell whether an error is answered in JSON rather than as a page."""
    return request.path.startswith("/api/") or (
        not request.accepts("text/html") and (request.accepts("application/json") or request.accepts(PROBLEM_TYPE))
    )


def json_in_page(document: Mapping[str, object]) -> SafeString:
    """This will write JSON that no text can break out of a script element with."""
    text = json.dumps(document, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308  (all that HTML would read is escaped above)


def download(body: bytes, name: str, media_type: str) -> HttpResponse:
    """This will answer with a file that is neither stored on the way nor guessed at."""
    response = HttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, no_store=True, private=True)
    return response


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """This will tell a load balancer whether the node can answer: the database is there and workers are alive."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        queue = jobs.status(at=timezone.now())
        state = {"database": "ok", "workers": queue.workers, "tasks_waiting": queue.waiting}
        status = 200
    except Exception:  # whatever it is, the answer is "not ready", and no detail goes to strangers
        state, status = {"database": "unreachable"}, 503
    answer = JsonResponse(
        {"status": "ok" if status == 200 else "unavailable", "version": __version__, **state}, status=status
    )
    patch_cache_control(answer, no_store=True)
    return answer


def node(request: HttpRequest) -> dict[str, object]:
    """This will tell every template what node this is."""
    return {
        "network_name": settings.OPENMCX_NETWORK_NAME,
        "base_url": settings.OPENMCX_BASE_URL,
        "is_demo": settings.OPENMCX_DEMO,
        "version": __version__,
    }


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This will answer 400."""
    return _error(request, 400, "bad-request", _("The request cannot be understood."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This will answer 403."""
    return _error(request, 403, "not-permitted", _("You do not have the permission to see this page."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This will answer 404."""
    return _error(request, 404, "not-found", _("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """This will answer 500, without anything that could fail again."""
    return _error(request, 500, "server-error", _("Something went wrong on our side. It has been noted."))


def _error(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    return page_or_problem(request, status, code, detail, {"detail": detail})


def page_or_problem(
    request: HttpRequest, status: int, code: str, detail: str, context: Mapping[str, object]
) -> HttpResponse:
    """This will answer an error as a page, or as problem details where JSON is expected, and never fail itself."""
    if wants_problem(request):
        return problem(request, status, code, detail)
    try:
        return render(request, f"{status}.html", context, status=status)
    except Exception:
        logger.exception("the page for the error %s cannot be shown", status)
        return HttpResponse(detail, status=status, content_type="text/plain; charset=utf-8")
