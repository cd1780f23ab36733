"""Components for procedures, credentials and reports; `templatetags.ui` takes them into its library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms, template
from django.core.exceptions import ImproperlyConfigured
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from openmcx.ui.components import STATE_ICONS, Check, Mark, Moment, State, Step, SummaryRow, Text
from openmcx.ui.icons import drawn

register = template.Library()

# The motif: tiles that become a picture. Rows of a grid; a figure names the colour of a tile, 0 leaves it out.
_MOSAICS = {
    "hero": (
        "0000040340302",
        "0040300432021",
        "0400034020312",
        "0004302403215",
        "0403020431021",
        "0000402030211",
    ),
    "corner": ("00403", "04032", "40021", "00051"),
    "empty": ("4030000000304", "0421000001203", "4340000000432"),
}
_TILE, _GAP = 10, 2


# --- the motif --------------------------------------------------------------------------------------------------------


@register.simple_tag
def mosaic(kind: str = "empty") -> SafeString:
    """This will draw the motif of tiles, as decoration: for the head of the start page, empty states, credentials."""
    if kind not in _MOSAICS:
        raise template.TemplateSyntaxError(f"There is no mosaic “{kind}”. There are: {', '.join(_MOSAICS)}.")
    rows, step = _MOSAICS[kind], _TILE + _GAP
    tiles = "".join(
        f'<rect class="tile-{tile}" x="{x * step}" y="{y * step}" width="{_TILE}" height="{_TILE}"'
        f' rx="{_TILE // 2 if tile == "5" else 2}"/>'
        for y, row in enumerate(rows)
        for x, tile in enumerate(row)
        if tile != "0"
    )
    width, height = len(rows[0]) * step - _GAP, len(rows) * step - _GAP
    return mark_safe(  # noqa: S308  (made of numbers alone)
        f'<svg class="mosaic mosaic-{kind}" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' aria-hidden="true" focusable="false">{tiles}</svg>'
    )


# --- procedures -------------------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/components/stepper.html")
def stepper(steps: Iterable[Step], label: Text) -> dict[str, Any]:
    """This will show the steps of a procedure, which are done, and which is the current one."""
    return {"steps": list(steps), "label": label}


@register.inclusion_tag("ui/components/timeline.html")
def timeline(moments: Iterable[Moment]) -> dict[str, Any]:
    """This will list what happened and when, in the order given."""
    return {"moments": [(moment, STATE_ICONS[moment.state], hasattr(moment.at, "hour")) for moment in moments]}


@register.simple_block_tag(takes_context=True, end_name="endconfirmation")
def confirmation(
    context: Context,
    content: str,
    submit: Text,
    *,
    consequences: Sequence[Text] = (),
    title: Text = "",
    form: forms.BaseForm | None = None,
    cancel_url: str = "",
    danger: bool = False,
    hidden: Mapping[str, str] | None = None,
) -> SafeString:
    """This will say what will happen before it happens, and ask once; between the tags stands what the list leaves out.

    The button says the deed itself, never “OK”. With `danger` the button is for what cannot be undone.
    """
    return render_to_string(
        "ui/components/confirmation.html",
        {
            "content": content if content.strip() else "",
            "submit": submit,
            "consequences": list(consequences),
            "title": title,
            "form": form,
            "cancel_url": cancel_url,
            "danger": danger,
            "hidden": hidden or {},
            "csrf_token": context.get("csrf_token"),
        },
    )


@register.simple_block_tag(end_name="endlong_job")
def long_job(
    content: str,
    done: int,
    total: int,
    label: Text,
    *,
    state: str,
    state_text: Text,
    running: bool = True,
    poll: bool = False,
    headers: str = "",
    id: str = "progress",  # noqa: A002  (the attribute's name)
) -> SafeString:
    """This will show how far a long job is, which goes on when the reader leaves; between the tags stand its counts.

    With `poll` the page asks for itself again every two seconds where there is htmx; without it the reader loads it.
    """
    return render_to_string(
        "ui/components/long_job.html",
        {
            "content": content if content.strip() else "",
            "done": done,
            "total": total,
            "label": label,
            "state": State(state).value,
            "state_text": state_text,
            "running": running,
            "poll": poll,
            "headers": headers,
            "id": id,
        },
    )


# --- credentials ------------------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/components/institution_mark.html")
def institution_mark(mark: Mark | None, *, size: int = 48) -> dict[str, Any]:
    """This will show an institution's logo, and nothing where it has none."""
    if size not in (32, 48, 96):
        raise template.TemplateSyntaxError("institution_mark has the sizes 32, 48 and 96.")
    return {"mark": mark, "size": size}


