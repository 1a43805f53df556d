"""Templates of transactions, and transactions that recur."""
