"""The first Mosaite's books: its SQLite file read as it is, and whatever can stand brought into a company.

source reads rows, cells reads values, people, chart, journal and questions say what would become of
each row, planning puts them together, bringing writes, report tells. Nothing is dropped: what cannot
be brought is set aside, whole, in the report.
"""
