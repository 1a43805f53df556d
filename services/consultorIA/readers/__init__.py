"""The confined readers: one SELECT at a time, over the views, of one company.

A reader is made for a company and asked with `run`; it lets nothing through that the validator
refuses, and its connection could do no harm with what the validator let through by mistake.
"""

from services.consultorIA.readers.base import ROWS_MAX, TIME_MAX_S, Cell, Reader, Result
from services.consultorIA.readers.sqlite import SqliteReader

__all__ = ["ROWS_MAX", "TIME_MAX_S", "Cell", "Reader", "Result", "SqliteReader"]
