"""A real node in processes of its own: `mcx demo` as people run it, for journeys, pictures and Lighthouse.

It has a data folder of its own and stops by itself should whoever started it die. With
OPENMCX_TEST_DATABASE=postgresql it stands on a database of its own in the tests' cluster.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

START_SECONDS = 180
STOP_AFTER_SECONDS = 1500
READY = re.compile(r"ready at (http://\S+?)/?\s")


class Node:
    """A node that runs `mcx demo` in a process of its own: its address, what it printed, the folder of its data."""

    def __init__(
        self, data: Path, *, address: str = "127.0.0.1:0", environment: Mapping[str, str] | None = None
    ) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENMCX_", "DJANGO_"))}
        self.environment = kept | {"OPENMCX_DEMO": "1", "OPENMCX_DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"}
        self.environment |= environment or {}
        if os.environ.get("OPENMCX_TEST_DATABASE_URL"):
            self.environment["OPENMCX_DATABASE_URL"] = own_database(os.environ["OPENMCX_TEST_DATABASE_URL"])
        self.address = address  # with port 0 the first start takes a free one and keeps it
        self.data = data
        self.lines: list[str] = []

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    @property
    def printed(self) -> str:
        return "".join(self.lines)

    def start(self) -> None:
        """This will start the node and wait until it is ready."""
        self.lines = []
        self.process = subprocess.Popen(
            [mcx(), "demo", "--listen", self.address, "--stop-after", str(STOP_AFTER_SECONDS)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout, self.lines), daemon=True)
        self.reader.start()
        started = time.monotonic()
        while not ((found := READY.search(self.printed)) and "Sign in as" in self.printed):
            if self.process.poll() is not None or time.monotonic() - started > START_SECONDS:
                raise RuntimeError(f"mcx demo did not get ready:\n{self.printed[-4000:]}")
            time.sleep(0.1)
        time.sleep(0.3)  # the sign-ins follow
        self.address = urlsplit(found[1]).netloc

    def stop(self) -> None:
        """This will stop the node as Ctrl-C or a service manager does."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.reader.join(5)
        assert "Traceback (most recent call last)" not in self.printed, self.printed[-6000:]

    def mcx(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """This will run an `mcx` command with the settings of this node."""
        environment = self.environment | {"OPENMCX_LISTEN": self.address}
        command = [mcx(), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    @staticmethod
    def _read(stream: IO[str], lines: list[str]) -> None:
        with stream:
            lines.extend(iter(stream.readline, ""))


def mcx() -> str:
    return str(Path(sys.executable).with_name("mcx"))


def own_database(url: str) -> str:
    import psycopg

    name = f"journeys_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.rsplit("/", 1)[0] + f"/{name}"
