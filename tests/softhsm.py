"""SoftHSM, which stands in for a hardware security module: where it is, and a token of one's own in it."""

import os
import shutil
import subprocess
from pathlib import Path

_PLACES = ("/usr/lib/softhsm", "/usr/lib64/softhsm", "/usr/local/lib/softhsm", "/opt/homebrew/lib/softhsm")
PIN = "pin-of-the-test-4711"


def library() -> str | None:
    """This will give the path of SoftHSM's PKCS #11 library, if SoftHSM is installed whole."""
    named = os.environ.get("OPENMCX_SOFTHSM")
    places = [Path(named)] if named else [Path(place) / "libsofthsm2.so" for place in _PLACES]
    found = next((place for place in places if place.exists()), None)
    return str(found) if found and shutil.which("softhsm2-util") else None


def make_token(folder: Path, label: str) -> None:
    """This will make a token in a folder that this process uses from then on."""
    tokens = folder / "tokens"
    tokens.mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n", "utf-8")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", f"so-{PIN}"],
        check=True,
        capture_output=True,
    )
