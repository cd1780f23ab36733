"""What is done with lists, credentials and messages. Each write leaves one audit row in its transaction."""

from openmcx.issuing.operations.audit_actions import Audit
from openmcx.issuing.operations.chunks import issue_chunk
from openmcx.issuing.operations.credentials import claim, note_export, release_claim, replace_link, revoke, send_again
from openmcx.issuing.operations.erasure import forget_learner
from openmcx.issuing.operations.lists import (
    ListUnreadable,
    choose_columns,
    confirm,
    discard,
    drop_row,
    mend_cells,
    replace_file,
    retry_failed,
    rows_to_issue,
    upload,
)
from openmcx.issuing.operations.notices import send_due
from openmcx.issuing.operations.status_lists import exported, publish, publish_all, publish_due
from openmcx.issuing.operations.telling import tell_of_claim

__all__ = [
    "Audit",
    "ListUnreadable",
    "choose_columns",
    "claim",
    "confirm",
    "discard",
    "drop_row",
    "exported",
    "forget_learner",
    "issue_chunk",
    "mend_cells",
    "note_export",
    "publish",
    "publish_all",
    "publish_due",
    "release_claim",
    "replace_file",
    "replace_link",
    "retry_failed",
    "revoke",
    "rows_to_issue",
    "send_again",
    "send_due",
    "tell_of_claim",
    "upload",
]
