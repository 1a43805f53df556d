"""Balances from the two sides of an account, in centavos."""

from __future__ import annotations


def saldo(debits: int, credits_: int, *, debit_nature: bool) -> int:
    """Return the balance, positive on the side of the account's nature (Deudora or Acreedora)."""
    return debits - credits_ if debit_nature else credits_ - debits


def debit_and_credit_balance(debits: int, credits_: int) -> tuple[int, int]:
    """Return (saldo deudor, saldo acreedor): one of them zero, neither negative."""
    difference = debits - credits_
    return max(difference, 0), max(-difference, 0)
