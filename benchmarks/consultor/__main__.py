"""How well questions about the books are answered.

    python -m benchmarks.consultor [--half tune|held_out|all] [--engine sqlite|postgresql|both]
                                   [--questions FILE] [--show]
    python -m benchmarks.consultor --model   # the model path, driven by a scripted gateway

The questions and their gold SQL were written before the templates (questions.tsv); the half `tune` may be looked
at while tuning, what is reported is the half `held_out`. `--show` names what failed, of the half `tune` alone.
An answer is right when its rows hold the gold's on all three companies' books. PostgreSQL is the one of DATABASE_URL.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.consultor.books import TODAY, companies
from benchmarks.consultor.questions import FILE, Question, load
from benchmarks.consultor.scoring import same_rows
from services.consultorIA import consultor_service, sample
from services.consultorIA.errors import QueryError
from services.consultorIA.readers import Reader, SqliteReader
from services.consultorIA.refusals import Refusal

ROWS = 20_000
SECRETS = ("mosaite.example", "argon2")


@dataclass
class Score:
    """What came of the questions; times in milliseconds, one a question and company."""

    right: list[Question] = field(default_factory=list)
    wrong: list[Question] = field(default_factory=list)
    unanswered: list[Question] = field(default_factory=list)
    refused: list[Question] = field(default_factory=list)
    answered_wrongly: list[Question] = field(default_factory=list)
    leaks: list[Question] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=["tune", "held_out", "all"], default="held_out")
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="sqlite")
    parser.add_argument("--questions", type=Path, default=FILE)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--model", action="store_true")
    chosen = parser.parse_args()
    if chosen.model:
        from benchmarks.consultor import scripted

        scripted.main()
        return
    questions = [one for one in load(chosen.questions) if chosen.half in {"all", one.half}]
    engines = ["sqlite", "postgresql"] if chosen.engine == "both" else [chosen.engine]
    for engine in engines:
        with opened(engine) as readers:
            score = evaluate(questions, readers)
        report(engine, chosen.half, score)
        if chosen.show:
            show(score)


@contextmanager
def opened(engine: str) -> Iterator[dict[str, Reader]]:
    """Give a reader of each company's books."""
    books = companies()
    if engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "books.sqlite3"
            sample.write(path, list(books.values()))
            yield {name: SqliteReader(path, number) for number, name in enumerate(books, 1)}
        return
    from benchmarks.consultor.postgresql import opened as on_postgresql

    with on_postgresql(books) as readers:
        yield readers


def evaluate(questions: list[Question], readers: dict[str, Reader]) -> Score:
    score = Score()
    for question in questions:
        outcomes = [ask(question, company, reader, score) for company, reader in readers.items()]
        if not question.answerable:
            (score.answered_wrongly if "answered" in outcomes or "wrong" in outcomes else score.refused).append(
                question
            )
        elif "wrong" in outcomes:
            score.wrong.append(question)
        elif "refused" in outcomes:
            score.unanswered.append(question)
        else:
            score.right.append(question)
    return score


def ask(question: Question, company: str, reader: Reader, score: Score) -> str:
    text = question.asked_in(company)
    started = time.perf_counter()
    try:
        made = consultor_service.interpretar(text, reader=reader, today=TODAY)
        rows = reader.run(made.consulta, limit=ROWS).rows
    except Refusal as refusal:
        score.why.setdefault(
            question.text, f"{company}: {refusal.codigo} {refusal.error_usuario} {list(refusal.sugerencias)}"
        )
        return "refused"
    except QueryError as error:
        score.why.setdefault(question.text, f"{company}: FAILED {error}")
        return "wrong"
    finally:
        score.times.append((time.perf_counter() - started) * 1000)
    if any(secret in str(value) for row in rows for value in row for secret in SECRETS):
        score.leaks.append(question)
    if not question.answerable:
        score.why[question.text] = f"{company}: {made.consulta}"
        return "answered"
    gold = reader.run(question.gold_in(company), limit=ROWS).rows
    if same_rows(gold, rows):
        return "right"
    score.why[question.text] = (
        f"{company}: {made.consulta}\n      {rows[:3]} gold {gold[:3]} ({len(rows)} / {len(gold)} rows)"
    )
    return "wrong"


def report(engine: str, half: str, score: Score) -> None:
    answered = len(score.right) + len(score.wrong)
    answerable = answered + len(score.unanswered)
    others = len(score.refused) + len(score.answered_wrongly)
    times = sorted(score.times)
    print(f"\n{engine}, {half}: {answerable} answerable and {others} other questions on three companies' books")
    print(f"  precision when answering   {share(len(score.right), answered)}")
    print(f"  coverage (right)           {share(len(score.right), answerable)}")
    print(f"  not understood             {share(len(score.unanswered), answerable)}")
    print(f"  wrong on the unanswerable  {share(len(score.answered_wrongly), others)}")
    print(f"  leaks                      {len(score.leaks)}")
    print(f"  p50 / p95 ms               {statistics.median(times):.1f} / {times[int(len(times) * 0.95)]:.1f}")
    families = (
        Counter(one.family for one in score.right),
        Counter(one.family for one in [*score.right, *score.wrong, *score.unanswered]),
    )
    print(
        "  by family: "
        + ", ".join(f"{name} {families[0][name]}/{count}" for name, count in sorted(families[1].items()))
    )


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f} %  ({part} of {whole})" if whole else "-"


def show(score: Score) -> None:
    for name in ("wrong", "answered_wrongly", "unanswered"):
        print(f"\n-- {name}")
        for question in getattr(score, name):
            if question.half == "tune":
                print(f"  {question.family}: {question.text}\n      {score.why.get(question.text)}")


if __name__ == "__main__":
    main()
