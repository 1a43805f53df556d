"""Finding passages in a thousand and in ten thousand of them, its network aside (bench_networks.py).

The texts are our library's and those of benchmarks/chat/others; ten thousand passages are made of their sentences,
drawn anew. Vectors are drawn too: what they say changes nothing of what is computed. The peer is rank_bm25, which
LangChain's retriever takes, over the same passages cut at blanks, as it comes.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness import Figure, own_process_ms, quiet_median
from services.chat.config import ChatConfig, pin_threads

HERE = Path(__file__).parent / "chat"
ASKED, LARGE, SENTENCES, TOP = 20, 10_000, 4, 3
TARGET_MS = 5
SEED = 7


def figures() -> list[Figure]:
    """Measure a retrieval at two sizes, with words alone and beside vectors."""
    pin_threads()
    from services.chat.rag_service import folder_documents

    documents = folder_documents(ChatConfig().data_dir) + folder_documents(HERE / "others")
    questions = [
        json.loads(line)["question"] for name in ("questions", "others")
        for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    random.Random(SEED).shuffle(questions)
    rows: list[Figure] = []
    for texts, target in ((documents, TARGET_MS), (_many(documents), None)):
        rows += _measured(texts, questions[:ASKED], target)
    return rows


def _measured(documents: Sequence[Any], questions: Sequence[str], target: float | None) -> list[Figure]:
    import numpy as np

    from services.chat import index
    from services.chat.meaning import Meaning, Scale, Vectors
    from services.chat.retrieval import retrieve
    from services.chat.vector_store import SentenceStore, VectorStore

    with tempfile.TemporaryDirectory() as folder, index.building(Path(folder)):
        generation = index.build(Path(folder), documents, size=500, overlap=50)
        count = len(generation.spans)
        sentences = SentenceStore.of(_unit(len(generation.sentence_spans)))
        vectors = Vectors(generation.name, VectorStore(_unit(count)), sentences)
        asked = _unit(1)[0]

        def ask(meaning: Any) -> None:
            for question in questions:
                retrieve(generation, question, top_k=TOP, meaning=meaning)

        def beside(_generation: Any, _question: str) -> Meaning:
            return Meaning(asked, vectors, Scale(other=0, answer=1))

        peer = _peer([generation.text(number) for number in range(count)])

        def ask_peer() -> None:
            for question in questions:
                np.argpartition(-peer.get_scores(question.split()), TOP)[:TOP]

        words, dense, theirs = (
            quiet_median(own_process_ms, act, calls=1) / len(questions)
            for act in (lambda: ask(None), lambda: ask(beside), ask_peer)
        )
    return [
        Figure(f"retrieval of {count:,} passages, words alone", words, target, f"rank_bm25 {theirs:.1f}"),
        Figure(f"retrieval of {count:,} passages, words and vectors", dense, target),
    ]


def _many(documents: Sequence[Any]) -> list[Any]:
    """Return documents of LARGE passages, each of a few sentences under a heading."""
    from services.chat.documents import Document, sentences

    drawn = random.Random(SEED)
    told = [sentence for document in documents for sentence in sentences(document.text) if 30 < len(sentence) < 120]
    passages = [f"## {drawn.choice(told)[:40]}\n\n{' '.join(drawn.sample(told, SENTENCES))}" for _one in range(LARGE)]
    return [Document(f"{first}.md", "\n\n".join(passages[first : first + 100])) for first in range(0, LARGE, 100)]


def _unit(count: int) -> Any:
    import numpy as np

    drawn = np.random.default_rng(SEED).normal(size=(count, 384)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def _peer(passages: Sequence[str]) -> Any:
    from rank_bm25 import BM25Okapi

    return BM25Okapi([passage.split() for passage in passages])
