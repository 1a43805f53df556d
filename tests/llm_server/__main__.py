"""Serve until interrupted: `python -m tests.llm_server [PORT-FREE NAMES]` prints the base URLs."""

from __future__ import annotations

import sys
import threading

from tests.llm_server import LLMServer

if __name__ == "__main__":
    with LLMServer() as server:
        print(f"OPENAI_BASE_URL={server.openai()}")
        print(f"ANTHROPIC_BASE_URL={server.anthropic()}")
        print(f"GOOGLE_BASE_URL={server.google()}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.exit(0)
