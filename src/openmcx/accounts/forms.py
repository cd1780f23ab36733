"""Forms of accounts, and how the sign-in library makes people."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import time_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from openmcx.accounts import operations, queries, slots
from openmcx.accounts.models import Person, Scope
from openmcx.accounts.slots import Mail
from openmcx.kernel.actors import Actor
from openmcx.kernel.errors import Refusal
from openmcx.kernel.mail import Message, normal_email
from openmcx.ui.languages import interface_languages


def remember_language(answer: HttpResponse, language: str) -> None:
    """This will have the browser ask for pages in this language."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


class NameField(forms.CharField):
    """A person's own name."""

    def __init__(self, *, help_text: Any = "") -> None:
        """This will make a field that may stay empty."""
        super().__init__(
            label=_("Name"),
            required=False,
            max_length=operations.NAME_CHARACTERS,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            help_text=help_text,
        )

    def clean(self, value: Any) -> str:
        """This will give the name as it is stored, or say at the field why it is none."""
        try:
            return operations.checked_name(super().clean(value))
        except Refusal as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from None


class SignUpFields(forms.Form):
    """What sign-up asks beside address and password."""

    name = NameField(
        help_text=_("How colleagues see you. Credentials carry the name that your institution has recorded."),
    )

    def signup(self, request: HttpRequest, user: Person) -> None:
        """This will do nothing more: the adapter has stored the name."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Makes people as our operations do, so that each has a key of their own and an audit row."""

    def save_user(self, request: HttpRequest, user: Person, form: forms.Form, commit: bool = True) -> Person:
        """This will store a person who signs up."""
        data = form.cleaned_data
        user.email = data["email"]
        if data.get("password1"):
            user.set_password(data["password1"])
        else:
            user.set_unusable_password()
        operations.complete(
            person=user,
            by=Actor.anonymous(),
            at=timezone.now(),
            name=data.get("name", ""),
            language=translation.get_language() or settings.LANGUAGE_CODE,
        )
        return user

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """This will show the pages in the person's own language from now on, unless the browser has chosen another.

        A sign-in that everybody may use says nothing about who uses it; there the browser's language stays.
        """
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        shared = {hint.email for answered in slots.sign_in_hints.ask(None) for hint in answered}
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and user.email not in shared:
            remember_language(answer, user.language)
        return answer

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """This will give the library's messages, which are text only, our layout as HTML too."""
        made: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        body = str(made.body)
        message = Message(str(made.subject), body, made.from_email, made.to, made.extra_headers)
        # Between the name at the top and the signature, which the layout has by itself.
        text = body.partition("\n\n")[2].rpartition("\n-- \n")[0]
        values = {
            "text": _linked(text, [str(value) for name, value in context.items() if name.endswith("_url") and value]),
            "network_name": settings.OPENMCX_NETWORK_NAME,
            "base_url": settings.OPENMCX_BASE_URL,
        }
        message.attach_alternative(render_to_string("accounts/mail/account.html", values), "text/html")
        return message

    def clean_email(self, email: str) -> str:
        """This will store addresses in one form only, so that one address is one account."""
        return normal_email(super().clean_email(email))


