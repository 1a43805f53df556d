"""Telling people at a terminal how far a long command has come."""

from __future__ import annotations

import sys


class Progress:
    """Rewrites one line of the terminal, `label 120/600`; silent where stderr is none."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        """Show how much is done; the line ends when all is."""
        if self._shown:
            sys.stderr.write(f"\r{self._label} {done}/{total}" + ("\n" if done >= total else ""))
            sys.stderr.flush()
