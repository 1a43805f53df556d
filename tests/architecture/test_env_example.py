""".env.example names every variable that the settings and the assistant read, with its default, and nothing else."""

from __future__ import annotations

import ast
import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
ASSISTANT = (ROOT / "services" / "chat" / "config.py").read_text(encoding="utf-8")
# The settings put the index into DATA_DIR; the variable is the library's alone.
NOT_THE_SERVERS = {"CHAT_INDEX_DIR"}
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def _calls() -> list[ast.Call]:
    return [
        node
        for node in ast.walk(ast.parse(SETTINGS))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name) and node.func.value.id == "env" and node.func.attr != "load_files"
    ]


def _name(call: ast.Call) -> str:
    return ast.literal_eval(call.args[0])


def _explained() -> dict[str, str]:
    """Return the comment above each variable of the example; variables in a row share theirs."""
    found: dict[str, str] = {}
    comment: list[str] = []
    fresh = False
    for line in EXAMPLE.splitlines():
        if line.startswith("#"):
            comment = [*comment, line] if fresh else [line]
            fresh = True
        elif match := re.match(r"([A-Z_]+)=", line):
            found[match.group(1)] = " ".join(comment)
            fresh = False
        else:
            comment, fresh = [], False
    return found


def test_the_example_names_what_the_settings_read() -> None:
    assistant = set(re.findall(r'(?:env\.get\(|\(env, )"([A-Z_]+)"', ASSISTANT)) - NOT_THE_SERVERS
    assert {"CHUNK_SIZE", "CHAT_EMBEDDER"} < assistant
    assert set(_explained()) == {_name(call) for call in _calls()} | assistant


@pytest.mark.parametrize(
    "call", [call for call in _calls() if call.func.attr == "integer"], ids=_name  # type: ignore[attr-defined]
)
def test_the_example_tells_each_default(call: ast.Call) -> None:
    default = math.prod(part.value for part in ast.walk(call.args[1]) if isinstance(part, ast.Constant))  # 20 * 1024
    assert re.search(rf"\b{default}\b", _explained()[_name(call)])


def test_the_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    values = dict(line.split("=", 1) for line in EXAMPLE.splitlines() if re.match("[A-Z_]+=", line))
    run = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**values, "DATA_DIR": str(tmp_path)},
    )
    assert run.returncode == 0, run.stderr
