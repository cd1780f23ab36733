"""``python -m benchmarks [NAME…]``: run the benchmarks and print their ratios against the targets.

Ends with 0 also when a target is missed: a benchmark reports, it does not judge. ``--strict`` makes it judge.
"""

import argparse
import importlib
import platform
import sys
from pathlib import Path

from benchmarks.measure import Row, on_one_core, table


def main() -> int:
    """This will run the benchmarks named on the command line, or all of them."""
    known = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(known)}")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a target is missed")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(known)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    on_one_core()
    print(f"CPU time on one core, best of many turns; Python {platform.python_version()}, {platform.machine()}\n")
    rows: list[Row] = []
    for name in arguments.names or known:
        found = importlib.import_module(f"benchmarks.bench_{name}").rows()
        print(table(found), end="\n\n", flush=True)
        rows += found
    missed = [row for row in rows if row.met is False]
    print(f"{len(rows) - len(missed)} of {len(rows)} as wanted.")
    return 1 if arguments.strict and missed else 0


if __name__ == "__main__":
    sys.exit(main())
