"""Install the independent implementations that tests and benchmarks compare with: `python -m tests.oracles.setup`.

Each gets an environment of its own under `.oracles/`, so that what they need never meets what OpenMCX needs: the
npm packages of package-lock.json in `.oracles/npm`, and for every `<name>.txt` here a virtual environment
`.oracles/<name>`. What is there and up to date is left alone, without network.
"""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / ".oracles"


def digest(files: Iterable[Path]) -> str:
    """This will tell whether what is to be installed has changed."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def run(*command: str | Path, cwd: Path) -> None:
    """This will run a package client, or stop with what it said."""
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with status {done.returncode}:\n{done.stdout}{done.stderr}")


def up_to_date(target: Path, wanted: str) -> bool:
    """This will say whether the folder holds what was wanted when it was made."""
    stamp = target / ".installed"
    return stamp.exists() and stamp.read_text("ascii") == wanted


def install_npm() -> None:
    """This will install the npm packages exactly as locked, without running their scripts."""
    files = [HERE / "package.json", HERE / "package-lock.json"]
    target, wanted = FOLDER / "npm", digest(files)
    if up_to_date(target, wanted):
        return
    if not shutil.which("npm"):
        sys.exit("npm is missing: install Node.js 20 or newer with npm.")
    print("Installing the oracles from npm", flush=True)
    target.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copyfile(file, target / file.name)
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=target)
    (target / ".installed").write_text(wanted, "ascii")


def install_python(requirements: Path) -> None:
    """This will make a virtual environment with exactly the files that the requirements name."""
    target, wanted = FOLDER / requirements.stem, digest([requirements])
    if up_to_date(target, wanted):
        return
    print(f"Installing the oracle {requirements.stem}", flush=True)
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    run(sys.executable, "-m", "venv", target, cwd=HERE)
    pip = [target / "bin" / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    run(*pip, "--require-hashes", "--only-binary", ":all:", "-r", requirements, cwd=HERE)
    (target / ".installed").write_text(wanted, "ascii")


def main() -> None:
    """This will install whatever is missing or out of date."""
    install_npm()
    for requirements in sorted(HERE.glob("*.txt")):
        install_python(requirements)


if __name__ == "__main__":
    main()
