"""A PostgreSQL cluster for the tests: made in a temporary folder, on a free loopback port, stopped at the end.

The server refuses to run as root, so as root the cluster belongs to an unprivileged user of the system.
"""

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

OLDEST = 15
UNPRIVILEGED = ("postgres", "nobody")


def binaries() -> Path | None:
    """This will find the folder of the newest PostgreSQL server programs that are new enough, or give None."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    found = [(_major(folder), folder) for folder in folders if (folder / "initdb").exists()]
    fitting = sorted((major, folder) for major, folder in found if major >= OLDEST)
    return fitting[-1][1] if fitting else None


def _major(folder: Path) -> int:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    words = answer.split()
    return int(words[2].split(".")[0]) if len(words) > 2 and words[2].split(".")[0].isdigit() else 0


def free_port() -> int:
    """This will give a loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A running cluster. `url` is what OPENMCX_DATABASE_URL takes; each test run creates its own database in it."""

    def __init__(self) -> None:
        found = binaries()
        if found is None:
            raise RuntimeError(f"No PostgreSQL {OLDEST} or newer here; `make test-all` installs it where it may.")
        self._binaries = found
        self._folder = Path(tempfile.mkdtemp(prefix="openmcx-pg-"))
        self._data = self._folder / "data"
        self._owner = self._unprivileged_owner()
        self.port = free_port()
        self.url = f"postgresql://openmcx@127.0.0.1:{self.port}/postgres"

    def start(self) -> "Cluster":
        """This will make the cluster, start it and see to it that it stops when this process ends."""
        atexit.register(self.stop)
        if self._owner:
            os.chown(self._folder, self._owner.pw_uid, self._owner.pw_gid)
        self._run(["initdb", "--pgdata", self._data, "--username", "openmcx", "--auth", "trust", "--encoding", "UTF8"])
        settings = f"-p {self.port} -h 127.0.0.1 -k {self._folder} -c fsync=off -c synchronous_commit=off"
        settings += " -c full_page_writes=off -c max_connections=200"
        log = self._folder / "log"
        self._run(["pg_ctl", "--pgdata", self._data, "--log", log, "--wait", "--options", settings, "start"])
        return self

    def stop(self) -> None:
        """This will stop the cluster and remove its folder; calling it again does nothing."""
        if (self._data / "postmaster.pid").exists():
            self._run(["pg_ctl", "--pgdata", self._data, "--mode", "immediate", "--wait", "stop"])
        shutil.rmtree(self._folder, ignore_errors=True)

    @staticmethod
    def _unprivileged_owner() -> pwd.struct_passwd | None:
        if os.geteuid() != 0:
            return None
        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        for name in UNPRIVILEGED:
            if name in known:
                return known[name]
        raise RuntimeError(f"PostgreSQL does not run as root, and there is no user {' or '.join(UNPRIVILEGED)}.")

    def _run(self, command: Sequence[str | Path]) -> None:
        owner = self._owner
        done = subprocess.run(
            [self._binaries / command[0], *command[1:]],
            cwd=self._folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self._folder)},
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            stdin=subprocess.DEVNULL,
            # pg_ctl leaves its server with the same output: a pipe here would never end.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            log = self._folder / "log"
            said = log.read_text("utf-8", "replace")[-2000:] if log.exists() else ""
            raise RuntimeError(f"{command[0]} ended with status {done.returncode}. {said}")
