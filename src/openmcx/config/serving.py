"""Runs a node's processes: the web server and the background workers, started and stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from types import FrameType

# Threads that handle requests in one web process. Pages wait for the database more than they compute.
_THREADS = 4
_STOP_SECONDS = 20
_READY_SECONDS = 60


class ServingError(Exception):
    """The node cannot be served; the text says why and how to mend it."""


def split_address(listen: str) -> tuple[str, int]:
    """This will part ``host:port`` into host and port; an IPv6 host loses its brackets."""
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


def free_address(host: str, port: int) -> int:
    """This will return the port to listen on; for 0 one that is free.

    Raises: ServingError when somebody listens there already.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise ServingError(
                f"Cannot listen on {host} port {port}: {error.strerror}. Stop what listens there, or choose another "
                f"address with --listen {host}:{port + 1 if port else 8001}."
            ) from None
        return int(probe.getsockname()[1])


def serve(
    *,
    host: str,
    port: int,
    web_processes: int,
    background_workers: int,
    stop_after_seconds: float | None,
    when_ready: Callable[[], None],
) -> int:
    """This will run the node until it is told to stop or one of its processes ends, and return the exit status."""
    web = [sys.executable, "-m", "openmcx.config.serving", host, str(port), str(web_processes)]
    worker = [sys.executable, "-m", "openmcx.config.commands", "worker"]
    stop = threading.Event()
    with _signals(stop):
        children = [_start(web), *(_start(worker) for _ in range(background_workers))]
        try:
            ready = threading.Thread(target=_announce, args=(host, port, stop, when_ready), daemon=True)
            ready.start()
            ends = time.monotonic() + stop_after_seconds if stop_after_seconds else float("inf")
            while not stop.wait(0.2):
                if time.monotonic() >= ends:
                    return 0
                if any(child.poll() is not None for child in children):
                    return 1
            return 0
        finally:
            stop.set()
            _stop(children)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # A group of its own: a Ctrl-C in the terminal reaches this process only, which then stops the others in order.
    environment = {**os.environ, "OPENMCX_CHILD": "1"}
    return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, start_new_session=True)  # noqa: S603 - our own command with our own arguments


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    ends = time.monotonic() + _STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, ends - time.monotonic()))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait(5)
        if child.stdin:
            child.stdin.close()


@contextlib.contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _announce(host: str, port: int, stop: threading.Event, when_ready: Callable[[], None]) -> None:
    shown = f"[{host}]" if ":" in host else host
    shown = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(shown, shown)  # noqa: S104  (compared, not bound)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    ends = time.monotonic() + _READY_SECONDS
    while not stop.is_set() and time.monotonic() < ends:
        try:
            opener.open(f"http://{shown}:{port}/health/", timeout=5).close()
        except urllib.error.HTTPError:
            pass  # it answers, though not yet well; a wrong Host header is answered as well
        except OSError:
            stop.wait(0.1)
            continue
        when_ready()
        return


def end_with_parent(stop: Callable[[], None]) -> None:
    """This will call `stop` when the process that started this one is gone, however it ended.

    The starter holds the other end of our standard input and never writes: when it ends, so does the input.
    """

    def watch() -> None:
        # Not through sys.stdin, whose lock would be held when the interpreter ends.
        with contextlib.suppress(OSError):
            while os.read(0, 1024):
                pass
        stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _web(host: str, port: int, processes: int) -> None:
    from granian import Granian  # noqa: PLC0415  (only this process needs it)
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415 - only the process that serves needs the server
    from granian.log import LogLevels  # noqa: PLC0415 - as above

    server = Granian(
        "openmcx.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=_THREADS,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    server.serve()


if __name__ == "__main__":
    _web(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
