"""The page of things to try, the files for it and the e-mails that were "sent"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

import django_tables2
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from openmcx.demo import adapters, queries
from openmcx.kernel.hosts import is_loopback
from openmcx.ui.slots import NavigationItem
from openmcx.ui.tables import FilterForm, Table, day_field, respond, search_field


def _on_this_machine[**P](
    view: Callable[P, HttpResponseBase],
) -> Callable[P, HttpResponseBase]:
    """Refuse a request for another host: passwords and other people's e-mail are for who sits at this machine."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request = args[0]
        assert isinstance(request, HttpRequest)
        if not is_loopback(split_domain_port(request.get_host())[0]):
            raise PermissionDenied
        return view(*args, **kwargs)

    return guarded


@require_safe
@_on_this_machine
def things_to_try(request: HttpRequest) -> HttpResponse:
    """This will list what can be tried, with the files for it and the sign-ins."""
    context = {"files": queries.files(), "hints": queries.sign_in_hints(None)}
    return render(request, "demo/start.html", context)


@require_safe
@_on_this_machine
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """This will hand over one of the files."""
    offered = next((one for one in queries.files() if one.name == name), None)
    if offered is None:
        raise Http404
    return FileResponse(offered.path.open("rb"), as_attachment=True, filename=name, content_type=offered.media_type)


class OutboxFilterForm(FilterForm):
    """Which e-mails to show."""

    q = search_field(_("Recipient or subject"))
    sent_from = day_field(_("Sent from"))
    sent_until = day_field(_("Sent until"))


class MessageTable(Table):
    """E-mails that were not sent."""

    caption = _("E-mails of the demonstration, the newest first")
    empty_title = _("No e-mail has been sent yet")
    not_found_title = _("No e-mail matches")

    subject = django_tables2.Column(pgettext_lazy("e-mail", "Subject"))
    to = django_tables2.Column(_("To"))
    sent_at = django_tables2.Column(_("Sent"))

    class Meta(Table.Meta):
        order_by = "-sent_at"

    def render_subject(self, record: adapters.Message) -> Any:
        """This will link the e-mail."""
        return format_html('<a href="{}">{}</a>', reverse("demo:message", args=[record.id]), record.subject)

    def value_subject(self, value: str) -> str:
        """This will give the subject in the file."""
        return value

    def render_sent_at(self, value: dt.datetime) -> str:
        """This will write the time."""
        return date_format(value, "DATETIME_FORMAT")

    def value_sent_at(self, value: dt.datetime) -> str:
        """This will write the time in the file."""
        return value.isoformat(timespec="seconds")


@require_safe
@_on_this_machine
def outbox(request: HttpRequest) -> HttpResponse:
    """This will list the e-mails, newest first, found by recipient, subject or day."""
    form = OutboxFilterForm(request.GET or None)
    words = form.given.get("q", "").casefold()
    first, last = form.given.get("sent_from", dt.date.min), form.given.get("sent_until", dt.date.max)
    found = [
        one
        for one in adapters.messages()
        if words in f"{one.to} {one.subject}".casefold()
        and (one.sent_at is None or first <= one.sent_at.date() <= last)
    ]
    return _private(respond(request, MessageTable(found), "demo/outbox.html", {}, file_name="e-mails", form=form))


@require_safe
@_on_this_machine
def message(request: HttpRequest, message_id: str) -> HttpResponse:
    """This will show one e-mail as its recipient reads it."""
    found = adapters.message(message_id)
    if found is None:
        raise Http404
    return _private(render(request, "demo/message.html", {"message": found}))


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """This will offer the things to try to everybody."""
    start = reverse("demo:start")
    return [NavigationItem(label=_("Things to try"), url=start, order=80, prefixes=(start,))]


def _private(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, private=True, no_store=True)
    return answer
