"""The form of the public page, and reading an upload without writing it to disk."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from openmcx.verification import rules
from openmcx.verification.models import Channel


class TooLarge(Exception):
    """More was sent than is read."""


class InMemory(FileUploadHandler):
    """Keeps an upload in memory, so that nothing of it ever touches the disk, and stops at the limit."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """This will begin a file."""
        super().new_file(*args, **kwargs)
        self._body = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """This will keep the chunk, or stop the upload."""
        if start + len(raw_data) > rules.MAX_DOCUMENT_BYTES:
            self.request.too_large = True  # type: ignore[union-attr]  # the request is there: the form was bound to it
            raise StopUpload(connection_reset=False)
        self._body.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """This will hand over the whole file."""
        self._body.seek(0)
        return InMemoryUploadedFile(
            self._body, self.field_name, self.file_name or "", self.content_type, file_size, self.charset
        )


def prepare(request: HttpRequest) -> None:
    """This will make the request's form be read in memory and within the limit.

    Raises: TooLarge when what was announced is more; the rest of the body is then read and thrown away, as far as that
    is bearable, since a browser that is cut off while it sends shows its own error instead of ours.
    """
    request.upload_handlers = [InMemory(request)]
    if announced(request) > rules.MAX_DOCUMENT_BYTES + rules.FORM_OVERHEAD_BYTES:
        discard(request)
        raise TooLarge


def announced(request: HttpRequest) -> int:
    """This will return how many bytes the client says it sends."""
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def discard(request: HttpRequest) -> None:
    """This will read the body and keep nothing of it."""
    left = rules.MAX_DISCARDED_BYTES
    while left > 0 and (chunk := request.read(min(left, 65_536))):
        left -= len(chunk)


class DocumentForm(forms.Form):
    """One document, in one of three ways."""

    file = forms.FileField(
        label=_("The file of the credential"),
        help_text=_(
            "A JSON, PDF or picture file of at most 1 MB, as the learner received it. Drop it here or choose it."
        ),
        required=False,
        allow_empty_file=True,
    )
    text = forms.CharField(
        label=_("The text of the credential"),
        help_text=_("Open the file in an editor, copy everything and paste it here."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    link = forms.URLField(
        label=_("A link to the credential"),
        help_text=_("The address at which the credential itself lies, beginning with https://."),
        required=False,
        max_length=rules.MAX_LINK_CHARACTERS,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """This will make sure that exactly one way was used."""
        given = super().clean() or {}
        ways = [name for name in ("file", "text", "link") if given.get(name) not in (None, "")]
        if not ways and not self.errors:
            raise forms.ValidationError(
                _("Hand in a credential: choose a file, paste its text or give a link."), code="nothing-given"
            )
        if len(ways) > 1:
            raise forms.ValidationError(
                _("Use one of the three ways only, so that it is clear which credential is meant."),
                code="several-given",
            )
        given["channel"] = Channel(ways[0]) if ways else None
        return given
