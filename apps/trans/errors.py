"""What the transactions room refuses, and in which words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.common.errors import Conflict, Forbidden, Invalid, Missing, Refused, Stale
from ledger.money import pesos
from ledger.rules import LINES_MAX, Fault

FAULT_TEXTS = {
    "date_out_of_range": _("The date must lie between 1900 and 2199."),
    "too_few_lines": _("A transaction needs at least two lines."),
    "too_many_lines": _("A transaction may have at most %(max)d lines: split it."),
    "negative_amount": _("The amount cannot be negative: put it on the other side."),
    "amount_too_large": _("The amount is too large."),
    "two_sides": _("A line goes either to the debit or to the credit, not to both."),
    "no_amount": _("The line needs an amount above zero in the debit or in the credit."),
    "account_unknown": _("There is no such account in this company."),
    "account_heading": _("This account is a heading: choose one of the accounts under it."),
    "account_inactive": _("This account is inactive: activate it or choose another."),
}


class DraftInvalid(Invalid):
    """The draft breaks rules of double entry; the message names line and field."""

    code = "invalid_transaction"

    def __init__(self, faults: list[Fault], lines: int) -> None:
        self.faults = faults
        super().__init__(_fields(faults, lines))


def _fields(faults: list[Fault], lines: int) -> dict[str, Any]:
    """Return the contract's shape: `{"entries": [{}, {"debit": ["..."]}]}` beside whole-body faults."""
    fields: dict[str, Any] = {}
    rows: list[dict[str, list[str]]] = [{} for _line in range(lines)]
    for fault in faults:
        if fault.line is None:
            fields.setdefault(fault.place, []).append(fault_text(fault))
        else:
            rows[fault.line].setdefault(fault.place, []).append(fault_text(fault))
    if any(rows):
        fields["entries"] = rows
    return fields


def fault_text(fault: Fault) -> str:
    """Return a fault in words, with its figures in pesos."""
    if fault.code == "unbalanced":
        return _unbalanced(fault.figures["debit"], fault.figures["credit"])
    return str(FAULT_TEXTS[fault.code]) % {"max": LINES_MAX}


def _unbalanced(debit: int, credit: int) -> str:
    figures = {"debit": pesos(debit), "credit": pesos(credit), "difference": pesos(abs(debit - credit))}
    if debit > credit:
        text = gettext("Debit %(debit)s and credit %(credit)s differ: %(difference)s is missing in the credit.")
    else:
        text = gettext("Debit %(debit)s and credit %(credit)s differ: %(difference)s is missing in the debit.")
    return text % figures


class UnknownTransaction(Missing):
    """There is no such transaction in the company."""

    message = _("There is no such transaction.")


class NotYours(Forbidden):
    """The role reaches only the caller's own transactions."""

    code = "not_own_transaction"
    message = _("You can do this only with your own transactions.")


class NoLongerPending(Forbidden):
    """The role may delete its own transactions only while they await verification."""

    code = "transaction_not_pending"
    message = _("You can delete your transactions only while they await verification.")


class TransactionClosed(Refused):
    """A closed transaction does not change, ever."""

    code = "transaction_closed"
    message = _("The transaction is closed and cannot change: record a reversal instead.")


class AlreadyClosed(TransactionClosed):
    """Closing what is closed."""

    message = _("The transaction is already closed")


class TransactionVerified(Refused):
    """A verified transaction changes only after its verification is withdrawn."""

    code = "transaction_verified"
    message = _("The transaction is verified: withdraw the verification before changing it.")


class NotVerified(Refused):
    """Only what has been verified can be closed."""

    code = "transaction_not_verified"
    message = _("The transaction must be verified before it is closed.")


class NotClosed(Conflict):
    """Only a closed transaction is reversed; an open one is edited."""

    code = "transaction_not_closed"
    message = _("Only a closed transaction can be reversed: edit or delete this one.")


class AlreadyReversed(Conflict):
    """A transaction has at most one reversal."""

    code = "already_reversed"
    message = _("The transaction has already been reversed.")


class AccountsUnusable(Conflict):
    """An account of the transaction to reverse is no longer active."""

    code = "account_inactive"
    message = _("An account of this transaction is inactive: activate it first.")


class BalanceOverflow(Conflict):
    """An account's totals, with this transaction's, would not fit 64 bits."""

    code = "balance_overflow"
    message = _("The amounts are too large: with them an account's total would exceed what the books can hold.")


class VersionMismatch(Stale):
    """`If-Match` names another version."""


class KeyReused(Conflict):
    """The idempotency key came before, with another body."""

    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was already used for another request: use a new one.")


class BooksNotErasable(Conflict):
    """Only a practice company's books can be erased, or a shared one's in educational mode."""

    code = "books_not_erasable"
    message = _("The books of this company cannot be erased.")
