"""The management API: the routers of the apps under one roof, with one kind of error and one description."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.ratelimit import TooMany
from openmcx.kernel.web import problem

# The apps with endpoints, in the order of the description.
_APPS = ("catalogue", "issuing", "verification")

api = NinjaAPI(
    title="OpenMCX management API",
    version="1",
    description=(
        "What registrars and authors do on the pages, for programs. Send a token of your account page as "
        "`Authorization: Bearer mcx_…`; it may do what you may do, within its scopes. Errors are problem details "
        "(RFC 9457) with a stable `code`. Times are in UTC."
    ),
    urls_namespace="api",
    docs_url=None,  # the documentation is part of the manual; a browser client from elsewhere is not loaded
    openapi_extra={"info": {"license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}}},
)

for _app in _APPS:
    if f"openmcx.{_app}" in settings.INSTALLED_APPS:
        api.add_router("", import_module(f"openmcx.{_app}.endpoints").router, tags=[_app])


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """This will answer for an expected no."""
    return problem(request, 409, refusal.code, str(refusal))


@api.exception_handler(NotPermitted)
def not_permitted(request: HttpRequest, refusal: NotPermitted) -> HttpResponse:
    """This will answer when the token's owner may not do this."""
    return problem(request, 403, refusal.code, str(refusal))


@api.exception_handler(TooMany)
def too_many(request: HttpRequest, refusal: TooMany) -> HttpResponse:
    """This will answer when a client asks too often."""
    answer = problem(request, 429, refusal.code, str(refusal))
    answer["Retry-After"] = str(refusal.retry_after_seconds)
    return answer


@api.exception_handler(AuthenticationError)
def not_authenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """This will answer when there is no token, or none that is valid for this."""
    detail = _(
        "Send a valid token with the scope this needs: “Authorization: Bearer mcx_…”. Make one on your account page."
    )
    answer = problem(request, 401, "not-authenticated", detail)
    answer["WWW-Authenticate"] = 'Bearer realm="OpenMCX"'
    return answer


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """This will answer when the request does not have the described form, naming each fault and its place."""
    faults = [
        {"pointer": "/" + "/".join(str(part) for part in fault["loc"]), "code": fault["type"], "detail": fault["msg"]}
        for fault in error.errors
    ]
    detail = _("The request does not have the form that is described. See “errors” for each fault.")
    return problem(request, 422, "request-invalid", detail, errors=faults)


@api.exception_handler(ObjectDoesNotExist)
@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    """This will answer when there is nothing at this address, or nothing that the token's owner may see."""
    return problem(request, 404, "not-found", _("There is nothing at this address, or you may not see it."))


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """This will answer when the body is larger than what is read."""
    return problem(request, 413, "upload-too-large", _("What you sent is too large. Send a smaller file, or split it."))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """This will answer for what the framework itself refuses, such as a body that is no JSON."""
    return problem(request, error.status_code, f"http-{error.status_code}", str(error))


def description() -> dict[str, Any]:
    """This will return the API's description.

    Source: OpenAPI 3.1.
    """
    return dict(api.get_openapi_schema())
