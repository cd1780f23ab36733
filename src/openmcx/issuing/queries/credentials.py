"""Questions about issued credentials, and about what a learner opens with a private link."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from openmcx.accounts.models import Person
from openmcx.accounts.slots import TokenUse
from openmcx.catalogue.models import SpecificationVersion
from openmcx.credentials.formats import open_badges
from openmcx.credentials.jsonld import load
from openmcx.credentials.model import Credential, LangText
from openmcx.institutions.models import Institution, LearnerRecord
from openmcx.institutions.queries import learner_email_index
from openmcx.issuing import mapping, rules
from openmcx.issuing.mapping import files
from openmcx.issuing.models import (
    CredentialLink,
    CredentialState,
    IssuedCredential,
    Notice,
    NoticeState,
)
from openmcx.issuing.queries.learners import learner_number_index, learners_called
from openmcx.kernel.actors import Actor
from openmcx.kernel.scopes import scopes_disabled

_PRIVATE_PATH = re.compile(r"/c/([A-Za-z0-9_-]{16,64})/(?:download/)?")

# --- credentials ----------------------------------------------------------------------------------------------------


def credentials(
    words: str = "",
    *,
    specification_id: UUID | None = None,
    institution: str = "",
    state: str = "",
    message: str = "",
    issued_from: dt.date | None = None,
    issued_until: dt.date | None = None,
    at: dt.datetime,
) -> QuerySet[IssuedCredential]:
    """This will list the credentials of the active scope, the newest first.

    `words` are words of the learner's name or their beginnings, an e-mail address, a learner number or the credential's
    own number. `institution` is a short name; `message` the state of the last message to the learner.
    """
    found: QuerySet[IssuedCredential] = IssuedCredential.objects.select_related(
        "version", "institution", "learner", "learner__subject_key"
    )
    text = words.strip()
    if text:
        found = found.filter(
            Q(number=text.upper())
            | Q(learner_number_index=learner_number_index(text))
            | Q(learner__email_index=learner_email_index(text))
            | Q(learner__in=learners_called(text))
        )
    if specification_id:
        found = found.filter(version__specification_id=specification_id)
    if institution:
        found = found.filter(institution__slug=institution)
    if message in NoticeState.values:
        held = Notice.objects.filter(credential=OuterRef("pk"), state=message)
        told: Any = with_last_message(found.filter(Exists(held), subject_key__erased_at__isnull=True))
        found = told.filter(message_state=message)  # annotated, which types do not know
    match state:
        case CredentialState.VALID:
            found = found.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), revoked_at__isnull=True)
        case CredentialState.EXPIRED:
            found = found.filter(valid_until__lte=at, revoked_at__isnull=True)
        case CredentialState.REVOKED:
            found = found.filter(revoked_at__isnull=False)
    if issued_from:
        found = found.filter(issued_at__gte=dt.datetime.combine(issued_from, dt.time.min, tzinfo=dt.UTC))
    if issued_until:
        found = found.filter(
            issued_at__lt=dt.datetime.combine(issued_until + dt.timedelta(days=1), dt.time.min, tzinfo=dt.UTC)
        )
    return found


def with_last_message(credentials: QuerySet[IssuedCredential]) -> QuerySet[IssuedCredential]:
    """This will say of each credential how its last message to the learner stands, as `message_state`."""
    last = Notice.objects.filter(credential=OuterRef("pk")).order_by("-created_at", "-id").values("state")[:1]
    return credentials.annotate(message_state=Subquery(last))


def issued_specifications() -> list[tuple[UUID, LangText]]:
    """This will list the micro-credentials of which the active scope has issued credentials."""
    version_ids = IssuedCredential.objects.order_by().values("version_id").distinct()
    found: dict[UUID, LangText] = {}
    for version in SpecificationVersion.objects.filter(pk__in=version_ids).order_by("slug", "-number"):
        found.setdefault(version.specification_id, version.title)
    return list(found.items())


def credential(credential_id: UUID) -> IssuedCredential:
    """This will give one credential of the active scope.

    Raises: IssuedCredential.DoesNotExist.
    """
    row: IssuedCredential = IssuedCredential.objects.select_related(
        "version", "institution", "learner", "learner__subject_key", "subject_key", "award", "row"
    ).get(pk=credential_id)
    return row


def document(credential: IssuedCredential) -> bytes | None:
    """This will give the signed document, byte for byte; None when the learner's data were erased."""
    body: bytes | None = credential.document
    return body


def content(credential: IssuedCredential) -> Credential | None:
    """This will read the signed document into the core's model; None when the learner's data were erased."""
    body = document(credential)
    return open_badges.read(load(body)) if body is not None else None


def state(credential: IssuedCredential, *, at: dt.datetime) -> CredentialState:
    """This will tell the state of a credential as pages show it."""
    return CredentialState.ERASED if credential.document is None else credential.state_at(at)


def download_name(credential: IssuedCredential, suffix: str = "json") -> str:
    """This will name the file that a learner downloads."""
    return mapping.file_name(credential.version.title.best(), credential.number, suffix)


