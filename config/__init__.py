"""The composition root: settings, paths, and errors as HTTP."""
