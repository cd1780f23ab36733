"""A worker process that is killed in the middle of a task loses nothing and doubles nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

CHUNKS = 6
LEASE_SECONDS = 1.5
ROOT = Path(__file__).resolve().parents[3]


def environment(folder: Path, database_url: str) -> dict[str, str]:
    (folder / "chunks").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENMCX_", "DJANGO_"))}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tests.few_apps",
        "OPENMCX_DEMO": "1",
        "OPENMCX_DATA_DIR": str(folder),
        "OPENMCX_DATABASE_URL": database_url,
        "OPENMCX_LOG_LEVEL": "WARNING",
        "CHUNK_FOLDER": str(folder / "chunks"),
        "PYTHONPATH": str(ROOT),
    }


COMMAND = [sys.executable, "-m", "tests.fakes.worker_process"]


def run(env: dict[str, str], *arguments: str) -> list[str]:
    done = subprocess.run([*COMMAND, *arguments], env=env, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def kill_one_midway(env: dict[str, str], folder: Path) -> None:
    run(env, "begin", str(CHUNKS))
    first = subprocess.Popen([*COMMAND, "work", str(LEASE_SECONDS)], env=env, stdout=subprocess.DEVNULL)
    ends = time.monotonic() + 60
    while len(list((folder / "chunks").iterdir())) < 3 and time.monotonic() < ends and first.poll() is None:
        time.sleep(0.02)
    os.kill(first.pid, signal.SIGKILL)
    first.wait(10)
    begun = [name.name.split(".")[0] for name in (folder / "chunks").iterdir()]
    assert begun == sorted(set(begun), key=begun.index)
    assert len(begun) == 3

    left, done = run(env, "work", str(LEASE_SECONDS))
    assert left.split()[0] == "2"  # the third was in the middle of its work
    assert done == f"{CHUNKS} 0 0 0"
    begun = sorted(name.name.split(".")[0] for name in (folder / "chunks").iterdir())
    # Only what was cut off is begun twice; what was done is not done again.
    assert begun == sorted([*map(str, range(CHUNKS)), "2"])


def test_on_sqlite(tmp_path: Path) -> None:
    kill_one_midway(environment(tmp_path, f"sqlite:///{tmp_path}/node.sqlite3"), tmp_path)


@pytest.fixture
def empty_database() -> Iterator[str]:
    import psycopg

    address = settings.DATABASES["default"]
    base = f"postgresql://{address['USER']}@{address['HOST']}:{address['PORT']}"
    name = f"killed_{os.getpid()}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield f"{base}/{name}"
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.postgresql
def test_on_postgresql(tmp_path: Path, empty_database: str) -> None:
    kill_one_midway(environment(tmp_path, empty_database), tmp_path)
