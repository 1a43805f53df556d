"""The rooms of the house: one Django app each."""
