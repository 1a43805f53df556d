"""An archive is whole or it is refused."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.daily import archive
from services.daily.archive import Damaged, NotAnArchive

FACTS = {"made_at": "2026-11-24", "text": "año"}
CONTENT = {"database": bytes(range(256)) * 40, "papers/a.pdf": b"%PDF", "papers/empty": b""}


def write(path: Path, content: dict[str, bytes] = CONTENT, kind: str = "books") -> Path:
    with archive.writing(path, kind=kind, version=1, facts=lambda: FACTS) as writer:
        for name, data in content.items():
            writer.add_stream(name, iter([data[:100], data[100:]]))
    return path


def write_stream(path: Path, pieces) -> None:
    with archive.writing(path, kind="books", version=1, facts=dict) as writer:
        writer.add_stream("database", pieces)


def read(path: Path) -> dict[str, bytes]:
    with archive.reading(path, kind="books") as reader:
        return {file.name: b"".join(reader.pieces(file)) for file in reader.manifest.files}


def test_what_was_written_is_read_again(tmp_path):
    path = write(tmp_path / "a.zip")
    assert read(path) == CONTENT
    with archive.reading(path, kind="books") as reader:
        assert (reader.manifest.format, reader.manifest.facts) == (1, FACTS)
        reader.check()
        reader.extract(reader.manifest.named("papers/a.pdf"), tmp_path / "out" / "a.pdf")
    assert (tmp_path / "out" / "a.pdf").read_bytes() == b"%PDF"


def test_it_is_readable_by_its_owner_alone(tmp_path):
    assert stat.S_IMODE(write(tmp_path / "a.zip").stat().st_mode) == 0o600


def test_an_error_while_it_is_written_leaves_nothing_and_the_old_one_stays(tmp_path):
    path = write(tmp_path / "a.zip")
    before = path.read_bytes()

    def pieces():
        yield b"new"
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk"):
        write_stream(path, pieces())
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 cut short"])
def test_what_is_no_archive_is_said_to_be_none(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(NotAnArchive):
        read(tmp_path / "a.zip")


def test_an_archive_of_another_kind_is_refused(tmp_path):
    with pytest.raises(NotAnArchive, match="company is not books"):
        read(write(tmp_path / "a.zip", kind="company"))


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "a\\evil", ""])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path, name):
    manifest = {"kind": "books", "format": 1, "files": [[name, 1, "00"]]}
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(Damaged):
        read(tmp_path / "a.zip")


@pytest.mark.parametrize(
    "manifest", [b"{", b"[]", b'{"kind": "books"}', b'{"kind": "books", "format": "x", "files": []}']
)
def test_a_manifest_that_says_nothing_is_refused(tmp_path, manifest):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr("manifest.json", manifest)
    with pytest.raises(Damaged):
        read(tmp_path / "a.zip")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_byte_is_changed_it_is_refused_or_reads_the_same(tmp_path, data):
    """A name's or a date's byte in a header may change nothing that is read; content never differs."""
    whole = write(tmp_path / "a.zip").read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    (tmp_path / "b.zip").write_bytes(changed)
    try:
        found = read(tmp_path / "b.zip")
    except Damaged:
        return
    assert found == CONTENT


def test_one_that_says_it_needs_a_newer_zip_is_refused(tmp_path):
    whole = bytearray(write(tmp_path / "a.zip").read_bytes())
    whole[whole.rindex(b"PK\x01\x02") + 6] = 84  # the version that is needed to extract, tenfold
    (tmp_path / "b.zip").write_bytes(whole)
    with pytest.raises(NotAnArchive, match=r"8\.4"):
        read(tmp_path / "b.zip")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_wherever_it_is_cut_it_is_refused(tmp_path, data):
    whole = write(tmp_path / "a.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(Damaged):
        read(tmp_path / "b.zip")
