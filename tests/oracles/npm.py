"""Runs the scripts beside this file on the npm packages installed under `.oracles/npm`."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from openmcx.credentials.jsonld import contexts

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / ".oracles" / "npm"
CONTEXTS = {
    url: str((Path(contexts.__file__).parent / "contexts" / bundled.path).resolve())
    for url, bundled in contexts.BUNDLED.items()
}


def missing() -> str | None:
    """This will say what is missing for the npm oracles, or None."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (FOLDER / "node_modules" / "@digitalbazaar" / "vc").is_dir():
        return f"the npm packages are not installed in {FOLDER} (python -m tests.oracles.setup)"
    return None


def run(script: Path, question: dict[str, Any], *, seconds: int = 120) -> dict[str, Any]:
    """This will run one script with a JSON question and give its JSON answer."""
    # Node looks for packages from where a script lies, so the scripts lie beside the packages while they run.
    for source in {HERE / "common.mjs", script}:
        target = FOLDER / source.name
        if not target.exists() or target.read_bytes() != source.read_bytes():
            shutil.copyfile(source, target)
    finished = subprocess.run(  # our own script
        ["node", str(FOLDER / script.name)],  # the node of the machine
        input=json.dumps({"contexts": CONTEXTS, **question}).encode(),
        capture_output=True,
        timeout=seconds,
        check=False,
    )
    if finished.returncode:
        raise RuntimeError(f"{script.name}: {finished.stderr.decode()[-2000:]}")
    answer: dict[str, Any] = json.loads(finished.stdout)
    return answer
