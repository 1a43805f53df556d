"""Add vectors to the current index: `python -m services.chat.embed_index`."""

from __future__ import annotations

import sys

from services.chat.config import pin_threads


def main() -> int:
    """Return 0 when the vectors are there, 1 when they could not be made."""
    pin_threads()
    from services.chat import rag_service
    from services.chat.networks import ModelMissing

    try:
        if not rag_service.has_vectors():
            rag_service.with_vectors()
    except (ModelMissing, rag_service.IndexMissing, rag_service.RebuildRunning) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
