"""Forms of the portal."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from openmcx.portal.models import LEGAL_TEXT_CHARACTERS


class CheckForm(forms.Form):
    """A file that holds a credential, for the page that checks credentials: its field has the same name there."""

    file = forms.FileField(
        label=_("The file of the credential"),
        help_text=_(
            "A JSON, PDF or picture file of at most 1 MB, as the learner received it. Drop it here or choose it."
        ),
    )


class LegalTextForm(forms.Form):
    """A legal text in one language, in Markdown."""

    body = forms.CharField(
        label=_("Wording"),
        required=False,
        max_length=LEGAL_TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_(
            "An empty line begins a paragraph. “# ” begins a heading, “## ” one below it, “- ” or “1. ” an item of a "
            "list. **Two asterisks** make text strong; a link is written [text](https://address)."
        ),
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
