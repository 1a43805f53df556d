"""How well the assistant finds, answers and refuses, without a model, part by part.

    python -m benchmarks.eval_chat [--documents FOLDER] [--questions FILE] [--half tune|held_out|all] [--no-dense]
    python -m benchmarks.eval_chat --set others|trades|offices
    python -m benchmarks.eval_chat --squad FILE

The questions are one JSON object a line: `question`, `kind`, `document`, `passages` (verbatim), `answer`, `half`, and
perhaps `also`. Those without passages have no answer in the documents. A passage counts as found when it overlaps one
that the question names, or holds an answer of twenty characters or more word for word: some facts stand in two
documents. `also` are texts of other passages that answer too: they were judged after the weights were settled, among
the first three passages found, and the table says what counts without them.

Ours (benchmarks/chat/questions.jsonl) are q001 to q212 and b001 to b200, written without sight of the retrieval code by
two hands, half of them held out, and t001 to t080, written later for the half `tune` alone; turns.jsonl has follow-ups.
Sets of other hands ask about other documents: `others` (a school, a distributor, a cooperative, an encyclopedia),
`trades` (a club, a course of costs, a treasury, a library, exports, a railway, a program that invoices) and `offices`
(a chair, a consortium, a cooperative, a company, an encyclopedia, a university).
Weights, thresholds and lists of words may be tuned on `tune`; what is reported is `held_out`. `--squad` takes a file in
the format of SQuAD (the Spanish part of XQuAD, for one): its paragraphs become the documents, but those of every fifth
article, whose questions are about other subjects then.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import resource
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from services.chat.config import ChatConfig, pin_threads

pin_threads()

from services.chat import answering, index, rag_service  # noqa: E402 - after the threads are pinned
from services.chat.analysis import fold  # noqa: E402
from services.chat.conversation import Turn  # noqa: E402
from services.chat.generation import Generation  # noqa: E402
from services.chat.meaning import Meaning  # noqa: E402
from services.chat.retrieval import Retrieved, Weights, retrieve  # noqa: E402

HERE = Path(__file__).parent
SETS = ("others", "trades", "offices")
DEPTH = 10
MARKS = re.compile(r"[*`|#;]|(?<!\w)- ")
ANSWER_MIN = 20
ARTICLES_PER_OTHER = 5
NONE = Weights(**dict.fromkeys((field.name for field in dataclasses.fields(Weights)), 0.0))
UNREAD = {"covered": 0.0, "own": 0.0, "fitting": 0.0, "named": 0.0, "alike": 0.0}
_meant: dict[str, Meaning | None] = {}
PARTS = {
    "all": Weights(),
    "without meaning": dataclasses.replace(Weights(), alike=0),
    "without 4-grams": dataclasses.replace(Weights(), gram=0),
    "without sentences": dataclasses.replace(Weights(), covered=0, own=0, fitting=0, alike=0),
    "without headings": dataclasses.replace(Weights(), named=0),
    "without reading": dataclasses.replace(Weights(), **UNREAD),
    "words alone": dataclasses.replace(NONE, word=1),
    "4-grams alone": dataclasses.replace(NONE, gram=1),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=Path, default=ChatConfig().data_dir)
    parser.add_argument("--questions", type=Path, default=HERE / "chat" / "questions.jsonl")
    parser.add_argument("--set", choices=SETS, help="documents of others and the questions about them")
    parser.add_argument("--squad", type=Path)
    parser.add_argument("--half", choices=["tune", "held_out", "all"], default="held_out")
    parser.add_argument("--no-dense", action="store_true")
    chosen = parser.parse_args()
    if chosen.set:
        chosen.documents, chosen.questions = HERE / "chat" / chosen.set, HERE / "chat" / f"{chosen.set}.jsonl"
    with tempfile.TemporaryDirectory() as folder:
        documents, questions = chosen.documents, read_questions(chosen.questions, chosen.half)
        if chosen.squad:
            documents, questions = Path(folder) / "documents", unpacked(chosen.squad, Path(folder) / "documents")
        generation = made(documents, Path(folder) / "index", dense=not chosen.no_dense)
        print(f"{len(generation.documents)} documents, {len(generation.spans)} passages, {len(questions)} questions"
              f" ({chosen.half})\n")
        report(generation, questions)
        if documents == ChatConfig().data_dir:
            follow_ups(read_questions(HERE / "chat" / "turns.jsonl", chosen.half))


def read_questions(file: Path, half: str) -> list[dict[str, Any]]:
    questions = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [one for one in questions if half in {"all", one.get("half", half)}]


def unpacked(squad: Path, folder: Path) -> list[dict[str, Any]]:
    """Write each paragraph of a SQuAD file as a document; return its questions."""
    folder.mkdir()
    questions = []
    articles = json.loads(squad.read_text(encoding="utf-8"))["data"]
    for number, article in enumerate(articles):
        is_other = number % ARTICLES_PER_OTHER == ARTICLES_PER_OTHER - 1
        for place, paragraph in enumerate(article["paragraphs"]):
            name = f"{number:04}-{place:04}.txt"
            if not is_other:
                (folder / name).write_text(paragraph["context"], encoding="utf-8")
            questions += [_squad_question(one, name, paragraph["context"], is_other) for one in paragraph["qas"]]
    return questions


def _squad_question(one: dict[str, Any], name: str, context: str, is_other: bool) -> dict[str, Any]:
    answers = [] if is_other else [answer["text"] for answer in one["answers"] if answer["text"]]
    return {
        "question": one["question"],
        "kind": "unanswerable" if is_other else "squad" if answers else "near_miss",
        "document": name,
        "passages": [context] if answers else [],
        "answer": answers[0] if answers else "",
    }


def made(documents: Path, folder: Path, *, dense: bool) -> Generation:
    config = ChatConfig(data_dir=documents, index_dir=folder, dense=dense)
    rag_service.configure(config)
    started = time.perf_counter()
    rag_service.rebuild_index(vectors=False)
    print(f"words indexed in {time.perf_counter() - started:.1f} s")
    if dense:
        started = time.perf_counter()
        rag_service.with_vectors_if_any()
        print(f"vectors made in {time.perf_counter() - started:.1f} s")
    return index.load(folder)


def report(generation: Generation, questions: Sequence[dict[str, Any]]) -> None:
    answerable = [one for one in questions if one["passages"]]
    print(f"{'parts':<20} {'recall@1':>9} {'@3':>6} {'@10':>6} {'MRR':>6}")
    for name, weights in [("as first labelled", Weights()), *PARTS.items()]:
        judged = name != "as first labelled"
        ranks = [
            rank(generation, one, find(generation, one["question"], weights), judged=judged) for one in answerable
        ]
        print(f"{name:<20} {share(r == 1 for r in ranks):>9} {share(0 < r <= 3 for r in ranks):>6}"
              f" {share(0 < r <= DEPTH for r in ranks):>6} {statistics.mean(1 / r if r else 0 for r in ranks):>6.2f}")
    print(f"\n{'kind':<14} {'n':>4} {'recall@1':>9} {'@3':>6} {'in extract':>11} {'refused':>8}")
    kinds: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in questions:
        kinds[one["kind"]].append(one)
    for kind, ones in kinds.items():
        print(f"{kind:<14} {len(ones):>4} {kind_row(generation, ones)}")
    refusals(generation, questions)
    speed(generation, questions)


def kind_row(generation: Generation, ones: Sequence[dict[str, Any]]) -> str:
    plans = [rag_service.prepare(one["question"]) for one in ones]
    refused = share(not plan.quotable for plan in plans)
    if not ones[0]["passages"]:
        return f"{'':>9} {'':>6} {'':>11} {refused:>8}"
    ranks = [rank(generation, one, find(generation, one["question"], Weights())) for one in ones]
    held = share(holds(answering.quote(plan).text, one) for plan, one in zip(plans, ones, strict=True))
    return f"{share(r == 1 for r in ranks):>9} {share(0 < r <= 3 for r in ranks):>6} {held:>11} {refused:>8}"


def refusals(generation: Generation, questions: Sequence[dict[str, Any]]) -> None:
    sure = [find(generation, one["question"], Weights()).confidence for one in questions]
    has = [sure[place] for place, one in enumerate(questions) if one["passages"]]
    lacks = [sure[place] for place, one in enumerate(questions) if one["kind"] == "unanswerable"]
    if not lacks:
        return
    wins = [(x > y) + 0.5 * (x == y) for x in has for y in lacks]
    print(f"\nAUROC of the confidence, answerable against other subjects: {statistics.mean(wins):.3f}")
    for kept in (0.90, 0.95, 0.98):
        threshold = sorted(has)[int((1 - kept) * len(has))]
        answered = share(y >= threshold for y in lacks)
        print(f"  threshold {threshold:.2f} keeps {kept:.0%} and answers {answered} of those")
    print(f"  in force: {answering.CONFIDENCE_MIN}")


def follow_ups(questions: Sequence[dict[str, Any]]) -> None:
    right = []
    for one in questions:
        plan = rag_service.prepare(one["question"], turns=[Turn(text) for text in one["turns"]])
        right.append(holds(answering.quote(plan).text, one) if one["passages"] else not plan.quotable)
    print(f"follow-ups answered: {share(right)} of {len(right)}")


def speed(generation: Generation, questions: Sequence[dict[str, Any]]) -> None:
    print()
    for part in ("all", "without meaning"):
        times = []
        for one in questions:
            started = time.process_time()
            retrieve(generation, one["question"], top_k=DEPTH, weights=PARTS[part], meaning=rag_service.meaning)
            times.append(1000 * (time.process_time() - started))
        slow = sorted(times)[int(0.95 * len(times))]
        print(f"CPU of a retrieval, {part}: p50 {statistics.median(times):.1f} ms, p95 {slow:.1f} ms")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process: {memory:.0f} MB")


def find(generation: Generation, question: str, weights: Weights) -> Retrieved:
    return retrieve(generation, question, top_k=DEPTH, weights=weights, meaning=meant)


def meant(generation: Generation, question: str) -> Meaning | None:
    """Return what a question means, asking the network once for all the parts that are switched on and off."""
    if question not in _meant:
        _meant[question] = rag_service.meaning(generation, question)
    return _meant[question]


def rank(generation: Generation, one: dict[str, Any], found: Retrieved, *, judged: bool = True) -> int:
    """Return the place of the first passage that holds what was asked, 0 for none."""
    return next((
        place for place, hit in enumerate(found.hits, start=1) if answers(generation, one, hit.passage, judged=judged)
    ), 0)


def answers(generation: Generation, one: dict[str, Any], passage: int, *, judged: bool) -> bool:
    text = generation.text(passage)
    if len(one["answer"]) >= ANSWER_MIN and one["answer"] in text:
        return True
    if judged and any(part in text for part in one.get("also", ())):
        return True
    named = generation.document_of(passage).name == one["document"]
    return named and any(overlaps(text, part) for part in one["passages"])


def overlaps(text: str, part: str) -> bool:
    text, part = bare(text), bare(part)
    if text in part:
        return True
    return part in text or (len(part) > 40 and (part[: len(part) // 2] in text or part[len(part) // 2 :] in text))


def holds(answer: str, one: dict[str, Any]) -> bool:
    said = bare(answer)
    parts = (one["answer"], *one["passages"], *one.get("also", ()))
    return any(bare(part) in said for part in parts if part)


def bare(text: str) -> str:
    """Return a text without marks of Markdown, accents and line ends, for a wrapped quote is the same quote."""
    return " ".join(MARKS.sub(" ", fold(text)).split())


def share(values: Iterable[bool]) -> str:
    counted = list(values)
    return f"{100 * sum(counted) / max(len(counted), 1):.0f} %"


if __name__ == "__main__":
    main()
