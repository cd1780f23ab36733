"""``python -m benchmarks [NAME…]``: run the benchmarks and print their ratios against the targets.

Ends with 0 also when a target is missed: a benchmark reports, it does not judge. ``--strict`` makes it judge.
"""

import argparse
import importlib
import platform
import sys
from pathlib import Path

from benchmarks import lighthouse
from benchmarks.measure import Row, on_one_core, table


def main() -> int:
    """This will run the benchmarks named on the command line, or all of them."""
    timed = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    known = [*timed, "lighthouse"]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(known)}")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a target is missed")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(known)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    names = arguments.names or known
    reached, judged = lighthouse.main() if "lighthouse" in names else (0, 0)  # first, as it needs all cores
    on_one_core()
    print(f"CPU time on one core, best of many turns; Python {platform.python_version()}, {platform.machine()}\n")
    rows: list[Row] = []
    for name in [one for one in names if one in timed]:
        found = importlib.import_module(f"benchmarks.bench_{name}").rows()
        print(table(found), end="\n\n", flush=True)
        rows += found
    missed = [row for row in rows if row.met is False]
    print(f"{len(rows) - len(missed) + reached} of {len(rows) + judged} as wanted.")
    return 1 if arguments.strict and (missed or reached < judged) else 0


if __name__ == "__main__":
    sys.exit(main())
