"""Questions about status lists, and the answers to other apps' questions."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from openmcx.catalogue.slots import VersionUse
from openmcx.institutions.slots import KeyUse
from openmcx.issuing.models import (
    BatchRow,
    IssuedCredential,
    StatusList,
)
from openmcx.issuing.queries.learners import slices
from openmcx.kernel.scopes import scopes_disabled
from openmcx.kernel.slots import PersonalData

# --- status lists ---------------------------------------------------------------------------------------------------


def status_list_url(list_id: UUID) -> str:
    """This will give the public address of a status list."""
    return settings.OPENMCX_BASE_URL.rstrip("/") + reverse("issuing:status-list", kwargs={"list_id": list_id})


def status_list(list_id: UUID) -> StatusList | None:
    """This will give a published status list."""
    return StatusList.objects.filter(pk=list_id, signed_at__isnull=False).first()


def revoked_indices(list_id: UUID) -> list[int]:
    """This will list the bits that are set."""
    with scopes_disabled():
        found = IssuedCredential.objects.filter(status_list_id=list_id, revoked_at__isnull=False)
        return list(found.order_by().values_list("status_index", flat=True))


def taken_indices(list_id: UUID, indices: Sequence[int]) -> set[int]:
    """This will tell which of these bits belong to a credential or are reserved for one."""
    taken: set[int] = set()
    for part in slices(indices):
        with scopes_disabled():
            wanted = {"status_list_id": list_id, "status_index__in": part}
            reserved = BatchRow.objects.filter(**wanted).order_by().values_list("status_index", flat=True)
            used = IssuedCredential.objects.filter(**wanted).order_by().values_list("status_index", flat=True)
            taken.update(index for index in (*reserved, *used) if index is not None)
    return taken


# --- answers to other apps ------------------------------------------------------------------------------------------


def local_status_list(url: str) -> bytes | None:
    """This will answer the kernel: the status list at an address of this node, or None."""
    base, asked = urlsplit(settings.OPENMCX_BASE_URL), urlsplit(url)
    if asked.netloc.lower() != base.netloc.lower() or asked.query:
        return None
    prefix = base.path.rstrip("/") + "/status/"
    try:
        list_id = UUID(asked.path.removeprefix(prefix)) if asked.path.startswith(prefix) else None
    except ValueError:
        return None
    found = status_list(list_id) if list_id else None
    return bytes(found.document) if found else None


def key_uses(key_id: UUID) -> list[KeyUse]:
    """This will answer institutions: how many credentials were signed with a key."""
    with scopes_disabled():
        count = IssuedCredential.objects.filter(signing_key_id=key_id).count()
    return [KeyUse(gettext("credentials"), count)]


def version_uses(version_id: UUID) -> list[VersionUse]:
    """This will answer the catalogue: how many credentials were issued of a version."""
    with scopes_disabled():
        count = IssuedCredential.objects.filter(version_id=version_id).count()
    return [VersionUse(gettext("issued credentials"), count)]


def personal_data(person_id: UUID) -> list[PersonalData]:
    """This will answer the kernel: what is held here of a person."""
    with scopes_disabled():
        held = IssuedCredential.objects.filter(learner__person_id=person_id).select_related(
            "version", "institution", "subject_key"
        )
        return [
            PersonalData(
                source="issuing",
                label=str(credential.version.title),
                values=(
                    (gettext("Number"), credential.number),
                    (gettext("Issued by"), str(credential.institution)),
                    (gettext("Issued"), credential.issued_at.isoformat()),
                    (gettext("Document"), (credential.document or b"").decode()),
                ),
            )
            for credential in held
        ]
