"""SQL of each shape of form."""