def _linked(text: str, addresses: Sequence[str]) -> SafeString:
    """The text as HTML with these addresses as links, and no others: a text may hold what a stranger has typed."""
    if not addresses:
        return conditional_escape(text)
    longest_first = sorted(addresses, key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    return format_html_join(
        "",
        "{}",
        ((format_html('<a href="{0}">{0}</a>', part) if place % 2 else part,) for place, part in enumerate(parts)),
    )


class ProfileForm(forms.Form):
    """How the node addresses a person."""

    name = NameField()
    language = forms.ChoiceField(
        label=_("Language"), choices=interface_languages, help_text=_("For messages, and for pages when you sign in.")
    )


def _days() -> list[tuple[int, str]]:
    # Asked for each form: made once, they would be in the language that is active when the node starts.
    return [(days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in (7, 30, 90, 365)]


class TokenForm(forms.Form):
    """What a new token is for, may do, and how long."""

    label = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("For instance “Moodle of the engineering faculty”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=_days,
        initial=90,
    )

    def __init__(self, actor: Actor, data: Mapping[str, Any] | None = None) -> None:
        """This will offer what a program could do in the person's roles, and nothing else."""
        super().__init__(data)
        uses = [use for answered in slots.token_uses.ask(actor) for use in answered]
        choices = [
            (scope.value, " ".join(str(use.sentence) for use in uses if use.scope == scope.value)) for scope in Scope
        ]
        self.offered = [(scope, sentences) for scope, sentences in choices if sentences]
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = self.offered

    def expires_at(self, at: dt.datetime) -> dt.datetime:
        """This will give the end of the chosen time."""
        return at + dt.timedelta(days=self.cleaned_data["days"])


class PreferencesForm(forms.Form):
    """For each category whether it is shown and when it is e-mailed; the hour of the daily e-mail."""

    def __init__(
        self, data: QueryDict | None = None, *, preferences: Sequence[queries.Preference], digest_hour: int
    ) -> None:
        """This will make the fields of the categories that concern the person."""
        super().__init__(data)
        self.preferences = list(preferences)
        for place, preference in enumerate(self.preferences):
            self.fields[f"shown_{place}"] = forms.BooleanField(
                label=_("Show here"), required=False, initial=not preference.muted
            )
            if preference.may_be_mailed:
                self.fields[f"mail_{place}"] = forms.ChoiceField(
                    label=_("E-mail"), required=False, choices=_mail_choices(preference), initial=preference.mail
                )
        self.fields["digest_hour"] = forms.TypedChoiceField(
            label=_("Hour of the daily e-mail"),
            coerce=int,
            choices=[(hour, time_format(dt.time(hour), "TIME_FORMAT")) for hour in range(24)],
            initial=digest_hour,
            help_text=_("It comes only when there is something new. Time zone: %(zone)s.") % {"zone": _zone()},
        )

    def categories(self) -> list[tuple[queries.Preference, list[forms.BoundField]]]:
        """This will give each category with its fields."""
        names = [(f"shown_{place}", f"mail_{place}") for place in range(len(self.preferences))]
        fields = [[self[name] for name in pair if name in self.fields] for pair in names]
        return list(zip(self.preferences, fields, strict=True))

    def decided(self) -> dict[str, tuple[bool, str]]:
        """This will give what was decided, by category: muted or not, and how it is e-mailed."""
        return {
            preference.category.code: (
                not self.cleaned_data[f"shown_{place}"],
                self.cleaned_data.get(f"mail_{place}", preference.mail),
            )
            for place, preference in enumerate(self.preferences)
        }


def _zone() -> str:
    return timezone.get_default_timezone_name()


def _mail_choices(preference: queries.Preference) -> list[tuple[str, Any]]:
    suggested = {kind.mail for kind in preference.kinds if kind.mail is not None}
    ways = {Mail.AT_ONCE: _("At once"), Mail.DAILY: _("Once a day"), Mail.OFF: _("No e-mail")}
    if len(suggested) == 1:
        as_suggested = {
            Mail.AT_ONCE: _("As suggested: at once"),
            Mail.DAILY: _("As suggested: once a day"),
            Mail.OFF: _("As suggested: no e-mail"),
        }[suggested.pop()]
    else:
        as_suggested = _("As suggested: what is urgent at once, the rest once a day or not at all")
    return [("", as_suggested), *((mail.value, label) for mail, label in ways.items())]


class ConfirmForm(forms.Form):
    """One box to tick before something that cannot be undone."""

    understood = forms.BooleanField(
        label=_("I understand that this cannot be undone"),
        error_messages={"required": _("Tick the box to go on.")},
    )