def printed(credential: IssuedCredential) -> bytes | None:
    """This will print a credential for people, the signed document within; None when the learner's data were erased.

    Raises: FormatError when it cannot be laid out.
    """
    body, read = document(credential), content(credential)
    if body is None or read is None:
        return None
    try:
        page = reverse("verification:start")
    except NoReverseMatch:  # a node that leaves checking to others
        page = "/"
    check_at = settings.OPENMCX_BASE_URL.rstrip("/") + page
    return files.printed(read, body, created=credential.issued_at, check_at=check_at)


def picture(credential: IssuedCredential) -> bytes | None:
    """This will draw a credential with the signed document within; None when the learner's data were erased.

    Raises: FormatError when it cannot be drawn.
    """
    body, read = document(credential), content(credential)
    return files.picture(read, body) if body is not None and read is not None else None


# --- what a learner opens -------------------------------------------------------------------------------------------


def link_digest(token: str) -> bytes:
    """This will give what a private link is found by. The token has 128 random bits: one round of a hash will do."""
    return hashlib.sha256(token.encode()).digest()


def credential_for_token(token: str) -> IssuedCredential | None:
    """This will find the credential that a private link opens; None for an unknown or withdrawn link."""
    if not 16 <= len(token) <= 64:
        return None
    digest = link_digest(token)
    with scopes_disabled():
        link = CredentialLink.objects.filter(digest=digest, withdrawn_at__isnull=True).first()
        if link is None or not hmac.compare_digest(bytes(link.digest), digest):
            return None
        return credential(link.credential_id)


def private_url(credential: IssuedCredential) -> str:
    """This will give the full address of a learner's private page; "" when it was withdrawn or the learner erased."""
    with scopes_disabled():
        link = (
            CredentialLink.objects.filter(credential=credential, withdrawn_at__isnull=True)
            .select_related("subject_key")
            .first()
        )
    if link is None or link.token is None:
        return ""
    return settings.OPENMCX_BASE_URL.rstrip("/") + reverse("issuing:private", kwargs={"token": link.token})


def local_private_document(url: str) -> bytes | None:
    """This will answer the kernel: the document at a private link of this node, whose holder may hand in the link.

    It is read here rather than asked for over the network: no log sees the link.
    """
    base, asked = urlsplit(settings.OPENMCX_BASE_URL), urlsplit(url)
    if asked.netloc.lower() != base.netloc.lower():
        return None
    prefix = base.path.rstrip("/")
    found = _PRIVATE_PATH.fullmatch(asked.path.removeprefix(prefix)) if asked.path.startswith(prefix) else None
    held = credential_for_token(found[1]) if found else None
    return document(held) if held else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCredential:
    """A credential as the person who holds it sees it in their list."""

    id: UUID
    number: str
    title: LangText
    institution: Institution
    awarded_on: dt.date
    issued_at: dt.datetime
    valid_until: dt.datetime | None
    state: CredentialState
    url: str


def credentials_of(person_id: UUID, *, at: dt.datetime) -> list[HeldCredential]:
    """This will list what a person holds, from every institution whose record of them they have claimed."""
    with scopes_disabled():
        held = list(
            IssuedCredential.objects.filter(learner__person_id=person_id)
            .select_related("version", "institution", "subject_key")
            .order_by("-issued_at", "-id")
        )
        links = {
            link.credential_id: link.token
            for link in CredentialLink.objects.filter(
                credential__in=[credential.pk for credential in held], withdrawn_at__isnull=True
            ).select_related("subject_key")
        }
    return [
        HeldCredential(
            id=credential.pk,
            number=credential.number,
            title=credential.version.title,
            institution=credential.institution,
            awarded_on=credential.awarded_on,
            issued_at=credential.issued_at,
            valid_until=credential.valid_until,
            state=state(credential, at=at),
            url=reverse("issuing:private", kwargs={"token": token}) if (token := links.get(credential.pk)) else "",
        )
        for credential in held
    ]


def reader_language(person_id: UUID | None, learner: LearnerRecord) -> str:
    """This will tell in which language a learner is written to: their account's, or what the list said."""
    if person_id is not None:
        person = Person.objects.filter(pk=person_id).only("language").first()
        if person is not None:
            return person.language
    return learner.language


def due_notices(*, at: dt.datetime, limit: int) -> list[tuple[UUID, dt.datetime]]:
    """This will list messages that wait and are not being sent by somebody else, with the lease that was seen."""
    with scopes_disabled():
        found = Notice.objects.filter(state=NoticeState.WAITING, due_at__lte=at).order_by("due_at")
        return list(found.values_list("pk", "due_at")[:limit])


def token_uses(actor: Actor) -> list[TokenUse]:
    """This will say what a program could do with class lists and credentials for this person."""
    if not rules.may_issue_anywhere(actor):
        return []
    return [
        TokenUse("read", _("Read class lists and credentials.")),
        TokenUse("issue", _("Upload class lists, issue and revoke credentials.")),
    ]
