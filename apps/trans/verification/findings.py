"""What a verification finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _

TEXTS = {
    "guard_missing": _("The database does not stand guard: %(found)s."),
    "pass_left": _("Company %(company_id)s has a pass that opens closed transactions, left behind."),
    "totals_pass_left": _("A pass that lets totals change was left behind."),
    "unsealed": _("Transaction %(subject)s was never sealed: its balances are not posted."),
    "date_invalid": _("Transaction %(subject)s has no valid date, but %(found)s."),
    "unbalanced": _("Transaction %(subject)s: debits of %(expected)s against credits of %(found)s."),
    "control_total": _("Transaction %(subject)s: its lines add up to %(expected)s, its total says %(found)s."),
    "lines_count": _("Transaction %(subject)s has %(expected)s lines and says %(found)s."),
    "line_sides": _("Line %(subject)s must have one positive side, and has %(found)s."),
    "line_date": _("Line %(subject)s must be dated %(expected)s like its transaction, and is dated %(found)s."),
    "line_lost": _("Line %(subject)s belongs to transaction %(found)s, which is not there."),
    "line_account_missing": _("Line %(subject)s names account %(found)s, which is not there."),
    "line_account_foreign": _("Line %(subject)s names account %(found)s, of another company."),
    "line_account_heading": _("Line %(subject)s names account %(found)s, which is a heading."),
    "account_debits": _("Account %(subject)s: its lines' debits add up to %(expected)s, it says %(found)s."),
    "account_credits": _("Account %(subject)s: its lines' credits add up to %(expected)s, it says %(found)s."),
    "account_parent_foreign": _("Account %(subject)s stands under account %(found)s, of another company."),
    "month_debits": _("Account/month %(subject)s: its lines' debits add up to %(expected)s, it says %(found)s."),
    "month_credits": _("Account/month %(subject)s: its lines' credits add up to %(expected)s, it says %(found)s."),
    "tally": _("User/month/state %(subject)s: there are %(expected)s transactions, the tally says %(found)s."),
    "number_missing": _("Year %(subject)s: no transaction has the number %(expected)s."),
    "number_repeated": _("Year %(subject)s: more than one transaction has the number %(found)s."),
    "number_year": _("Transaction %(subject)s is numbered in the year %(found)s, but dated in %(expected)s."),
    "number_state": _("Transaction %(subject)s has a number exactly when it is closed; it has %(found)s."),
    "counter": _("Year %(subject)s: the last number given is %(expected)s, the counter says %(found)s."),
    "reversal_kind": _("Transaction %(subject)s is a reversal exactly when it names what it reverses."),
    "reversal_open": _("Transaction %(subject)s is a reversal and not closed."),
    "reversal_of_open": _("Transaction %(subject)s reverses transaction %(found)s, which is not closed."),
    "reversal_foreign": _("Transaction %(subject)s reverses transaction %(found)s, of another company."),
    "reversal_lost": _("Transaction %(subject)s reverses transaction %(found)s, which is not there."),
    "reversal_unlike": _("Transaction %(subject)s is not the mirror of transaction %(expected)s, which it reverses."),
    "content_changed": _("Transaction %(subject)s is not what the audit trail recorded: digest %(found)s."),
    "number_changed": _("Transaction %(subject)s has the number %(found)s, where the audit trail says %(expected)s."),
    "reversal_changed": _("Transaction %(subject)s reverses %(found)s, where the audit trail says %(expected)s."),
    "content_unrecorded": _("Transaction %(subject)s is not in the audit trail."),
    "content_missing": _("Transaction %(subject)s of the audit trail is not there, and was not deleted by the system."),
    "book_digest": _("Daily book %(subject)s: its content does not have the digest %(expected)s."),
    "book_content": _("Daily book %(subject)s does not say what its transactions say."),
}
# Of every code that begins with `chain_`: apps.audit.chain says in words what it found.
CHAIN_TEXT = _("Audit trail: %(found)s")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be.

    `code` is stable; `subject` is the key of what it is about (the text says of what kind), amounts
    are centavos. `company_id` is None for what belongs to no company.
    """

    code: str
    company_id: int | None
    subject: str = ""
    expected: int | str | None = None
    found: int | str | None = None

    def __str__(self) -> str:
        return str(TEXTS.get(self.code, CHAIN_TEXT)) % asdict(self)
