"""Recomputing the books from their lines, and naming whatever does not agree."""

from apps.trans.verification.findings import Finding
from apps.trans.verification.verify import verify_ledger

__all__ = ["Finding", "verify_ledger"]
