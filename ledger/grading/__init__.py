"""Grading of exercises: what was handed in, against what was expected.

An asiento is a multiset of account, side and amount: neither the order of its lines nor their being
merged or split counts, nor the order of the asientos. Each asiento handed in is given to the
expected one that it serves best, all together (an assignment of greatest worth); what differs is
named, and so is what it does to the balance.
"""

from ledger.grading.accepting import NoRoom, accept
from ledger.grading.effects import Effect
from ledger.grading.faults import Fault
from ledger.grading.grade import EntryGrade, Grade, Surplus, grade
from ledger.grading.solutions import (
    ALTERNATIVES_MAX,
    ENTRIES_MAX,
    HANDED_IN_ENTRIES_MAX,
    HANDED_IN_LINES_MAX,
    POINTS_MAX,
    SOLUTION_LINES_MAX,
    SOLUTIONS_MAX,
    TOLERANCE_MAX,
    Alternative,
    Asiento,
    Card,
    CodedLine,
    Dates,
    ExpectedEntry,
    Key,
    Solution,
)

__all__ = [
    "ALTERNATIVES_MAX",
    "ENTRIES_MAX",
    "HANDED_IN_ENTRIES_MAX",
    "HANDED_IN_LINES_MAX",
    "POINTS_MAX",
    "SOLUTIONS_MAX",
    "SOLUTION_LINES_MAX",
    "TOLERANCE_MAX",
    "Alternative",
    "Asiento",
    "Card",
    "CodedLine",
    "Dates",
    "Effect",
    "EntryGrade",
    "ExpectedEntry",
    "Fault",
    "Grade",
    "Key",
    "NoRoom",
    "Solution",
    "Surplus",
    "accept",
    "grade",
]
