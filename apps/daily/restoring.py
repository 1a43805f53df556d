"""Putting a backup in the place of the books: tried whole beside them first, then swapped in one step."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from apps.audit.actions import record
from apps.common.db import unit_of_work
from apps.daily.backups import FILES, FORMAT, KIND
from apps.daily.engines import engine
from apps.daily.errors import ArchiveDamaged, ArchiveForeign, AtWork, RestoreRefused
from apps.daily.turn import turn
from services.daily import archive
from services.daily.archive import Damaged, File, Manifest, NotAnArchive, Reader

logger = logging.getLogger(__name__)

_SCRATCH = ".restore-"
_TOLD_MAX = 1_000
Tell = Callable[[str], None]


def restore(path: Path, *, tell: Tell = lambda _text: None) -> Manifest:
    """Put what an archive holds in the place of everything; return what it says of itself.

    It is unpacked, migrated and verified beside the books: whatever is wrong with it is refused
    (RestoreRefused and its kinds) with the books untouched, and a kill at any moment leaves either
    the old or the new. Raises AtWork, ToolMissing.
    """
    if connection.in_atomic_block:
        raise RestoreRefused(_("A transaction is open."))
    with turn() as ours:
        if not ours:
            raise AtWork
        for left in settings.DATA_DIR.glob(f"{_SCRATCH}*"):  # by a killed one: no other is at work
            shutil.rmtree(left)
        try:
            with archive.reading(path, kind=KIND) as reader:
                _must_suit(reader.manifest)
                _restore(reader, tell)
        except NotAnArchive as error:
            raise ArchiveForeign(_("This is no backup of Mosaite (%(why)s).") % {"why": error}) from error
        except Damaged as error:
            raise ArchiveDamaged(error) from error
        except FileNotFoundError as error:
            raise ArchiveForeign(f"{error.filename}: {error.strerror}.") from error
    _tell_the_trail(path, reader.manifest)
    return reader.manifest


def _must_suit(manifest: Manifest) -> None:
    """Refuse what another engine, or a newer Mosaite, has written."""
    if manifest.format > FORMAT or _unknown_migrations(manifest):
        raise ArchiveForeign(_("The archive was made by a newer Mosaite (%(version)s): install that one first.")
                             % {"version": manifest.facts.get("version")})
    made_by = manifest.facts.get("engine")
    if made_by != connection.vendor:
        text = _("The archive is of %(made_by)s and these books are in %(here)s: move companies one by one with"
                 " export_company and import_company.")
        raise ArchiveForeign(text % {"made_by": made_by, "here": connection.vendor})


def _unknown_migrations(manifest: Manifest) -> set[tuple[str, str]]:
    stated = manifest.facts.get("migrations")
    if not isinstance(stated, list) or not all(isinstance(one, list) and len(one) == 2 for one in stated):
        raise Damaged("migrations")
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return {(str(app), str(name)) for app, name in stated} - set(known)


def _restore(reader: Reader, tell: Tell) -> None:
    used = engine()
    dump = reader.manifest.named(used.dump_name)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=settings.DATA_DIR) as scratch:
        folder = Path(scratch)
        tell(_("Unpacking and checking the archive..."))
        reader.check()
        missing = _missing_beside(reader.manifest, dump)
        reader.extract(dump, folder / used.dump_name)
        tell(_("Migrating and verifying it beside the books..."))
        with used.trial(folder / used.dump_name, folder) as trial:
            _migrate_and_verify(trial.url, folder)
            trial.dump(folder / "verified")
        tell(_("Putting it in place of the books..."))
        # Files first: the database must never name one that is not there.
        with _put_beside(reader, missing):
            used.replace(folder / "verified")


def _missing_beside(manifest: Manifest, dump: File) -> dict[File, Path]:
    """Return the places of the files that are not here; refuse one that would overwrite another."""
    missing = {}
    for file in manifest.files:
        if file == dump:
            continue
        target = settings.DATA_DIR / file.name.removeprefix(f"{FILES}/")
        if not any(file.name.startswith(f"{FILES}/{folder}/") for folder in settings.BACKUP_FOLDERS):
            raise Damaged(file.name)
        if not target.exists():
            missing[file] = target
        elif hashlib.sha256(target.read_bytes()).hexdigest() != file.sha256:
            raise RestoreRefused(_("%(path)s is not the file of that name in the archive: move it away.")
                                 % {"path": target})
    return missing


@contextmanager
def _put_beside(reader: Reader, missing: Mapping[File, Path]) -> Iterator[None]:
    """Unpack files; an error in the block takes them back."""
    try:
        for file, target in missing.items():
            reader.extract(file, target)
        yield
    except BaseException:
        for target in missing.values():
            target.unlink(missing_ok=True)
        raise


def _migrate_and_verify(url: str, folder: Path) -> None:
    """Do so to the trial in a process that has no way to our own data; RestoreRefused where it fails."""
    environment = os.environ | {
        "DATABASE_URL": url, "DATA_DIR": str(folder / "data"), "REDIS_URL": "", "SECRET_KEY": settings.SECRET_KEY,
        "LOG_LEVEL": "ERROR", "PYTHONWARNINGS": "ignore",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "apps.daily.trying"], cwd=settings.BASE_DIR, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )
    if ended.returncode:
        said = " ".join(f"{ended.stdout} {ended.stderr}".split())[-_TOLD_MAX:]
        raise RestoreRefused(_("The books in the archive could not be migrated and verified: %(said)s")
                             % {"said": said})


@unit_of_work
def _tell_the_trail(path: Path, manifest: Manifest) -> None:
    cache.clear()  # the mode and whatever else was known of the books that went
    record(
        "books.restored", acting_user=None, company_id=None, subject="backup", subject_id=path.name[:40],
        detail={"made_at": manifest.facts.get("made_at"), "version": manifest.facts.get("version")},
    )
    logger.info("books.restored", extra={"made_at": manifest.facts.get("made_at")})
