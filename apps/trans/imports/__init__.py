"""Journals from files: read, checked whole, recorded all or not at all.

sheets (and workbooks) turn bytes into cells, rows turns cells into lines, plans turns lines into
drafts and names every fault, actions records them, reports says what became of each row.
"""
