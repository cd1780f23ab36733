"""What verification reads from outside: this node's own documents directly, those of others through the guard."""

from __future__ import annotations

import time

from django.conf import settings

from openmcx.kernel import slots
from openmcx.kernel.hosts import same_host
from openmcx.kernel.http import Outbound
from openmcx.verification import rules

_ACCEPT = "application/vc, application/vc+ld+json, application/did+json, application/ld+json, application/json;q=0.9"
_OK = 200
_PAGES = frozenset({"text/html", "application/xhtml+xml"})


class NotFetched(Exception):
    """Something could not be had; `code` says why."""

    def __init__(self, code: str) -> None:
        """This will keep the code."""
        super().__init__(code)
        self.code = code


class Fetcher:
    """Fetches what one verification needs, each address once, within a budget for all of them together."""

    def __init__(self) -> None:
        self._left = rules.MAX_FETCHES
        self._ends_at = time.monotonic() + rules.TOTAL_FETCH_SECONDS
        self._bodies: dict[str, bytes] = {}

    def __call__(self, url: str) -> bytes:
        """This will return the body at the address.

        Raises: NotFetched, OutboundRefused; `code` says why.
        """
        if url in self._bodies:
            return self._bodies[url]
        body = slots.document_at(url)
        if body is None:
            body = self._from_outside(url)
        self._bodies[url] = body
        return body

    def _from_outside(self, url: str) -> bytes:
        seconds = min(rules.FETCH_SECONDS, self._ends_at - time.monotonic())
        if self._left <= 0 or seconds <= 0:
            raise NotFetched("budget-used-up")
        self._left -= 1
        answer = _outbound().get(url, accept=_ACCEPT, max_bytes=rules.MAX_FETCHED_BYTES, timeout_seconds=seconds)
        if answer.status != _OK:
            raise NotFetched("answer-refused")
        # Keys and badges are their host's word: where a page of it leads anywhere one likes, that would be anybody's.
        if not same_host(url, answer.url):
            raise NotFetched("led-elsewhere")
        return answer.body


def document_at(link: str) -> bytes:
    """This will read the document that somebody links to.

    Raises: NotFetched, OutboundRefused; `code` says why.
    """
    body = slots.document_at(link)
    if body is not None:
        return body
    answer = _outbound().get(
        link, accept=_ACCEPT, max_bytes=rules.MAX_DOCUMENT_BYTES, timeout_seconds=rules.TOTAL_FETCH_SECONDS
    )
    if answer.status != _OK:
        raise NotFetched("answer-refused")
    if answer.media_type in _PAGES:
        raise NotFetched("answer-is-a-page")
    return answer.body


def _outbound() -> Outbound:
    return Outbound(allow=settings.OPENMCX_HTTP_ALLOW)
