"""The credential core takes time, keys and fetching as arguments: no clock, no network, no database, no Django."""

import ast
import subprocess
import sys

from tests.architecture import source

# What reads a clock, whatever object it is called on.
CLOCKS = {
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today", "dt.now", "timezone.now",
    "time.time", "time.time_ns", "time.localtime", "time.gmtime",
}  # fmt: skip
OUTWARD = {"urllib.request", "http.client", "http.server", "ftplib", "smtplib", "socket", "sqlite3", "django", "httpx"}

PROBE = """
import sys
import openmcx.credentials, openmcx.cli
for name in openmcx.credentials.__all__:
    getattr(openmcx.credentials, name)
outward = {"django", "httpx", "requests", "sqlite3", "aiohttp"}
# Large, and loaded by those who need them.
large = {"asn1crypto", "cbor2", "cryptography", "defusedxml", "pkcs11", "pyhanko", "segno", "typst"}
print(sorted({name.split(".")[0] for name in sys.modules} & (outward | large)))
"""


def core() -> list[str]:
    return [name for name in source.modules() if name.split(".")[1:2] == ["credentials"]]


def test_the_core_reads_no_clock() -> None:
    found = [
        f"{source.where(source.modules()[name], node.lineno)}: {ast.unparse(node.func)}"
        for name in core()
        for node in ast.walk(source.tree(source.modules()[name]))
        if isinstance(node, ast.Call) and ".".join(ast.unparse(node.func).split(".")[-2:]) in CLOCKS
    ]
    assert found == []


def test_the_core_reaches_nothing_outside() -> None:
    found = [
        f"{source.where(source.modules()[name], line)} imports {imported}"
        for name in core()
        for imported, line in sorted(source.imports(name))
        if any(imported == outward or imported.startswith(f"{outward}.") for outward in OUTWARD)
    ]
    assert found == []


def test_importing_core_and_commands_brings_no_framework() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
