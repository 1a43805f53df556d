"""The journal of a small Argentine distributor, made up day by day; pure Python, no Django.

`journal.generate` is the way in, `files` writes what it returns in the import format.
"""
