"""The components. An unknown name or argument is a template error; docs/reference/components.md lists them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms, template
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from openmcx.credentials.model import LangText
from openmcx.ui import slots, tags, theme
from openmcx.ui.components import STATE_ICONS, State, SummaryRow, Task, Text
from openmcx.ui.forms import FormInLanguages
from openmcx.ui.icons import drawn
from openmcx.ui.languages import in_language, written
from openmcx.ui.props import accepted
from openmcx.ui.theme import Theme

register = template.Library()


# --- icons, states, messages ----------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, *, size: int = 18, label: Text = "") -> SafeString:
    """This will draw a lucide icon; without `label` it is decoration and hidden from assistive technology."""
    return drawn(name, size, str(label))


@register.simple_tag
def status(state: str, text: Text) -> SafeString:
    """This will show a state as icon and words: ``{% status "ok" _("Published") %}``."""
    kind = State(state)
    return format_html(
        '<span class="status status-{}">{}<span>{}</span></span>', kind.value, icon(STATE_ICONS[kind], size=16), text
    )


@register.simple_block_tag(end_name="endnotification")
def notification(content: str, state: str, title: Text) -> SafeString:
    """This will frame an important message: ``{% notification "warn" _("Title") %}…{% endnotification %}``."""
    return _notification(State(state), title, content)


@register.simple_tag(takes_context=True)
def notifications(context: Context) -> SafeString:
    """This will show what the last action had to say (Django's messages)."""
    request = context.get("request")
    if request is None or not hasattr(request, "_messages"):
        return SafeString()
    states = {"success": State.OK, "warning": State.WARN, "error": State.BAD, "info": State.INFO, "debug": State.QUIET}
    shown = [_notification(states.get(item.level_tag, State.INFO), item.message, "") for item in get_messages(request)]
    if not shown:
        return SafeString()
    together = format_html_join("", "{}", ((each,) for each in shown))
    return format_html('<div class="notifications" role="status">{}</div>', together)


def _notification(state: State, title: Text, content: str) -> SafeString:
    return format_html(
        '<div class="notification notification-{}">{}<div><p class="notification-title">{}</p>{}</div></div>',
        state.value,
        icon(STATE_ICONS[state], size=20),
        title,
        content,
    )


# --- page furniture -------------------------------------------------------------------------------------------------


@register.simple_block_tag(end_name="endpage_head")
def page_head(
    content: str, heading: Text, *, lead: Text = "", kicker: Text = "", lang: str = "", level: int = 1
) -> SafeString:
    """This will write the page's one h1 with a lead sentence; between the tags stand the page's actions.

    Use it inside ``{% block page_head %}``; pages without lead or actions fill ``{% block heading %}`` instead.
    """
    if level not in (1, 2, 3):
        raise template.TemplateSyntaxError("page_head has the levels 1 (the page itself), 2 and 3.")
    return render_to_string(
        "ui/components/page_head.html",
        {
            "heading": heading,
            "lead": lead,
            "kicker": kicker,
            "lang": lang,
            "level": level,
            "actions": content if content.strip() else "",
        },
    )


@register.simple_tag
def breadcrumbs(*labels_and_urls: Text) -> SafeString:
    """This will show the way to this page: ``{% breadcrumbs _("Catalogue") url _("This page") %}``."""
    pairs = [
        (labels_and_urls[place], labels_and_urls[place + 1] if place + 1 < len(labels_and_urls) else "")
        for place in range(0, len(labels_and_urls), 2)
    ]
    return render_to_string("ui/components/breadcrumbs.html", {"pairs": pairs})


@register.inclusion_tag("ui/components/main_navigation.html", takes_context=True)
def main_navigation(context: Context) -> dict[str, Any]:
    """This will list the entries that the apps offer to whoever made this request."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return {"items": []}
    offered = [item for items in slots.navigation.ask(request) for item in items]
    return {
        "items": [
            (item, request.path == item.url or any(request.path.startswith(prefix) for prefix in item.prefixes))
            for item in sorted(offered, key=lambda item: (item.order, str(item.label)))
        ]
    }


@register.inclusion_tag("ui/components/header_links.html", takes_context=True)
def header_links(context: Context) -> dict[str, Any]:
    """This will show what waits for whoever made this request, as the apps offer it: an icon with a number."""
    request: HttpRequest | None = context.get("request")
    found = [link for links in slots.header_links.ask(request) for link in links] if request is not None else []
    return {"links": found, "request": request}


@register.inclusion_tag("ui/components/footer_links.html", takes_context=True)
def footer_links(context: Context) -> dict[str, Any]:
    """This will link what the foot of every page links: the node's own pages, and those that the apps add."""
    return {"links": [link for links in slots.footer.ask(context.get("request")) for link in links]}


@register.inclusion_tag("ui/components/account_menu.html", takes_context=True)
def account_menu(context: Context) -> dict[str, Any]:
    """This will offer sign-in, or the account and sign-out."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return {"user": user if user is not None and user.is_authenticated else None, "request": request}


@register.inclusion_tag("ui/components/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """This will offer the page in each language there is, each named in itself."""
    request = context.get("request")
    return {
        "languages": [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
        "current": get_language(),
        "next": request.get_full_path() if request is not None and request.method == "GET" else "/",
    }


@register.inclusion_tag("ui/components/theme_switch.html", takes_context=True)
def theme_switch(context: Context) -> dict[str, Any]:
    """This will offer light colours, dark ones, and those of the reader's system."""
    request = context.get("request")
    return {
        "choices": [
            (Theme.SYSTEM, "monitor", _("As on my device")),
            (Theme.LIGHT, "sun", _("Light")),
            (Theme.DARK, "moon", _("Dark")),
        ],
        "current": theme.chosen(request),
        "next": request.get_full_path() if request is not None and request.method == "GET" else "/",
    }


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """This will write the reader's choice onto the page's root element, and nothing when it is the system's."""
    now = theme.chosen(context.get("request"))
    return SafeString() if now is Theme.SYSTEM else format_html(' data-theme="{}"', now.value)


@register.simple_tag(takes_context=True)
def color_scheme(context: Context) -> str:
    """This will tell the browser which schemes the page has, before any stylesheet is there."""
    now = theme.chosen(context.get("request"))
    return "light dark" if now is Theme.SYSTEM else now.value


@register.simple_tag(takes_context=True)
def error_mark(context: Context) -> str:
    """This will begin the page's title with “Error” when a form of the page was sent and is not right.

    Source: GOV.UK Design System, “Error summary”: who reads the title alone learns it first.
    """
    # By their type: to ask what a lazy value is an instance of makes it, and that of the form's token sets a cookie.
    values: list[Any] = list(context.flatten().values())
    sent = [one for one in values if issubclass(type(one), forms.BaseForm | forms.BaseFormSet) and one.is_bound]
    is_wrong = any(any(form.errors) for form in sent)
    return _("Error") + ": " if is_wrong else ""


@register.simple_tag
def network_name() -> str:
    """This will give the network's name as the operator set it."""
    return str(getattr(settings, "OPENMCX_NETWORK_NAME", "") or "OpenMCX")


@register.inclusion_tag("ui/components/logo.html")
def logo() -> dict[str, Any]:
    """This will draw the mark: small tiles that become a picture."""
    return {}


@register.simple_tag
def page_link(url_name: str, text: Text) -> SafeString:
    """This will link a page by its name, and give nothing when this node does not have that page."""
    try:
        return format_html('<a href="{}">{}</a>', reverse(url_name), text)
    except NoReverseMatch:
        return SafeString()


# --- content --------------------------------------------------------------------------------------------------------


@register.simple_block_tag(end_name="endempty_state")
def empty_state(content: str, title: Text, *, icon_name: str = "inbox") -> SafeString:
    """This will say that there is nothing yet and, between the tags, what to do about it."""
    return format_html(
        '<div class="empty-state"><div class="empty-figure">{}{}</div><p class="empty-state-title">{}</p>{}</div>',
        tags.mosaic("empty"),
        icon(icon_name, size=24),
        title,
        content,
    )


@register.inclusion_tag("ui/components/summary_list.html")
def summary_list(rows: Iterable[SummaryRow], *, not_stated: bool = True) -> dict[str, Any]:
    """This will list labels and values; empty values read "not stated", or are left out with ``not_stated=False``."""
    listed = list(rows)
    return {"rows": listed if not_stated else [row for row in listed if row.value not in ("", None)]}


@register.inclusion_tag("ui/components/task_list.html")
def task_list(tasks: Iterable[Task]) -> dict[str, Any]:
    """This will list what is to be done with the state of each."""
    return {"tasks": [(task, STATE_ICONS[task.state]) for task in tasks]}


@register.inclusion_tag("ui/components/file_drop.html")
def file_drop(field: forms.BoundField | str, *, label: Text = "", hint: Text = "", accept: str = "") -> dict[str, Any]:
    """This will offer a place to drop or choose a file. It is one native input, so it works without JavaScript.

    `field` is a bound form field, or a name for forms written by hand (then `label` is needed).
    """
    if isinstance(field, str):
        if not label:
            raise template.TemplateSyntaxError("file_drop needs a label when it is given a name.")
        return {"name": field, "id": f"id_{field}", "label": label, "hint": hint, "accept": accept, "errors": []}
    return {
        "name": field.html_name,
        "id": field.id_for_label,
        "label": label or field.label,
        "hint": hint or field.help_text,
        "accept": accept or field.field.widget.attrs.get("accept", ""),
        "errors": field.errors,
        "required": field.field.required,
        "multiple": getattr(field.field.widget, "allow_multiple_selected", False),
    }


@register.inclusion_tag("ui/components/progress_bar.html")
def progress_bar(done: int, total: int, label: Text) -> dict[str, Any]:
    """This will show how much is done, as a bar and in words."""
    return {"done": done, "total": total, "label": label, "percent": 100 * done // total if total else 0}


register.filter("in_language", in_language)


@register.simple_tag
def lang_text(texts: LangText | Mapping[str, str], *, tag: str = "span", noted: bool | None = None) -> SafeString:
    """This will show a text of a language map in the reader's language, marked when it is in another one.

    Which one, is said to readers too behind paragraphs, and elsewhere with ``noted=True``; not behind names.
    """
    if tag not in ("span", "p", "div", "strong", "h2", "h3"):
        raise template.TemplateSyntaxError(f"lang_text cannot make a <{tag}>.")
    text = written(texts, noted=tag in ("p", "div") if noted is None else noted)
    if text.lang and not text.note:
        return format_html('<{} lang="{}">{}</{}>', tag, text.lang, text.text, tag)
    return format_html("<{}>{}</{}>", tag, text, tag)


# --- forms ----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(form: forms.BaseForm, *other_forms: forms.BaseForm) -> dict[str, Any]:
    """This will list every error of the forms at the top of the page, each linked to its field."""
    entries: list[tuple[str, str]] = []
    for each in (form, *other_forms):
        entries += [("", str(message)) for message in each.non_field_errors()]
        for bound in each:
            # A group of boxes has no element of its own that could take the focus: its first box does.
            target = bound.id_for_label or f"{bound.auto_id}_0"
            # A hidden field has no label that anybody has seen.
            entries += [(target, str(text) if bound.is_hidden else f"{bound.label}: {text}") for text in bound.errors]
    return {"entries": entries}


@register.inclusion_tag("ui/components/form.html", takes_context=True)
def form(
    context: Context,
    form: forms.BaseForm,
    *,
    submit: Text,
    cancel_url: str = "",
    action: str = "",
    danger: bool = False,
    summary: bool = True,
    hidden: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """This will render a whole form: error summary, fields, hidden token, buttons."""
    return {
        "form": form,
        "has_inner_buttons": isinstance(form, FormInLanguages),
        "has_required": any(field.field.required for field in form.visible_fields()),
        "submit": submit,
        "cancel_url": cancel_url,
        "action": action,
        "danger": danger,
        "summary": summary,
        "hidden": hidden or {},
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }


@register.inclusion_tag("ui/components/post_button.html", takes_context=True)
def post_button(
    context: Context,
    url: str,
    text: Text,
    *,
    icon_name: str = "",
    kind: str = "secondary",
    about: Text = "",
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """This will make a button that changes something; `about` says of what, for those who do not see the row."""
    if kind not in ("primary", "secondary", "danger", "link"):
        raise template.TemplateSyntaxError(f"post_button knows no kind “{kind}”.")
    return {
        "url": url,
        "text": text,
        "icon_name": icon_name,
        "kind": kind,
        "about": about,
        "name": name,
        "value": value,
        "csrf_token": context.get("csrf_token"),
    }


# --- lists ----------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """This will give this page's address with some query parameters changed; None removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], *, parameter: str = "page") -> dict[str, Any]:
    """This will link the neighbouring pages of a list."""
    numbers: Sequence[int | str] = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return {
        "page": page,
        "numbers": [(number, with_query(context, **{parameter: number})) for number in numbers],
        "previous": with_query(context, **{parameter: page.number - 1}),
        "next": with_query(context, **{parameter: page.number + 1}),
        "ellipsis": page.paginator.ELLIPSIS,
    }


# --- mistakes -------------------------------------------------------------------------------------------------------


def _telling(name: str, compile_tag: Callable[[Parser, Token], Node]) -> Callable[[Parser, Token], Node]:
    """This will have a mistake in the use of a component say what the component takes."""
    takes = accepted(getattr(tags, name, None) or globals()[name])

    def compile_and_tell(parser: Parser, token: Token) -> Node:
        try:
            return compile_tag(parser, token)
        except template.TemplateSyntaxError as error:
            if not str(error).startswith(f"'{name}' "):  # the mistake of something inside the block
                raise
            raise template.TemplateSyntaxError(f"{error}. “{name}” takes: {takes}.") from error

    return compile_and_tell


register.tags.update(tags.register.tags)
for _name, _compile in list(register.tags.items()):
    register.tags[_name] = _telling(_name, _compile)
