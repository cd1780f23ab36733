"""Workers that are killed, and workers that work at the same time: each learner has exactly one credential."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[3]
LEASE_SECONDS = "1.5"
ROWS = 300
QUESTION = "SELECT count(*) FROM issuing_chunk WHERE state = 'done'"


def environment(folder: Path, database_url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENMCX_", "DJANGO_"))}
    return kept | {
        "OPENMCX_DEMO": "1",
        "OPENMCX_DATA_DIR": str(folder),
        "OPENMCX_DATABASE_URL": database_url,
        "OPENMCX_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }


def run(env: dict[str, str], module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def worker(env: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.fakes.worker_process", "work", LEASE_SECONDS]
    with (Path(env["OPENMCX_DATA_DIR"]) / "workers.log").open("ab") as log:
        return subprocess.Popen(command, env=env, stderr=log)


def kill_when(process: subprocess.Popen[bytes], count_done: Callable[[], int], wanted: int) -> int:
    """Kill the worker as soon as so many chunks are done; it is at the next one then."""
    ends = time.monotonic() + 90
    while (done := count_done()) < wanted and time.monotonic() < ends and process.poll() is None:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    return done


def issue_with_kills(env: dict[str, str], count_done: Callable[[], int]) -> None:
    run(env, "openmcx.config.commands", "migrate")
    run(env, "tests.fakes.issuing_process", "prepare", str(ROWS), "2")
    for wanted in (1, 2, 4):
        assert wanted <= kill_when(worker(env), count_done, wanted) < 6
    halfway = json.loads(run(env, "tests.fakes.issuing_process", "report"))
    assert halfway["batches"].get("done", 0) < 2
    both = [worker(env), worker(env)]
    for process in both:
        assert process.wait(120) == 0
    assert json.loads(run(env, "tests.fakes.issuing_process", "report")) == {
        "credentials": ROWS,
        "learners": ROWS,
        "indices": ROWS,
        "awards": ROWS,
        "links": ROWS,
        "messages": {"sent": ROWS},
        "rows": {"issued": ROWS, "already-issued": ROWS},
        "batches": {"done": 2},
        "chunks": 6,
        "audited": 6,
        "audited_credentials": ROWS,
        "tasks": [0, 0, 0],
    }


def test_on_sqlite(tmp_path: Path) -> None:
    file = tmp_path / "node.sqlite3"

    def count_done() -> int:
        database = sqlite3.connect(file, timeout=20)
        try:
            return int(database.execute(QUESTION).fetchone()[0])
        finally:
            database.close()

    issue_with_kills(environment(tmp_path, f"sqlite:///{file}"), count_done)


@pytest.fixture
def empty_database() -> Iterator[str]:
    import psycopg

    address = settings.DATABASES["default"]
    base = f"postgresql://{address['USER']}@{address['HOST']}:{address['PORT']}"
    name = f"issuing_killed_{os.getpid()}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield f"{base}/{name}"
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.postgresql
def test_on_postgresql(tmp_path: Path, empty_database: str) -> None:
    import psycopg

    def count_done() -> int:
        with psycopg.connect(empty_database) as database:
            row = database.execute(QUESTION).fetchone()
            assert row is not None
            return int(row[0])

    issue_with_kills(environment(tmp_path, empty_database), count_done)
