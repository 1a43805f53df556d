"""Django's PostgreSQL, for callers who would rather hear soon that it is away."""
