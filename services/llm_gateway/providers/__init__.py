"""One module per dialect, and the model that answers on this machine."""
