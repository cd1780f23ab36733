"""Says who acts: notes it in the request and opens the scope of the institutions at which that person holds a role."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from openmcx.accounts import queries
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scope
from openmcx.kernel.web import set_actor

# Public documents that machines fetch in numbers: no session is read and nothing varies by cookie.
_WITHOUT_PERSON = ("/static/", "/status/", "/health/", "/api/", "/vc-api/")


class ActorMiddleware:
    """Stands after the authentication middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without a session cookie there is nobody to look up, and the page stays free of "Vary: Cookie".
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if not has_session or request.path.startswith(_WITHOUT_PERSON) or request.path.endswith("/did.json"):
            actor = Actor.anonymous()
        else:
            actor = queries.actor_of(request.user)
        set_actor(request, actor)
        with scope(institution=actor.institutions()):
            return self.get_response(request)
