"""Compile requirements/*.txt, pinned with hashes for every platform, from pyproject.toml: `make lock`."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

# What building the project and its source distributions takes; pip is told to build without fetching more.
BUILD_TOOLS = [*PROJECT["build-system"]["requires"], "editables", "setuptools"]
compiled: list[str] = []


def uv() -> str:
    """This will give the path of uv, installing it into the environment when it is not there."""
    beside = Path(sys.executable).with_name("uv")
    if not beside.exists() and not shutil.which("uv"):
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    return str(beside) if beside.exists() else "uv"


def compile_file(name: str, *wanted: str, text: str = "") -> None:
    """This will write requirements/<name>.txt for what is wanted, at the versions that the files before it chose."""
    command = [uv(), "pip", "compile", "--quiet", "--universal", "--python-version", "3.12", "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-emit-find-links", *sys.argv[1:]]
    command += [argument for done in compiled for argument in ("--constraint", f"requirements/{done}.txt")]
    command += ["--output-file", f"requirements/{name}.txt", *wanted]
    environment = os.environ | {"UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    subprocess.run(command, input=text, text=True, check=True, cwd=ROOT, env=environment)
    compiled.append(name)
    print(f"requirements/{name}.txt")


def main() -> None:
    """This will compile every requirements file; arguments (such as --upgrade) go to uv as they are."""
    compile_file("build", "-", text="\n".join(BUILD_TOOLS))
    compile_file("postgresql", "pyproject.toml", "--extra", "postgresql")
    compile_file("base", "pyproject.toml")
    compile_file("pkcs11", "pyproject.toml", "--extra", "pkcs11")
    for group in PROJECT["dependency-groups"]:
        compile_file(group, "--group", group)


if __name__ == "__main__":
    main()
