"""A document somebody brings ⇄ a draft: what it is, what is taken from it and what is not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from openmcx.catalogue.mapping.content import name_language
from openmcx.credentials.errors import CredentialError
from openmcx.credentials.findings import Finding
from openmcx.credentials.formats import elm, specification
from openmcx.credentials.jsonld import DEFAULT, load
from openmcx.credentials.model import Achievement
from openmcx.kernel.errors import Refusal
from openmcx.ui.sentences import sentence


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Something that the document says and the draft will not. `where` is a JSON pointer."""

    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Imported:
    achievement: Achievement
    kind: str  # "elm" | "openmcx"
    not_taken: tuple[NotTaken, ...]
    awarding_body: str  # as the document names it


def read(document: bytes, *, language: str) -> Imported:
    """This will read ELM JSON-LD or our specification JSON; texts without a language get `language`.

    Raises: Refusal "unreadable", "faulty-specification", "no-specification".
    """
    try:
        data = load(document, limits=DEFAULT)
    except CredentialError as fault:
        raise Refusal("unreadable", _("The document cannot be read: %(fault)s"), fault=sentence(fault)) from fault
    is_ours = str(data.get("format", "")).startswith("openmcx-specification/")
    findings: list[Finding] = []
    try:
        if is_ours:
            achievement = specification.read(data)
        else:
            achievement, findings = elm.read_specification(data)
    except specification.SpecificationError as fault:
        faults = "; ".join(f"{finding.pointer or '/'}: {sentence(finding)}" for finding in fault.findings[:8])
        raise Refusal(
            "faulty-specification", _("The document is not a specification we can take over. %(faults)s"), faults=faults
        ) from fault
    except CredentialError as fault:
        raise Refusal(
            "no-specification",
            _("No micro-credential was found in the document: %(fault)s"),
            fault=sentence(fault),
        ) from fault
    return Imported(
        achievement=name_language(achievement, language),
        kind="openmcx" if is_ours else "elm",
        not_taken=tuple(NotTaken(finding.pointer, sentence(finding)) for finding in findings),
        awarding_body=achievement.awarding_body.name.best(),
    )
