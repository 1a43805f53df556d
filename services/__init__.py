"""Libraries that know no Django app."""
