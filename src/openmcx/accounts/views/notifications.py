"""What a person is told: the list, the bell in the header, the preferences, the end of e-mail without signing in."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmcx.accounts import operations, queries
from openmcx.accounts.forms import PreferencesForm
from openmcx.accounts.models import Notification
from openmcx.kernel.errors import Refusal
from openmcx.kernel.web import actor_of
from openmcx.ui.slots import HeaderLink

PAGE_ROWS = 25


def bell(request: HttpRequest) -> list[HeaderLink]:
    """This will offer whoever is signed in the way to their notifications, with the number of those not read."""
    person_id = actor_of(request).person_id
    if person_id is None:
        return []
    count = queries.unread_count(person_id)
    label = (
        ngettext("Notifications, %(count)d not read", "Notifications, %(count)d not read", count) % {"count": count}
        if count
        else _("Notifications")
    )
    return [HeaderLink(label=label, url=reverse("accounts:notifications"), icon="bell", count=count)]


@never_cache
@login_required
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """This will list what the person was told: what is not read, or everything."""
    person_id = actor_of(request).person_id
    assert person_id is not None  # login_required stands before
    shows_all = request.GET.get("show") == "all"
    now = timezone.now()
    rows = queries.notifications_of(person_id, unread_only=not shows_all)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/notifications.html",
        {
            "page": page,
            "groups": queries.grouped(queries.read_out(page.object_list)),
            "shows_all": shows_all,
            "unread": queries.unread_count(person_id),
            "now": now.isoformat(),
        },
    )


@never_cache
@login_required
@require_safe
def notification(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """This will lead to what a notification is about, and note that it was read."""
    try:
        read = operations.mark_read(by=actor_of(request), at=timezone.now(), notification_id=notification_id)
    except Notification.DoesNotExist:
        raise Http404 from None
    return redirect(read.url)


@never_cache
@login_required
@require_POST
def read_notification(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """This will note that one notification was read."""
    try:
        operations.mark_read(by=actor_of(request), at=timezone.now(), notification_id=notification_id)
    except Notification.DoesNotExist:
        raise Http404 from None
    return redirect("accounts:notifications")


@never_cache
@login_required
@require_POST
def read_all_notifications(request: HttpRequest) -> HttpResponse:
    """This will note that everything was read that was there when the page was shown."""
    now = timezone.now()
    operations.mark_all_read(by=actor_of(request), at=now, until=min(_time(request.POST.get("until", "")) or now, now))
    messages.success(request, _("All notifications are marked as read."))
    return redirect("accounts:notifications")


def _time(text: str) -> dt.datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notification_preferences(request: HttpRequest) -> HttpResponse:
    """This will show and change which notifications reach the person, and how."""
    actor = actor_of(request)
    assert actor.person_id is not None  # login_required stands before
    person = queries.person(actor.person_id)
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        preferences=queries.preferences_of(person.pk),
        digest_hour=person.digest_hour,
    )
    if form.is_valid():
        try:
            operations.change_preferences(
                by=actor,
                at=timezone.now(),
                person_id=person.pk,
                preferences=form.decided(),
                digest_hour=form.cleaned_data["digest_hour"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your preferences were saved."))
            return redirect("accounts:notification-preferences")
    return render(
        request,
        "accounts/notifications_preferences.html",
        {"form": form, "email": person.email},
        status=400 if form.errors else 200,
    )


# Whoever has the link may do this and nothing else; mail programs send it without a cookie (RFC 8058, section 3.2).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """This will end e-mail about notifications without signing in: looking asks, only sending the form does it."""
    asked = queries.unsubscribe_request(token)
    if asked is None:
        return render(request, "accounts/notifications_unsubscribe_unknown.html", status=404)
    person_id, category = asked
    if request.method == "POST":
        everything = request.POST.get("everything") == "1"
        scope = queries.EVERYTHING if everything else category
        operations.unsubscribe(by=actor_of(request), at=timezone.now(), person_id=person_id, category=scope)
        return render(request, "accounts/notifications_unsubscribed.html", {"category": _category(scope)})
    return render(request, "accounts/notifications_unsubscribe.html", {"category": _category(category)})


def _category(code: str) -> object:
    return queries.categories().get(code)
