"""One module per dialect, and the engine that answers in this process."""