@register.inclusion_tag("ui/components/look_link.html")
def look_link(mark: Mark | None) -> dict[str, Any]:
    """This will link the stylesheet with an institution's colour, in the block `head`."""
    return {"mark": mark}


@register.simple_block_tag(end_name="endcredential_card")
def credential_card(
    content: str,
    title: object,
    issuer: object,
    *,
    description: object = "",
    rows: Iterable[SummaryRow] = (),
    mark: Mark | None = None,
    level: int = 2,
) -> SafeString:
    """This will show a credential as something one can hold; title, issuer and description are language maps.

    Between the tags stands what else it says, for instance the learning outcomes.
    """
    if level not in (2, 3):
        raise template.TemplateSyntaxError("credential_card has the levels 2 and 3.")
    return render_to_string(
        "ui/components/credential_card.html",
        {
            "content": content if content.strip() else "",
            "title": title,
            "issuer": issuer,
            "description": description,
            "rows": list(rows),
            "mark": mark,
            "level": level,
            "heading_tag": f"h{level}",
        },
    )


@register.simple_tag
def verdict(state: str, word: Text, sentence: Text) -> SafeString:
    """This will say a verdict so that one can read it across a desk: an icon, one word, one sentence."""
    kind = State(state)
    return format_html(
        '<div class="verdict verdict-{}" role="status">{}<div><p class="verdict-word">{}</p><p>{}</p></div></div>',
        kind.value,
        drawn(STATE_ICONS[kind], 36),
        word,
        sentence,
    )


@register.inclusion_tag("ui/components/check_list.html")
def check_list(checks: Iterable[Check]) -> dict[str, Any]:
    """This will list what was checked, how each check came out, and the evidence."""
    return {"checks": list(checks)}


@register.inclusion_tag("ui/components/verification_report.html")
def verification_report(report: object, *, mark: Mark | None = None) -> dict[str, Any]:
    """This will show a whole report on a credential: the verdict, who issued it, what it says, what was checked.

    `mark` is shown only where the issuer was established: a look that anybody can claim proves nothing.
    """
    established = getattr(report, "issuer_established", None)
    if established is None:
        raise ImproperlyConfigured("verification_report needs a report that says whether its issuer is established.")
    return {"report": report, "mark": mark if established else None}


@register.inclusion_tag("ui/components/difference_view.html")
def difference_view(changes: Iterable[object]) -> dict[str, Any]:
    """This will list changes one by one: where, of what nature, and the text with what came and went."""
    return {"changes": list(changes)}


# --- lists ------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/components/filter_bar.html", takes_context=True)
def filter_bar(context: Context, form: forms.BaseForm, label: Text, *, submit: Text = "") -> dict[str, Any]:
    """This will search and narrow a list by a form that is sent with GET; a narrowed list offers the way back."""
    request = context.get("request")
    given = request.GET if request is not None else QueryDict()
    return {
        "form": form,
        "label": label,
        "submit": submit,
        "is_narrowed": any(given.get(bound.html_name) for bound in form),
        "kept": [(name, value) for name in ("sort", "columns") for value in _every(given, name)],
        "path": getattr(request, "path", ""),
    }


def _every(given: QueryDict, name: str) -> list[str]:
    return [value for value in given.getlist(name) if value]


@register.simple_tag
def row_id(table: Any, record: Any) -> str:
    """This will name a row of a table for the actions that are done with several rows."""
    return str(table.row_id(record))
