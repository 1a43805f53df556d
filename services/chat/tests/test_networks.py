"""Networks on disk: whole or not there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from services.chat.generation import MANIFEST
from services.chat.networks import DIGEST_MAX_BYTES, is_sound, unpacked

ROOT = Path(__file__).parents[3]


def write(folder):
    (folder / "small.bin").write_bytes(b"small")
    (folder / "large.bin").write_bytes(b"\1" * (DIGEST_MAX_BYTES + 1))


@pytest.fixture
def folder(tmp_path):
    return unpacked(tmp_path / "networks", "red-1", write)


def test_it_is_written_once(folder, tmp_path):
    again = unpacked(tmp_path / "networks", "red-1", lambda _folder: pytest.fail("written twice"))

    assert again == folder
    assert (folder / "small.bin").read_bytes() == b"small"


@pytest.mark.parametrize("damage", [
    lambda folder: (folder / "small.bin").write_bytes(b"smaul"),
    lambda folder: (folder / "small.bin").unlink(),
    lambda folder: os.truncate(folder / "large.bin", 1000),
    lambda folder: (folder / MANIFEST).unlink(),
    lambda folder: (folder / MANIFEST).write_text("[]"),
    lambda folder: (folder / MANIFEST).write_text("{"),
    lambda folder: (folder / MANIFEST).write_text("{}"),
], ids=["changed", "lost", "cut", "no manifest", "a list", "half a manifest", "an empty manifest"])
def test_a_damaged_one_is_written_anew(folder, tmp_path, damage):
    damage(folder)
    assert not is_sound(folder)

    assert is_sound(unpacked(tmp_path / "networks", "red-1", write))
    assert (folder / "small.bin").read_bytes() == b"small"


def test_another_network_takes_the_place_of_the_old_one(folder, tmp_path):
    newer = unpacked(tmp_path / "networks", "red-2", write)

    assert [entry for entry in (tmp_path / "networks").iterdir() if entry.is_dir()] == [newer]


def test_a_failed_writing_leaves_nothing_that_is_taken_for_whole(tmp_path):
    def fail(folder):
        write(folder)
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        unpacked(tmp_path / "networks", "red-1", fail)

    assert [entry.name for entry in (tmp_path / "networks").iterdir()] == ["lock"]
    assert is_sound(unpacked(tmp_path / "networks", "red-1", write))


def test_of_many_at_once_one_writes(tmp_path):
    written = []

    def slow(folder):
        written.append(folder)
        time.sleep(0.2)
        write(folder)

    threads = [threading.Thread(target=unpacked, args=(tmp_path / "networks", "red-1", slow)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(written) == 1


def test_a_kill_in_the_middle_is_survived(tmp_path):
    code = f"""
import time
from pathlib import Path
from services.chat.networks import unpacked
def slow(folder):
    (folder / "small.bin").write_bytes(b"small")
    print("begun", flush=True)
    time.sleep(60)
unpacked(Path({str(tmp_path / "networks")!r}), "red-1", slow)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"begun\n"
        child.send_signal(signal.SIGKILL)

    folder = unpacked(tmp_path / "networks", "red-1", write)

    assert is_sound(folder)
    assert json.loads((folder / MANIFEST).read_text()).keys() == {"small.bin", "large.bin"}
    assert sorted(entry.name for entry in (tmp_path / "networks").iterdir()) == ["lock", "red-1"]
