"""What the audit trail calls these deeds."""

from enum import StrEnum


class Audit(StrEnum):
    """The actions that this app records."""

    LIST_UPLOADED = "issuing.list.uploaded"
    LIST_MAPPED = "issuing.list.mapped"
    LIST_MENDED = "issuing.list.mended"
    LIST_REPLACED = "issuing.list.replaced"
    LIST_DISCARDED = "issuing.list.discarded"
    LIST_CONFIRMED = "issuing.list.confirmed"
    LIST_RETRIED = "issuing.list.retried"
    CHUNK_ISSUED = "issuing.chunk.issued"
    REVOKED = "issuing.credential.revoked"
    STATUS_LIST_CREATED = "issuing.status-list.created"
    STATUS_LIST_SIGNED = "issuing.status-list.signed"
    NOTICE_REQUESTED = "issuing.notice.requested"
    NOTICES_SENT = "issuing.notices.sent"
    LINK_REPLACED = "issuing.link.replaced"
    LEARNER_FORGOTTEN = "issuing.learner.forgotten"
    EXPORTED = "issuing.credentials.exported"
