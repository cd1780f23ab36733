"""A specification as a file: our specification JSON, or ELM JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from openmcx.catalogue.mapping.content import from_content
from openmcx.credentials.formats import elm

FORMS = {"openmcx": ("application/json", "json"), "elm": ("application/ld+json", "jsonld")}


@dataclass(frozen=True, slots=True)
class Exported:
    body: bytes
    media_type: str
    name: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Disposition": f'attachment; filename="{self.name}"'}


def export(content: Mapping[str, Any], form: str, name: str) -> Exported | None:
    """This will write stored content in one of the forms; None if there is no such form. `name` has no extension."""
    if form not in FORMS:
        return None
    media_type, extension = FORMS[form]
    document = content if form == "openmcx" else elm.write_specification(from_content(content))
    return Exported(orjson.dumps(document, option=orjson.OPT_INDENT_2), media_type, f"{name}.{extension}")
