"""From the core's report to what a reader sees, in the reader's language."""

from openmcx.verification.mapping.requests import NO_DOCUMENT, NO_FILE, as_data_uri, as_json, too_large, unwrapped
from openmcx.verification.mapping.shown import ShownCheck, ShownReport, shown

__all__ = [
    "NO_DOCUMENT",
    "NO_FILE",
    "ShownCheck",
    "ShownReport",
    "as_data_uri",
    "as_json",
    "shown",
    "too_large",
    "unwrapped",
]
