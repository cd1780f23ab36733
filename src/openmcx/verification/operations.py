"""What verification does: judge a document, remember that it happened, forget that after a while."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from openmcx.kernel import personal
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import Refusal
from openmcx.kernel.http import OutboundRefused
from openmcx.ui.sentences import why_not_fetched
from openmcx.verification import adapters, queries, rules
from openmcx.verification.models import Channel, Check

if TYPE_CHECKING:
    from openmcx.credentials.report import Report

type Document = bytes | str | Mapping[str, Any]


def check(*, by: Actor, document: Document, channel: Channel, at: dt.datetime) -> Report:
    """This will judge a document handed in by anybody, and remember verdict and finding codes only.

    DID documents and status lists of this node are read directly, those of others through the guard. There is always a
    report, whatever the document is.
    """
    from openmcx.credentials.verify import verify  # noqa: PLC0415  (loads the JSON-LD engine, which no other page needs)

    report = verify(
        document,
        at=at,
        fetch=adapters.Fetcher(),
        issuer_directory=queries.known_issuer,
        anchors=queries.trust_anchors(),
    )
    Check.objects.create(
        digest=personal.blind_index(_digest(document), purpose="verification/document"),
        verdict=report.verdict,
        codes=[report.headline.code, *(each.code for each in report.checks)],
        channel=channel,
        checked_at=at,
    )
    return report


def check_link(*, by: Actor, link: str, at: dt.datetime) -> Report:
    """This will read the document at a link through the guard and judge it.

    Raises: Refusal when there is no document to be had at the link.
    """
    try:
        document = adapters.document_at(link)
    except (adapters.NotFetched, OutboundRefused) as refused:
        raise Refusal(
            "link-not-readable",
            _(
                "The link cannot be read: %(reason)s. Check the address, or download the credential and hand in the "
                "file. This says nothing about the credential itself."
            ),
            reason=why_not_fetched(refused.code),
        ) from refused
    return check(by=by, document=document, channel=Channel.LINK, at=at)


def forget_old_checks(*, at: dt.datetime) -> int:
    """This will delete the statistics whose time is over, and return how many there were."""
    return Check.objects.filter(checked_at__lt=at - rules.KEEP_STATISTICS).delete()[0]


def _digest(document: Document) -> str:
    if isinstance(document, Mapping):
        document = json.dumps(document, sort_keys=True, ensure_ascii=True, default=str)
    body = document if isinstance(document, bytes) else document.encode("utf-8", "surrogatepass")
    return hashlib.sha256(body).hexdigest()
