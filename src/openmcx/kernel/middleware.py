"""From refusals to answers, and a cap on what is read from a request."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.translation import gettext as _

from openmcx.kernel.errors import NotPermitted, Refusal
from openmcx.kernel.ratelimit import TooMany
from openmcx.kernel.web import PROBLEM_TYPE, page_or_problem

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]
_NOT_ALLOWED = 405
# What a page, or a script that got into one, could ask the browser for and never needs. Passkeys remain, for ourselves.
_PERMISSIONS = ", ".join(
    [
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
                "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone",
                "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
            )
        ),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)  # fmt: skip


class TrustedProxies:
    """Takes the client's address and scheme from the headers of a reverse proxy that is named in the settings."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._networks = [ipaddress.ip_network(one, strict=False) for one in settings.OPENMCX_TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This will put REMOTE_ADDR and the scheme right, then go on."""
        if self._networks and self._is_trusted(request.META.get("REMOTE_ADDR", "")):
            # From the right, the first address that is no proxy of ours is the client; all before it may be made up.
            hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
            client = next((hop for hop in reversed(hops) if not self._is_trusted(hop)), None)
            if client and _is_address(client):
                request.META["REMOTE_ADDR"] = client
            if request.META.get("HTTP_X_FORWARDED_PROTO", "").strip() == "https":
                request.META["wsgi.url_scheme"] = "https"
        request.META.pop("HTTP_X_FORWARDED_FOR", None)
        return self.get_response(request)

    def _is_trusted(self, text: str) -> bool:
        return _is_address(text) and any(ipaddress.ip_address(text) in network for network in self._networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class Permissions:
    """Denies pages, whatever runs in them, the camera, the place and all else that they do not need."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This will go on and add the header."""
        answer = self.get_response(request)
        answer.setdefault("Permissions-Policy", _PERMISSIONS)
        return answer


class CompressPublicPages(GZipMiddleware):
    """Compresses pages that hold nothing secret.

    Compression lets an attacker who can put text into a page, and sees how long the encrypted answer is, guess what
    else stands in it (BREACH). So nothing is compressed that is made for somebody who is signed in, or that may not be
    kept by anybody: whoever has a session, or is given one, and every answer with `no-store`. Django adds a random
    length to what remains.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """This will compress the answer where that gives nothing away."""
        is_for_one = settings.SESSION_COOKIE_NAME in {*request.COOKIES, *response.cookies}
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_for_one or not is_page or "no-store" in response.get("Cache-Control", ""):
            return response
        return super().process_response(request, response)


# What a form adds to a file: the names of its fields, the token. Units: bytes.
_FORM_BYTES = 100_000


def takes_at_most(limit: int) -> Callable[[View], View]:
    """This will have a view take files of so many bytes only, fewer than the node takes elsewhere.

    Write it above the view's other decorators.
    """

    def mark(view: View) -> View:
        view.takes_at_most = limit  # type: ignore[attr-defined]  # what UploadCap looks for
        return view

    return mark


class UploadCap:
    """Refuses a request whose body is larger than allowed before a byte of it is read.

    It stands before the middleware that looks for the token of a form, which reads the body, and decides when all
    others know who asks: the answer is a page for whoever is signed in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This will go on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: object, kwargs: object) -> HttpResponse | None:
        """This will answer 413 with the limit, or go on."""
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        everywhere = settings.OPENMCX_MAX_UPLOAD_BYTES
        here = getattr(view, "takes_at_most", everywhere)
        if length > min(everywhere, here + _FORM_BYTES):
            return refuse(request, 413, _too_large(min(everywhere, here)))
        return None


class Refusals:
    """Turns a refusal that left a view into a page, or into problem details for the API."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This will go on, and say why when the view does not answer to such a request."""
        answer = self.get_response(request)
        if answer.status_code == _NOT_ALLOWED and answer.get("Content-Type") != PROBLEM_TYPE:
            return _not_allowed(request, answer)
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """This will answer for an expected no; anything else is a bug and goes on."""
        if isinstance(exception, RequestDataTooBig):
            return refuse(request, 413, _too_large(settings.OPENMCX_MAX_UPLOAD_BYTES))
        if isinstance(exception, TooMany):
            answer = refuse(request, 429, exception)
            answer["Retry-After"] = str(exception.retry_after_seconds)
            return answer
        if isinstance(exception, NotPermitted):
            return refuse(request, 403, exception)
        if isinstance(exception, Refusal):
            return refuse(request, 409, exception)
        return None


def refuse(request: HttpRequest, status: int, refusal: Refusal) -> HttpResponse:
    """This will answer with the refusal as a page, or as problem details where JSON is expected."""
    return page_or_problem(request, status, refusal.code, str(refusal), {"refusal": refusal, "detail": str(refusal)})


def _not_allowed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Source: RFC 9110, section 15.5.6: the answer names in ``Allow`` what would be answered."""
    allowed = answer.get("Allow", "")
    refusal = Refusal(
        "method-not-allowed",
        _("This address answers %(allowed)s only, not %(method)s."),
        allowed=allowed,
        method=(request.method or "")[:20],
    )
    told = refuse(request, _NOT_ALLOWED, refusal)
    told["Allow"] = allowed
    return told


def _too_large(limit: int) -> Refusal:
    return Refusal(
        "upload-too-large",
        _("What you sent is larger than %(megabytes)s MB. Send a smaller file, or split it."),
        megabytes=f"{limit / 1_000_000:g}",
    )
