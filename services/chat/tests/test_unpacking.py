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

from services.chat.manifest import MANIFEST
from services.chat.unpacking import is_sound, tidy, unpacked

ROOT = Path(__file__).parents[3]


def write(folder):
    (folder / "small.bin").write_bytes(b"small")
    (folder / "large.bin").write_bytes(b"\1" * 5_000)


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


def test_what_changed_and_kept_its_length_and_time_is_found_by_reading_it_whole(folder, tmp_path):
    times = (folder / "large.bin").stat()
    (folder / "large.bin").write_bytes(b"\2" * 5_000)
    os.utime(folder / "large.bin", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert is_sound(folder)
    assert not is_sound(folder, whole=True)

    tidy(tmp_path / "networks", "red-1")

    assert unpacked(tmp_path / "networks", "red-1", write) == folder
    assert (folder / "large.bin").read_bytes() == b"\1" * 5_000


def test_a_copy_with_other_times_is_as_good(folder, tmp_path):
    for file in folder.iterdir():
        os.utime(file)

    unpacked(tmp_path / "networks", "red-1", lambda _folder: pytest.fail("written twice"))


READER = """
import sys
from pathlib import Path
from services.chat.unpacking import unpacked
unpacked(Path(sys.argv[1]), "red-2", lambda folder: (folder / "small.bin").write_bytes(b"small"))
print("open", flush=True)
sys.stdin.read()
"""


def test_a_network_that_another_process_reads_stays_until_it_ends(folder, tmp_path):
    root = tmp_path / "networks"
    (root / "red-0").mkdir()  # as an older version left it, or a kill
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(root)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as reader:
        assert reader.stdout.readline() == b"open\n"
        tidy(root, "red-1")
        assert {entry.name for entry in root.iterdir()} == {"lock", "red-1", "red-2"}
        reader.stdin.close()

    tidy(root, "red-1")

    assert {entry.name for entry in root.iterdir()} == {"lock", "red-1"}
    assert is_sound(folder, whole=True)


def test_a_network_that_was_replaced_stays_open_to_who_reads_it(folder, tmp_path):
    with (folder / "small.bin").open("rb") as opened:
        (folder / MANIFEST).write_text("{")
        unpacked(tmp_path / "networks", "red-1", write)

        assert opened.read() == b"small"


def test_without_a_folder_there_is_nothing_to_tidy(tmp_path):
    tidy(tmp_path / "networks", None)

    assert not (tmp_path / "networks").exists()


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
from services.chat.unpacking import unpacked
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
