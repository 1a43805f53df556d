"""How well questions about the books are answered, without a model and with one."""
