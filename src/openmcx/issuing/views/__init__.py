"""Pages of issuing."""

from openmcx.issuing.views.chosen import export_chosen, send_chosen_again
from openmcx.issuing.views.credentials import (
    credential,
    credentials,
    document,
    document_pdf,
    erase_learner,
    release_claim,
    revoke,
    send_again,
)
from openmcx.issuing.views.learner import claim, private, private_document, private_pdf, private_picture
from openmcx.issuing.views.lists import (
    batch,
    batches,
    check,
    columns,
    discard,
    faults,
    new,
    preview,
    replace,
    retry,
    template,
)
from openmcx.issuing.views.navigation import navigation
from openmcx.issuing.views.status import status_list
from openmcx.issuing.views.waiting import waiting

__all__ = [
    "batch",
    "batches",
    "check",
    "claim",
    "columns",
    "credential",
    "credentials",
    "discard",
    "document",
    "document_pdf",
    "erase_learner",
    "export_chosen",
    "faults",
    "navigation",
    "new",
    "preview",
    "private",
    "private_document",
    "private_pdf",
    "private_picture",
    "release_claim",
    "replace",
    "retry",
    "revoke",
    "send_again",
    "send_chosen_again",
    "status_list",
    "template",
    "waiting",
]
