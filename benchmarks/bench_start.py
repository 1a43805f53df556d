"""What it costs to start: a management command's CPU and what an import of the project loads."""

from __future__ import annotations

import resource
import subprocess
import sys

from benchmarks.harness import ROOT, Figure, quiet_median, stage

LOAD = """
import django, resource, sys
django.setup()
import config.urls
print(len(sys.modules), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def figures() -> list[Figure]:
    """Measure `manage.py check` and an import of every view."""
    with stage() as here:
        check = quiet_median(_children_ms, lambda: here.manage("check"), calls=1) / 1000
        loaded = subprocess.run(
            [sys.executable, "-c", LOAD], cwd=ROOT, env=here.environment, capture_output=True, text=True, check=True
        )
    modules, kilobytes = (int(figure) for figure in loaded.stdout.split())
    return [
        Figure("manage.py check", check, target=1.5, unit="s CPU"),
        Figure("modules loaded with every view", modules, unit="modules"),
        Figure("memory of that", kilobytes / 1024, unit="MB resident"),
    ]


def _children_ms() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1000
