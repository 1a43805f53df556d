"""The pages of a libro diario of 20,000 lines: CPU and memory of all processes together."""

from __future__ import annotations

import datetime as dt
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.harness import ROOT, Figure

LINES = 20_000
WATCH_S = 0.02


def figures() -> list[Figure]:
    """Render in a process of its own, as the command does, and watch it and what it starts."""
    start = _children_s()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.bench_pages"], cwd=ROOT)
    peak = _watch(process)
    if process.wait():
        sys.exit("The pages failed.")
    return [
        Figure(f"libro diario of {LINES:,} lines", _children_s() - start, target=25, unit="s CPU"),
        Figure(f"libro diario of {LINES:,} lines, all processes", peak, target=200, unit="MB"),
    ]


def _watch(process: subprocess.Popen[bytes]) -> float:
    """Return the most memory that a process and its children had together, until it ends."""
    peak = 0.0
    while process.poll() is None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        pids = [process.pid, *(int(pid) for pid in _read(children).split())]
        peak = max(peak, sum(_resident_mb(pid) for pid in pids))
        time.sleep(WATCH_S)
    return peak


def _resident_mb(pid: int) -> float:
    found = _read(Path(f"/proc/{pid}/status")).partition("VmRSS:")[2].split()
    return int(found[0]) / 1024 if found else 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # it has ended


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _render() -> None:
    import django

    django.setup()
    from apps.books.rendering import page_words
    from ledger.money import pesos
    from services.daily.libro_diario import Asiento, Book, PrintedLine, canonical, render

    day = dt.date(2026, 3, 5)
    asientos = tuple(
        Asiento(number, day, f"Asiento de prueba {number}", (
            PrintedLine("11101", "Caja", 100 + number, 0), PrintedLine("41101", "Ventas", 0, 100 + number),
        ))
        for number in range(1, LINES // 2 + 1)
    )
    render(canonical(Book("Almacén Don Julio SRL", "Marzo", day, day, asientos)), page_words(), pesos)


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    _render()
