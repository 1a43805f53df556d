"""What stands in the tracked files, whoever wrote them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES_MAX = 500
# Written in two halves, so that this file does not name them.
OF_A_MACHINE = [f"/{folder}/" for folder in ("ro" + "ot", "wo" + "rk", "ho" + "me", "Us" + "ers")]
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org"]


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def test_no_module_is_a_god() -> None:
    modules = [path for path in _tracked("*.py") if not {"tests", "migrations"} & set(path.parts)]
    assert len(modules) > 100
    assert {str(path): size for path in modules if (size := len(_text(path).splitlines())) > LINES_MAX} == {}


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    named = re.compile("|".join(re.escape(word) for word in [*OF_A_MACHINE, *REGISTRIES]))
    found = {
        str(path.relative_to(ROOT)): match.group()
        for path in _tracked() if path.name != "uv.lock" and (match := named.search(_text(path)))
    }
    assert found == {}


def test_every_folder_of_python_is_a_package_once() -> None:
    """A test module of the same name in two folders without __init__.py hides the other from pytest."""
    tests = _tracked("*/test_*.py")
    assert [str(path) for path in tests if not (path.parent / "__init__.py").exists()] == []
