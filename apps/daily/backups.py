"""Taking backups: one archive with the database and the folders that are kept beside it."""

from __future__ import annotations

import datetime as dt
import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from apps.daily.engines import engine
from apps.daily.errors import BackupFailed
from services.daily import archive
from services.daily.archive import PART, Damaged
from services.daily.rotation import expendable

logger = logging.getLogger(__name__)

KIND = "mosaite-backup"
FORMAT = 1
FILES = "files"  # under this folder of the archive stand those of DATA_DIR
_NAME = re.compile(r"mosaite-(?P<at>[0-9]{8}-[0-9]{6})\.zip")
_SCRATCH = ".scratch-"
_LEFT_BEHIND = dt.timedelta(days=1)
_AT = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive that was made and read back."""

    path: Path
    size: int
    files: int


def make_backup(path: Path) -> Backup:
    """Write everything to an archive at `path` and read it back; BackupFailed leaves nothing.

    One state of the database, whoever writes meanwhile; the files beside it are taken after it, and are
    never changed once written, so that none is missing that the database names.
    """
    used = engine()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (
            tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=path.parent) as scratch,
            archive.writing(path, kind=KIND, version=FORMAT, facts=_facts) as writer,
        ):
            dump = Path(scratch) / used.dump_name
            used.dump(dump)
            writer.add(used.dump_name, dump)
            for name, source in _kept_files():
                writer.add(name, source)
        with archive.reading(path, kind=KIND) as reader:
            reader.check()
    except (OSError, Damaged) as error:
        raise BackupFailed(error) from error
    made = Backup(path, path.stat().st_size, len(reader.manifest.files) - 1)
    logger.info("backup.made", extra={"bytes": made.size, "files": made.files})
    return made


def _facts() -> dict[str, Any]:
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return {
        "engine": connection.vendor,
        "version": settings.SPECTACULAR_SETTINGS["VERSION"],
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "migrations": [list(migration) for migration in applied],
    }


def _kept_files() -> Iterator[tuple[str, Path]]:
    """Yield the name in the archive and the place of each file that is kept beside the database."""
    for folder in settings.BACKUP_FOLDERS:
        for source in sorted((settings.DATA_DIR / folder).rglob("*")):
            if source.is_file() and not source.name.endswith(PART):
                yield f"{FILES}/{source.relative_to(settings.DATA_DIR).as_posix()}", source


def new_path(folder: Path) -> Path:
    """Return a free name for a backup of this moment."""
    at = timezone.localtime()
    while (path := folder / f"mosaite-{at.strftime(_AT)}.zip").exists():
        at += dt.timedelta(seconds=1)
    return path


def rotate(folder: Path, *, days: int, months: int) -> list[Path]:
    """Delete the backups that need not be kept (services/daily/rotation.py); return them.

    Only what bears the name that `new_path` gives is looked at, and what a killed process left behind.
    """
    _sweep(folder)
    by_moment = {
        timezone.make_aware(dt.datetime.strptime(match["at"], _AT)): path  # noqa: DTZ007 - made aware at once
        for path in folder.glob("mosaite-*.zip") if (match := _NAME.fullmatch(path.name))
    }
    gone = [by_moment[at] for at in sorted(expendable(by_moment, days=days, months=months))]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _sweep(folder: Path) -> None:
    long_ago = (timezone.now() - _LEFT_BEHIND).timestamp()
    for left in [*folder.glob(f"{_SCRATCH}*"), *folder.glob(f"mosaite-*{PART}")]:
        if left.stat().st_mtime < long_ago:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
