"""The room of what is done every day, and of keeping the books safe: backup and restore."""
