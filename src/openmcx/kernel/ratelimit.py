"""How often one address may ask for something costly. Counted in the database, so it holds for all web processes."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import ngettext_lazy

from openmcx.kernel import vault
from openmcx.kernel.errors import Refusal
from openmcx.kernel.models import RateCount


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within so many seconds."""

    name: str
    count: int
    seconds: int


class TooMany(Refusal):
    """Asked for too often; the answer is 429 with ``Retry-After``."""

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(
            "too-many-requests",
            ngettext_lazy(
                "You have asked too often. Try again in %(seconds)s second.",
                "You have asked too often. Try again in %(seconds)s seconds.",
                "seconds",
            ),
            seconds=retry_after_seconds,
        )


def check(limit: Limit, who: str, *, at: datetime.datetime, weight: int = 1) -> None:
    """This will count one more asking by `who` and stop here when it is one too many.

    Raises: TooMany.
    """
    second = int(at.timestamp())
    window = second // limit.seconds
    key = vault.mac(f"{limit.name}\0{who}".encode(), purpose="rate-limit")
    ends_at = datetime.datetime.fromtimestamp((window + 1) * limit.seconds, tz=datetime.UTC)
    with transaction.atomic():
        mine = RateCount.objects.filter(key=key, window=window)
        if not mine.update(count=F("count") + weight):
            try:
                with transaction.atomic():
                    RateCount.objects.create(key=key, window=window, count=weight, ends_at=ends_at)
            except IntegrityError:  # another process was first
                mine.update(count=F("count") + weight)
        counted = mine.values_list("count", flat=True).get()
    if counted > limit.count:
        raise TooMany(max(1, (window + 1) * limit.seconds - second))


def client(request: HttpRequest) -> str:
    """This will name the network a request comes from: the IPv4 address, or the /64 of an IPv6 address."""
    text = str(request.META.get("REMOTE_ADDR", ""))
    try:
        address = ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def clear(*, before: datetime.datetime) -> int:
    """This will remove the counts of past windows, and return how many there were."""
    return RateCount.objects.filter(ends_at__lt=before).delete()[0]
