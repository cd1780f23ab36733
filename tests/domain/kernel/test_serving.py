"""The node's processes start together, answer, and end together, whatever ends them."""

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import transaction
from django.utils import timezone

from openmcx.config import commands, env
from openmcx.demo import queries as demo_queries
from openmcx.kernel import audit, jobs, personal
from openmcx.kernel.actors import Actor
from openmcx.kernel.jobs.engine import engine
from openmcx.kernel.models import AuditRecord
from tests import append_only
from tests.fakes import kernel_tasks

ROOT = Path(__file__).resolve().parents[3]
FEW = {"DJANGO_SETTINGS_MODULE": "tests.few_apps"}
COMMAND = [sys.executable, "-m", "openmcx.config.commands"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A demo node's environment with a database that is up to date."""
    folder = tmp_path_factory.mktemp("node")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENMCX_", "DJANGO_"))}
    ours = {**kept, "OPENMCX_DEMO": "1", "OPENMCX_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    assert mcx(ours, "migrate").returncode == 0
    return ours


def mcx(given: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], env=given, capture_output=True, text=True, timeout=180, check=False)


class Node:
    """A running node."""

    def __init__(self, given: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--listen", "127.0.0.1:0", "--stop-after", "120"],
            env=given,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        match = re.match(r"OpenMCX is ready at (http://localhost:(\d+))/", line)
        assert match, line
        self.url, self.port = match[1], int(match[2])

    def health(self) -> dict[str, object]:
        with urllib.request.urlopen(f"{self.url}/health/", timeout=10) as answer:
            return dict(json.load(answer))

    def children(self) -> list[int]:
        """Everything that the node started, as far as it goes."""
        found, todo = [], [self.process.pid]
        while todo:
            parent = todo.pop()
            for line in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
                found.append(int(line))
                todo.append(int(line))
        return found

    def is_free(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0


@pytest.fixture
def node(environment: dict[str, str]) -> Iterator[Node]:
    one = Node(environment)
    yield one
    if one.process.poll() is None:
        one.process.terminate()
        one.process.wait(30)
    if one.process.stdout:
        one.process.stdout.close()


def gone(pids: list[int], seconds: float = 20) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if not any(Path(f"/proc/{pid}").exists() and "Z" not in state(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "Z"


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")


@needs_proc
def test_a_node_answers_works_and_stops_with_all_its_processes(node: Node) -> None:
    ends = time.monotonic() + 20
    while node.health()["workers"] != 1 and time.monotonic() < ends:
        time.sleep(0.2)
    assert node.health()["workers"] == 1
    children = node.children()
    assert len(children) >= 2
    node.process.send_signal(signal.SIGINT)
    assert node.process.wait(30) == 0
    assert gone(children)
    assert node.is_free()


@needs_proc
def test_a_node_that_is_killed_leaves_nothing_behind(node: Node) -> None:
    children = node.children()
    node.process.kill()
    node.process.wait(10)
    assert gone(children)
    assert node.is_free()


@needs_proc
def test_a_node_whose_worker_dies_ends_rather_than_limps(node: Node) -> None:
    worker = next(pid for pid in node.children() if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"))
    os.kill(worker, signal.SIGKILL)
    assert node.process.wait(30) == 1
    assert node.is_free()


def test_a_busy_port_is_told_with_another(environment: dict[str, str]) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen(1)
        port = holder.getsockname()[1]
        done = mcx(environment, "serve", "--listen", f"127.0.0.1:{port}")
    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1 port {port}" in done.stderr
    assert f"--listen 127.0.0.1:{port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_settings_are_listed_without_a_traceback(environment: dict[str, str]) -> None:
    done = mcx({name: value for name, value in environment.items() if name != "OPENMCX_DEMO"}, "serve")
    assert done.returncode == 1
    assert "OPENMCX_SECRET_KEY is not set" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_up_to_date_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    new = {**environment, **FEW, "OPENMCX_DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3"}
    done = mcx(new, "serve", "--no-migrate", "--listen", "127.0.0.1:0")
    assert done.returncode == 1
    assert "`mcx migrate`" in done.stderr


def test_a_database_that_is_away_is_told(environment: dict[str, str]) -> None:
    away = {**environment, **FEW, "OPENMCX_DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}
    done = mcx(away, "migrate")
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


# The commands that only ask are run in this process, on the tests' own database.


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands.node, arguments)


@pytest.mark.django_db
def test_the_trail_is_checked_from_outside(settings: Any, tmp_path: Path) -> None:
    settings.OPENMCX_DATA_DIR = tmp_path
    assert run("audit", "verify").exit_code == 0
    with transaction.atomic():
        subject = personal.new_subject_key()
        audit.record(by=Actor.system(), action="kernel.key.made", at=timezone.now(), subject=subject)
    assert run("audit", "seal").output == "1 row sealed.\n"
    assert json.loads(run("audit", "seal", "--json").stdout) == {"sealed": 0}
    whole = run("audit", "verify", "--json")
    assert (whole.exit_code, json.loads(whole.stdout)["sealed"]) == (0, 1)
    with append_only.lifted():
        AuditRecord.objects.update(action="kernel.key.lost")
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert "FAULT record-changed" in broken.output
    assert json.loads(run("audit", "verify", "--json").stdout)["faults"][0]["code"] == "record-changed"


@pytest.mark.django_db
def test_the_queue_is_shown_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    shown = run("jobs", "status", "--json")
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["tasks_given_up"] == []
    kernel_tasks.fail.enqueue("x")
    queue = engine()
    for _ in range(jobs.MAX_ATTEMPTS):
        worker = queue.register(at=timezone.now())
        queue.claim(worker, at=timezone.now())
        queue.unregister(worker)
        jobs.release_stalled(at=timezone.now())
    given_up = run("jobs", "status")
    assert given_up.exit_code == 1
    assert "GIVEN UP task tests.fakes.kernel_tasks.fail" in given_up.output
    assert run("jobs", "retry").output == "To be tried again: 1 task and 0 event deliveries.\n"
    assert run("jobs", "status").exit_code == 0


def test_new_secrets_start_a_node() -> None:
    made = dict(line.split("=", 1) for line in run("new-secret").stdout.splitlines())
    assert set(made) == {"OPENMCX_SECRET_KEY", "OPENMCX_MASTER_KEY"}
    rest = {"OPENMCX_BASE_URL": "https://mcx.example.org", "OPENMCX_EMAIL_URL": "smtp://mail.example.org"}
    assert env.load({**made, **rest}).base_url == "https://mcx.example.org"


@pytest.mark.django_db
def test_a_check_says_that_all_is_well() -> None:
    done = run("check")
    assert (done.exit_code, done.stdout) == (0, "Settings, database and code are in order.\n"), done.output
    told = json.loads(run("check", "--json").stdout)
    assert (told["in_order"], told["missing_migrations"]) == (True, [])
    assert json.loads(run("migrate", "--json").stdout) == {"applied": []}


def test_a_check_names_what_is_missing_in_json(environment: dict[str, str], tmp_path: Path) -> None:
    new = {**environment, **FEW, "OPENMCX_DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3"}
    done = mcx(new, "check", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["in_order"]) == (1, False)
    assert "kernel.0001_initial" in told["missing_migrations"]


@pytest.mark.django_db
def test_the_documents_are_counted_in_json(tmp_path: Path) -> None:
    told = json.loads(run("export-static", str(tmp_path / "out"), "--json").stdout)
    listed = json.loads((tmp_path / "out" / "media-types.json").read_text("utf-8"))
    assert told == {"documents": len(listed), "folder": str(tmp_path / "out")}


@pytest.mark.django_db
def test_files_for_an_address_that_no_credential_names_are_not_written(tmp_path: Path, settings: Any) -> None:
    settings.OPENMCX_DEMO, settings.OPENMCX_DATA_DIR = True, tmp_path
    demo_queries.folder().mkdir(parents=True, exist_ok=True)
    (demo_queries.folder() / "built.json").write_text('{"base_url": "http://localhost:8921"}')
    done = run("export-static", str(tmp_path / "out"))
    assert done.exit_code == 1
    assert "OPENMCX_LISTEN=localhost:8921" in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    for folder in (tmp_path / "taken" / "out", tmp_path / ("x" * 300)):
        done = run("export-static", str(folder))
        assert done.exit_code == 1, done.output
        assert "cannot be written: " in done.output
        assert isinstance(done.exception, SystemExit), "a traceback"


@pytest.mark.django_db
def test_a_check_doubts_a_proxy_that_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENMCX_DEMO", "0")
    monkeypatch.setenv("OPENMCX_BASE_URL", "https://mcx.example.org")
    monkeypatch.setenv("OPENMCX_EMAIL_URL", "smtp://mail.example.org")
    done = run("check")
    assert done.exit_code == 0
    assert done.stderr.startswith("Warning: OPENMCX_TRUSTED_PROXIES is empty")


def test_every_command_is_named_for_the_command_line() -> None:
    assert tuple(sorted(commands.node.commands)) == commands.NAMES
