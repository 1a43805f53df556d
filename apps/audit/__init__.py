"""The hash-chained trail of who did what."""
