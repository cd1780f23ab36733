"""Forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms

from openmcx.ui.gallery import Component, Example, Group, tag
from openmcx.ui.templatetags import ui


class Sample(forms.Form):
    """A short form."""

    name = forms.CharField(label="Legal name", max_length=200)
    email = forms.EmailField(label="E-mail", help_text="For questions about credentials.")


class Upload(forms.Form):
    file = forms.FileField(label="Class list", help_text="CSV, XLSX or ODS, at most 20 MB.")


def bound(
    kind: type[forms.Form], example: str, data: Mapping[str, object] | None = None
) -> Callable[[], dict[str, object]]:
    """This will make a form for one example, with ids of its own so that several stand on one page."""
    return lambda: {"form": kind(data, auto_id=f"{example}-%s")}


COMPONENTS: tuple[Component, ...] = (
    tag(
        ui.form,
        group=Group.FORM,
        docs={
            "form": "a Django form",
            "submit": "what the button says",
            "cancel_url": "where “Cancel” leads",
            "action": "where the form is sent; here, unless given",
            "danger": "whether the button is for something that cannot be undone",
            "summary": "whether the error summary stands above the form",
            "hidden": "further hidden values by name",
        },
        examples=(
            Example(
                name="empty", source='{% form form submit="Save" cancel_url="#c" %}', context=bound(Sample, "empty")
            ),
            Example(
                name="refused",
                source='{% form form submit="Save" %}',
                context=bound(Sample, "refused", {"name": "", "email": "nobody"}),
            ),
            Example(
                name="dangerous",
                source='{% form form submit="Revoke the key" danger=True %}',
                context=bound(Sample, "dangerous"),
            ),
        ),
        templates=("form.html",),
    ),
    tag(
        ui.error_summary,
        group=Group.FORM,
        docs={"form": "a form that was refused", "other_forms": "further forms of the page"},
        examples=(
            Example(
                name="two-errors",
                source="{% error_summary form %}{{ form.as_div }}",
                context=bound(Sample, "two-errors", {"name": "", "email": "nobody"}),
            ),
        ),
        templates=("error_summary.html",),
    ),
    tag(
        ui.file_drop,
        group=Group.FORM,
        docs={
            "field": "a bound form field, or a name",
            "label": "the label, needed when `field` is a name",
            "hint": "what may be chosen",
            "accept": "the kinds of file that the browser offers",
        },
        examples=(
            Example(
                name="empty",
                source='{% file_drop form.file accept=".csv,.xlsx,.ods" %}',
                context=bound(Upload, "upload"),
            ),
            Example(
                name="refused",
                source="{% file_drop form.file %}",
                context=bound(Upload, "refused", {}),
            ),
            Example(
                name="on-its-way",
                source='<div class="file-drop"><p class="upload-progress progress-bar-line">'
                '<progress max="100" value="40" aria-label="Uploading"></progress>'
                '<span role="status">Uploading: 40 %</span></p></div>',
                note="The script of `ui/ui.js` puts this below the zone while a file of more than 1 MB is sent.",
            ),
        ),
        templates=("file_drop.html",),
    ),
    tag(
        ui.post_button,
        group=Group.FORM,
        docs={
            "url": "where it is sent",
            "text": "what the button says",
            "icon_name": "a Lucide icon",
            "kind": "primary, secondary, danger or link",
            "about": "of what, for those who do not see the row",
            "name": "the name of a value that goes with it",
            "value": "that value",
        },
        examples=tuple(
            Example(
                name=kind,
                source=f'{{% post_button "" "Withdraw" kind="{kind}" about="invitation of Otto" %}}',
            )
            for kind in ("primary", "secondary", "danger", "link")
        ),
        templates=("post_button.html",),
    ),
)
