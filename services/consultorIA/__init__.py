"""Answers from the books: questions in Spanish become SQL over a few confined views.

`from services.consultorIA import consultor_service` is the way in. Importing loads no model and opens
no database.
"""
