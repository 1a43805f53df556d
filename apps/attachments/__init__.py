"""Documents of transactions: invoices, receipts and the like."""
