"""Verification for programs: the same report as the page and the command line give."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from ninja import Router

from openmcx.kernel import ratelimit
from openmcx.kernel.errors import Refusal
from openmcx.kernel.web import actor_of, problem
from openmcx.verification import forms, mapping, operations, rules
from openmcx.verification.models import Channel

router = Router()

_DOCUMENT = {"type": "object", "description": "A signed credential.", "additionalProperties": True}
_DESCRIPTION: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The credential as it is, or wrapped as `credential`, or as `file` of a form. At most 1 MiB.",
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        {"type": "object", "properties": {"credential": _DOCUMENT}, "required": ["credential"]},
                        _DOCUMENT,
                    ]
                }
            },
            "application/vc": {"schema": _DOCUMENT},
            "application/vc+ld+json": {"schema": _DOCUMENT},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            },
        },
    },
    "responses": {
        "200": {
            "description": (
                "The report. Read `verdict`: `verified`, `caution`, `not-verified`, `unsupported` or `unreadable`."
            ),
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "verdict": {
                                "type": "string",
                                "enum": ["verified", "caution", "not-verified", "unsupported", "unreadable"],
                            },
                            "headline": {"type": "object", "additionalProperties": True},
                            "checks": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
                        },
                        "required": ["verdict", "headline", "checks"],
                        "additionalProperties": True,
                    }
                }
            },
        },
        "400": {"description": "There is no credential in the request."},
        "413": {"description": "The credential is larger than 1 MiB."},
        "429": {"description": "Too many requests; see `Retry-After`."},
    },
}


@router.post(
    "/verify",
    auth=None,
    operation_id="verify_credential",
    summary="Check a credential",
    description="Needs no token. Nothing that is sent is kept.",
    openapi_extra=_DESCRIPTION,
)
def verify(request: HttpRequest) -> HttpResponse:
    """This will judge the credential in the request and answer with the report."""
    now = timezone.now()
    ratelimit.check(rules.DOCUMENTS_PER_CLIENT, ratelimit.client(request), at=now)
    try:
        document = _document(request)
    except forms.TooLarge:
        return problem(request, 413, "document-too-large", str(mapping.too_large()))
    except Refusal as refusal:
        return problem(request, 400, refusal.code, str(refusal))
    report = operations.check(
        by=actor_of(request),
        document=document,
        channel=Channel.API,
        at=now,
    )
    answer = HttpResponse(mapping.as_json(report), content_type="application/json")
    patch_cache_control(answer, private=True, no_store=True)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _document(request: HttpRequest) -> operations.Document:
    """This will find the document in the request, reading no more than the limit.

    Raises: TooLarge; Refusal when there is none.
    """
    if (request.content_type or "").startswith("multipart/form-data"):
        forms.prepare(request)
        file = request.FILES.get("file") or request.FILES.get("credential")
        if getattr(request, "too_large", False):
            raise forms.TooLarge
        if file is None:
            raise Refusal("no-file", mapping.NO_FILE)
        return bytes(file.read())
    if forms.announced(request) > rules.MAX_DOCUMENT_BYTES + rules.FORM_OVERHEAD_BYTES:
        forms.discard(request)
        raise forms.TooLarge
    body = request.read(rules.MAX_DOCUMENT_BYTES + rules.FORM_OVERHEAD_BYTES + 1)
    if not body.strip():
        raise Refusal("no-document", mapping.NO_DOCUMENT)
    return mapping.unwrapped(body)
