"""What is done with specifications: begin, edit, publish, withdraw. Each writes one audit row in its transaction."""

from openmcx.catalogue.operations.drafts import (
    Saved,
    add_language,
    add_partner,
    create,
    delete_draft,
    discard_changes,
    remove_language,
    remove_partner,
    save_elements,
)
from openmcx.catalogue.operations.publishing import list_again, publish, version_address, withdraw
from openmcx.catalogue.operations.shared import Audit, Conflict

__all__ = [
    "Audit",
    "Conflict",
    "Saved",
    "add_language",
    "add_partner",
    "create",
    "delete_draft",
    "discard_changes",
    "list_again",
    "publish",
    "remove_language",
    "remove_partner",
    "save_elements",
    "version_address",
    "withdraw",
]
