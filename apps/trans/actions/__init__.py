"""The one write path into the books."""

from apps.trans.actions.closing import (
    Outcome,
    close_transaction,
    close_transactions,
    close_verified,
    toggle_status,
    verify_transactions,
)
from apps.trans.actions.editing import Change, delete_transaction, edit_transaction
from apps.trans.actions.erasing import erase_company_books
from apps.trans.actions.generating import post_generated
from apps.trans.actions.posting import post_transaction, post_transactions
from apps.trans.actions.recording import NumbersBroken, Past, record_past
from apps.trans.actions.reopening import reopen_transactions
from apps.trans.actions.reversing import reverse_transaction

__all__ = [
    "Change",
    "NumbersBroken",
    "Outcome",
    "Past",
    "close_transaction",
    "close_transactions",
    "close_verified",
    "delete_transaction",
    "edit_transaction",
    "erase_company_books",
    "post_generated",
    "post_transaction",
    "post_transactions",
    "record_past",
    "reopen_transactions",
    "reverse_transaction",
    "toggle_status",
    "verify_transactions",
]
