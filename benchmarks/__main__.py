"""`make bench`: every benchmark in a process of its own, one table at the end.

`python -m benchmarks [start memory networks retrieval posting lists large bulk pages]`; exits with 1 when a figure is
over its target.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from dataclasses import asdict

from benchmarks.harness import ROOT, Figure, machine, table, yardstick_ms

NAMES = ("start", "memory", "networks", "retrieval", "posting", "lists", "large", "grading", "bulk", "walls", "pages")


def main() -> int:
    """Run the benchmarks named, or all."""
    if sys.argv[1:2] == ["--one"]:
        module = importlib.import_module(f"benchmarks.bench_{sys.argv[2]}")
        print(json.dumps([asdict(figure) for figure in module.figures()]))
        return 0
    names = sys.argv[1:] or NAMES
    figures = [figure for name in names for figure in _in_its_own_process(name)]
    print(f"{machine()}; a fixed piece of Python takes {min(yardstick_ms() for _try in range(200)):.2f} ms\n")
    print(table(figures))
    return any(figure.misses for figure in figures)


def _in_its_own_process(name: str) -> list[Figure]:
    print(f"{name} ...", file=sys.stderr, flush=True)
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--one", name], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return [Figure(**figure) for figure in json.loads(run.stdout.splitlines()[-1])]


if __name__ == "__main__":
    sys.exit(main())
