"""Makers of forms: each recognises one shape in a reading, and makes none where it does not."""
