"""A company as a file, in any format."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from django.utils.text import slugify

from apps.companies.models import Company
from apps.transfer.company.writing import write_archive
from apps.transfer.text.beancount import write_beancount
from apps.transfer.text.hledger import write_hledger

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is written, what it ends in and what it is."""

    write: Callable[[Company, Path], None]
    suffix: str
    media_type: str


FORMATS = {
    "archive": Format(write_archive, ".mosaite.zip", "application/zip"),
    "beancount": Format(write_beancount, ".beancount", "text/plain"),
    "hledger": Format(write_hledger, ".journal", "text/plain"),
}


def export_company(company: Company, kind: str, path: Path) -> None:
    """Write a company to a file in one of FORMATS."""
    FORMATS[kind].write(company, path)
    logger.info("company.exported", extra={"company_id": company.pk, "format": kind, "bytes": path.stat().st_size})


def file_name(company: Company, kind: str) -> str:
    """Return a fitting name: the company's and the day."""
    return f"{slugify(company.name) or company.pk}-{timezone.localdate():%Y%m%d}{FORMATS[kind].suffix}"
