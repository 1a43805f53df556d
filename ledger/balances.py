"""Balances from the two sides of an account, in centavos."""

from __future__ import annotations


def saldo(debits: int, credits_: int, *, debit_nature: bool) -> int:
    """Return the balance, positive on the side of the account's nature (Deudora or Acreedora)."""
    return debits - credits_ if debit_nature else credits_ - debits
