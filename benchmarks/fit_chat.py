"""Fit how sure the assistant is: `python -m benchmarks.fit_chat` prints the weights of services/chat/confidence.py.

On the halves `tune` of every set that eval_chat.py knows, each set as much as another. Answered is what has its passage
among the first three; not to be answered are the questions without passages, and those of the other sets. Near misses
count little beside them, for nothing here tells them apart; questions whose passage was not found count a little
against. The ranking's weights, which retrieval.py has, were found on the same halves by maximizing the likelihood of
the right passage among those that were read, and rounded.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.eval_chat import HERE, SETS, answers, made, read_questions
from services.chat import rag_service
from services.chat.confidence import Evidence
from services.chat.config import ChatConfig
from services.chat.generation import Generation
from services.chat.retrieval import SURE_OF, retrieve

# How much a question counts, by its kind; every other of another set's that are in Spanish is left out.
COUNTS = {"english": 2.0, "near_miss": 2.0, "unanswerable": 4.0}
NOT_FOUND = 0.4
OTHERS_EACH = 8
RIDGE = 0.5
STEPS = 30

Row = tuple[Evidence, bool, float]


def main() -> None:
    sets = {"ours": (ChatConfig().data_dir, HERE / "chat" / "questions.jsonl")} | {
        name: (HERE / "chat" / name, HERE / "chat" / f"{name}.jsonl") for name in SETS
    }
    asked = {name: read_questions(file, "tune") for name, (_folder, file) in sets.items()}
    with_meaning: list[list[Row]] = []
    with_words: list[list[Row]] = []
    for name, (documents, _file) in sets.items():
        others = [one for other, questions in asked.items() if other != name for one in _of_another(questions)]
        with tempfile.TemporaryDirectory() as folder:
            generation = made(documents, Path(folder) / "index", dense=True)
            with_meaning.append(list(_rows(generation, asked[name], others, dense=True)))
            with_words.append(list(_rows(generation, asked[name], others, dense=False)))
    for title, rows in (("with meaning", with_meaning), ("with words", with_words)):
        bias, *weights = _fitted(rows)
        print(f"{title}: {Evidence(*(round(weight, 2) for weight in weights))}, {bias:.2f}")


def _of_another(questions: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the questions that no other set's documents answer: those in English, and a few of the others."""
    for number, one in enumerate(questions):
        if one["kind"] == "english" or (one["kind"] in {"plain", "rephrased"} and number % OTHERS_EACH == 0):
            yield one | {"kind": "other", "passages": []}


def _rows(
    generation: Generation, own: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]], *, dense: bool
) -> Iterator[Row]:
    for one in (*own, *others):
        found = retrieve(
            generation, one["question"], top_k=SURE_OF, meaning=rag_service.meaning if dense else None
        )
        if found.evidence is None:
            continue
        is_found = bool(one["passages"]) and any(
            answers(generation, one, hit.passage, judged=True) for hit in found.hits
        )
        missed = bool(one["passages"]) and not is_found
        yield found.evidence, is_found, COUNTS.get(one["kind"], 1.0) * (NOT_FOUND if missed else 1)


def _fitted(sets: Sequence[Sequence[Row]]) -> list[float]:
    """Return the bias and the weights of a logistic regression: Newton's method, with a ridge on scaled features.

    In each set what is answered counts as much as what is not.
    """
    features = np.array([found for rows in sets for found, _is, _count in rows], dtype=float)
    is_found = np.array([is_found for rows in sets for _found, is_found, _count in rows])
    counts = np.concatenate([_balanced(rows) for rows in sets])
    mean, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    columns = np.column_stack([np.ones(len(features)), (features - mean) / spread])
    ridge = np.diag([0.0, *[RIDGE] * len(mean)])
    weights = np.zeros(columns.shape[1])
    for _step in range(STEPS):
        sure = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (counts * (is_found - sure)) - ridge @ weights
        bend = (columns * (counts * sure * (1 - sure))[:, None]).T @ columns + ridge
        weights += np.linalg.solve(bend, slope)
    own = weights[1:] / spread
    return [float(weights[0] - own @ mean), *own.tolist()]


def _balanced(rows: Sequence[Row]) -> Any:
    counts = np.array([count for _found, _is, count in rows])
    is_found = np.array([is_found for _found, is_found, _count in rows])
    for part in (is_found, ~is_found):
        counts[part] *= 500 / counts[part].sum()
    return counts


if __name__ == "__main__":
    main()
