"""The accountant's books: libro diario, reports, the end of the year."""
