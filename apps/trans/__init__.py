"""Transactions: the one write path into the books."""
