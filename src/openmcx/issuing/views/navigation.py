"""Where issuing stands in the main navigation."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openmcx.issuing import rules
from openmcx.kernel.web import actor_of
from openmcx.ui.slots import NavigationItem


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """This will offer issuing to registrars."""
    if not rules.may_issue_anywhere(actor_of(request)):
        return []
    url = reverse("issuing:batches")
    return [NavigationItem(_("Issuing"), url, order=10, prefixes=(url,))]
