"""The language models' room: what users may use of them, and how the providers stand."""
