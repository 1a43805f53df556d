"""A company's journal as the text that plain-text accounting programs read."""
