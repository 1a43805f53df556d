"""requirements.txt is what uv.lock says; `make lock` writes both."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "mosaite"
LOCKED: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
BY_NAME = {package["name"]: package for package in LOCKED}


def _needed(name: str, extras: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield what a package needs, the extras asked for included, and what those need in turn."""
    package = BY_NAME[name]
    wanted = list(package.get("dependencies", []))
    for extra in extras:
        wanted += package.get("optional-dependencies", {}).get(extra, [])
    for dependency in wanted:
        yield dependency["name"]
        yield from _needed(dependency["name"], tuple(dependency.get("extra", ())))


def _required() -> dict[str, str]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return dict(match.groups() for line in lines if (match := re.match(r"([a-z0-9._-]+)==([^ ;]+)", line)))


def test_requirements_are_what_the_lock_says() -> None:
    assert _required() == {name: BY_NAME[name]["version"] for name in set(_needed(PROJECT))}


def test_the_lock_knows_what_the_project_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[\[<>=!~ ;]", one, maxsplit=1)[0].lower() for one in asked}
    assert names == {dependency["name"] for dependency in BY_NAME[PROJECT]["dependencies"]}
