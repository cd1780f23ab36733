"""Test data whose licence forbids shipping them: read from a folder beside the repository, if it is there.

OPENMCX_SHARED names the folder; without it, `../shared/data` is looked at.
"""

import os
from pathlib import Path

_named = os.environ.get("OPENMCX_SHARED")
_folder = Path(_named) if _named else Path(__file__).resolve().parents[2] / "shared"
_data = _folder / "data" if (_folder / "data").is_dir() else _folder

ROOT: Path | None = _data if _data.is_dir() else None
