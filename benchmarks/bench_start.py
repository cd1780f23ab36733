"""How long a process needs until it can verify: the import, the first verification, and the least of commands.

All but the first verification are whole processes, with compiled modules at hand as after an installation, beside
``python -c pass``, which is what Python alone takes.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bench_open_badges import sample_badge, sample_signer
from benchmarks.measure import Row, of_process
from openmcx.credentials.proofs import data_integrity

BARE = "python -c pass"
IMPORT_SECONDS = 0.25
FIRST_SECONDS = 0.02
_VERSION = "from openmcx.cli import main; main(['--version'])"
_FIRST = """
import datetime, pathlib, sys, time
from openmcx.credentials import verify
data = pathlib.Path(sys.argv[1]).read_bytes()
before = time.process_time()
verify(data, at=datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC))
print(time.process_time() - before)
"""


def rows() -> list[Row]:
    """This will measure starts of processes, and the first verification within one."""
    signed = data_integrity.sign(sample_badge(), signer=sample_signer(), created=datetime(2026, 7, 1, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as folder:
        # Compiled modules go into a folder of our own, as somebody may have forbidden Python to write them.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = folder
        file = Path(folder) / "badge.json"
        file.write_text(json.dumps(signed), "utf-8")
        bare, imported, version = (
            of_process([sys.executable, "-c", code], environment=environment)
            for code in ("pass", "import openmcx.credentials", _VERSION)
        )
        first = min(
            float(
                subprocess.run(
                    [sys.executable, "-c", _FIRST, str(file)],
                    env=environment,
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
            )
            for _ in range(9)
        )
    return [
        Row("import openmcx.credentials", imported, BARE, bare, most_seconds=IMPORT_SECONDS),
        Row("mcx --version", version, BARE, bare, most_seconds=IMPORT_SECONDS),
        Row("the first verification in a process", first, BARE, bare, most_seconds=FIRST_SECONDS),
    ]
