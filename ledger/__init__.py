"""The rules of double entry in plain Python."""
