"""Institutions as the credential core names them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils import translation

from openmcx.credentials.keys.did_web import did_document as write_did_document
from openmcx.credentials.keys.multikey import decode_public_key
from openmcx.credentials.model import Identifier, LangText, Organisation, QualityAssurance
from openmcx.institutions.models import AccreditationStatus, Institution, SigningKey
from openmcx.ui import colour, tokens

_KINDS = {AccreditationStatus.CURRICULUM: "programme"}


def organisation(institution: Institution) -> Organisation:
    """This will describe an institution as issuer or awarding body, under its DID."""
    return Organisation(
        id=institution.did,
        name=institution.name,
        country=institution.country,
        region=institution.region,
        address=institution.address,
        url=institution.website,
        email=institution.email,
        identifiers=tuple(
            Identifier(scheme=scheme, value=value) for scheme, value in sorted(institution.identifiers.items()) if value
        ),
        quality_assurance=_quality_assurance(institution),
    )


def _quality_assurance(institution: Institution) -> tuple[QualityAssurance, ...]:
    status = AccreditationStatus(institution.accreditation_status)
    if status == AccreditationStatus.NOT_STATED:
        return ()
    title = LangText(institution.accreditation_note)
    if not title:
        titles = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                titles[code] = str(status.label)
        title = LangText(titles)
    return (
        QualityAssurance(
            title=title,
            kind=_KINDS.get(status, status.value),
            agency=LangText(institution.accrediting_body),
            evidence_url=institution.accreditation_evidence,
            valid_from=institution.accredited_from,
            valid_until=institution.accredited_until,
        ),
    )


def did_document(institution: Institution, keys: list[SigningKey]) -> dict[str, object]:
    """This will write the DID document: every key there ever was, with the time at which it was retired or revoked."""
    oldest_first = sorted(keys, key=lambda key: (key.created_at, key.fragment))
    return write_did_document(
        institution.did,
        keys=[(key.fragment, decode_public_key(key.public_multibase)) for key in oldest_first],
        expired={key.fragment: key.retired_at for key in keys if key.retired_at},
        revoked={key.fragment: key.revoked_at for key in keys if key.revoked_at},
    )


@dataclass(frozen=True, slots=True)
class Look:
    """A colour of an institution as pages use it: the name of a class, and the stylesheet that gives it its colours."""

    name: str
    digest: str
    stylesheet: str


@lru_cache(maxsize=1024)
def look(accent: str) -> Look | None:
    """This will make the stylesheet of a colour: as it is in the light theme, and its nearest in the dark one."""
    if not accent:
        return None
    light, dark = accent, colour.nearest(accent, tokens.grounds("dark"))
    values = {
        "accent": (light, dark),
        "accent-hover": (colour.mixed(colour.BLACK, light, 0.22), colour.mixed(colour.WHITE, dark, 0.3)),
        "on-accent": (colour.on(light), colour.on(dark)),
        "accent-soft": (
            colour.mixed(light, tokens.colours()["surface-raised"][0], 0.1),
            colour.mixed(dark, tokens.colours()["surface-raised"][1], 0.14),
        ),
        "tile-1": (light, dark),
        "tile-2": (colour.mixed(light, colour.WHITE, 0.7), colour.mixed(dark, colour.BLACK, 0.7)),
        "tile-3": (colour.mixed(light, colour.WHITE, 0.35), colour.mixed(dark, colour.BLACK, 0.45)),
        "tile-4": (colour.mixed(light, colour.WHITE, 0.16), colour.mixed(dark, colour.BLACK, 0.28)),
    }
    lines = "".join(f"--mcx-{name}:light-dark({one},{other});" for name, (one, other) in values.items())
    digest = hashlib.sha256(lines.encode()).hexdigest()[:16]
    return Look(f"look-{digest}", digest, f".look-{digest}{{{lines}}}\n")
