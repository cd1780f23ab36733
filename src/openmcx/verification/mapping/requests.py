"""What programs send and get."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openmcx.credentials.errors import CredentialError
from openmcx.kernel.errors import Refusal

if TYPE_CHECKING:
    from openmcx.credentials.report import Report

NO_DOCUMENT = _("There is no credential in the request. Send it as the body, and say its length.")
NO_FILE = _("There is no file in the form. Send the credential as “file”.")
_WRAPPER = "credential"


def too_large() -> Promise:
    """This will say that the document is too large."""
    return _(
        "The file is larger than 1 MB, so it is not read. A credential is much smaller: hand in the credential itself, "
        "not a picture or an archive of it."
    )


def unwrapped(body: bytes) -> bytes | str | Mapping[str, Any]:
    """This will take the credential out of ``{"credential": …}``, and leave everything else as it is.

    A document with a key twice is not unwrapped, so that nothing hides behind the second one.
    Raises: Refusal when what is wrapped is neither an object nor a text.
    """
    from openmcx.credentials.jsonld import load  # noqa: PLC0415  (loads the JSON-LD engine)

    try:
        document = load(body)
    except CredentialError:
        return body
    if set(document) != {_WRAPPER}:
        return body
    inner = document[_WRAPPER]
    if isinstance(inner, str | Mapping):
        return inner
    raise Refusal("credential-malformed", _("“credential” must be the credential as an object, or its text."))


def as_json(report: Report) -> bytes:
    """This will write the report as the API and the command line give it."""
    return orjson.dumps(report.as_dict(), option=orjson.OPT_INDENT_2)


def as_data_uri(report: Report) -> str:
    """This will put the report into an address of its own, so that it can be downloaded and nothing need be kept."""
    return "data:application/json;base64," + base64.b64encode(as_json(report)).decode()
