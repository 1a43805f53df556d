"""Changing companies and periods."""

from apps.companies.actions.companies import change_company, open_bare_company, open_company, remove_company
from apps.companies.actions.periods import close_period, open_period, reopen_period
from apps.companies.actions.practice import Practice, move_person, open_practice

__all__ = [
    "Practice",
    "change_company",
    "close_period",
    "move_person",
    "open_bare_company",
    "open_company",
    "open_period",
    "open_practice",
    "remove_company",
    "reopen_period",
]
