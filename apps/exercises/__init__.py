"""Exercises: what teachers ask, what students hand in, and its grade."""
