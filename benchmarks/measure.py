"""How the benchmarks measure, and what they report.

Machines differ by a factor of two and the load on one changes from second to second, so no absolute figure is worth
quoting. Everything is measured as CPU time on one core, in turns with the limit and the peer it is compared with, and
the best turn counts.
"""

import os
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. Units: ``seconds`` of CPU time per piece of work."""

    work: str
    seconds: float
    against: str
    against_seconds: float
    target: float | None = None
    """The least ratio of speeds, ours to the other's, that we want."""
    most_seconds: float | None = None
    """The most CPU time that we want a piece of work to take, where what counts is that somebody waits for it."""

    @property
    def ratio(self) -> float:
        """This will say how many times as fast as the other we are."""
        return self.against_seconds / self.seconds

    @property
    def met(self) -> bool | None:
        """This will say whether the targets are reached; None when there is none."""
        if self.target is None and self.most_seconds is None:
            return None
        fast_enough = self.target is None or self.ratio >= self.target
        return fast_enough and (self.most_seconds is None or self.seconds <= self.most_seconds)

    @property
    def wanted(self) -> str:
        """This will write the targets down."""
        wanted = [] if self.target is None else [f"{self.target:.0%}" if self.target < 1 else f"{self.target:.0f} ×"]
        return ", ".join([*wanted, *([] if self.most_seconds is None else [f"≤ {self.most_seconds * 1000:.0f} ms"])])


def on_one_core() -> None:
    """This will keep this process, and those it starts, on one core where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def in_turns(work: Mapping[str, Callable[[], object]], *, rounds: int = 25, turn: float = 0.05) -> dict[str, float]:
    """This will measure several pieces of work in turns and give the CPU seconds per call of each one's best turn.

    A turn is long enough for the collection of garbage to be part of the work, here and in the peers.

    Units: ``turn`` seconds of CPU time for each piece of work in each round.
    """
    calls: dict[str, int] = {}
    for name, do in work.items():  # the first calls compile, cache and show how many fit into a turn
        do()
        before = time.process_time()
        for _ in range(5):
            do()
        calls[name] = max(1, int(turn / max((time.process_time() - before) / 5, 1e-7)))
    best = dict.fromkeys(work, float("inf"))
    for _ in range(rounds):
        for name, do in work.items():
            before = time.process_time()
            for _ in range(calls[name]):
                do()
            best[name] = min(best[name], (time.process_time() - before) / calls[name])
    return best


def of_process(command: Sequence[str], *, environment: Mapping[str, str], rounds: int = 15) -> float:
    """This will run a command several times and give the CPU seconds of the quickest, start and end included."""
    best = float("inf")
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, env=environment, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def _speed(seconds: float) -> str:
    """This will write work per second, or how long it takes when that is the better figure."""
    return f"{1 / seconds:,.0f}" if seconds < 0.001 else f"{seconds * 1000:.1f} ms each"


def table(rows: list[Row]) -> str:
    """This will write the rows as a table with one line each."""
    lines = [("work", "per second", "against", "per second", "ratio", "target", "")]
    for row in rows:
        share = row.ratio < 1
        lines.append(
            (
                row.work,
                _speed(row.seconds),
                row.against,
                _speed(row.against_seconds),
                f"{row.ratio:.1%}" if share else f"{row.ratio:.1f} ×",
                row.wanted,
                {True: "reached", False: "MISSED", None: ""}[row.met],
            )
        )
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    written = []
    for line in lines:
        cells = (
            cell.rjust(width) if column in (1, 3, 4, 5) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        written.append("  ".join(cells).rstrip())
    return "\n".join(written)
