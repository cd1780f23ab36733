"""Status lists, for verifiers everywhere."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags
from django.views.decorators.http import require_safe

from openmcx.issuing import queries
from openmcx.issuing.operations.status_lists import TTL_SECONDS

MEDIA_TYPE = "application/vc+ld+json"


@require_safe
def status_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """This will serve a signed status list. Anybody may keep it as long as it says itself.

    Source: Bitstring Status List 1.0, section 3.1 (retrieval), ttl in section 2.2.
    """
    found = queries.status_list(list_id)
    if found is None:
        raise Http404
    etag = f'"{found.digest}"'
    wanted = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponse
    if etag in wanted or "*" in wanted:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(bytes(found.document), content_type=MEDIA_TYPE)
    response["ETag"] = etag
    assert found.signed_at is not None  # queries gives signed lists only
    response["Last-Modified"] = http_date(found.signed_at.timestamp())
    response["Cache-Control"] = f"public, max-age={TTL_SECONDS // 5}, must-revalidate"
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Content-Type-Options"] = "nosniff"
    return response
