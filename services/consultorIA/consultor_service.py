"""ConsultorIA: questions in Spanish answered from the books.

A module of functions over one lazily made object, as documented: `initialize`, `generar_sql`,
`validar_consulta`, `shutdown`. The application asks `responder` with a reader of its own; without one
the configured SQLite file is read, or the sample's books.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.consultorIA import answers, llm_client, probing, sample, sql_classifier, vocabulary, wording
from services.consultorIA.answers import Answer
from services.consultorIA.compiling import compile_form
from services.consultorIA.config import SUGGESTIONS, TODAY_OF_EXAMPLES, ConsultorConfig
from services.consultorIA.errors import QueryError
from services.consultorIA.forms import Filters, Form, Metric, Shape
from services.consultorIA.interpreting import Understood, understand
from services.consultorIA.readers import Reader, Result, SqliteReader
from services.consultorIA.refusals import NO_TEMPLATE, NOT_UNDERSTOOD, Refusal
from services.consultorIA.sql_classifier import Example
from services.consultorIA.sql_validator import Veredicto, looks_like_sql, validar_sql
from services.consultorIA.text import fold
from services.consultorIA.vocabulary import Vocabulary

__all__ = [
    "Answer",
    "Example",
    "Interpretation",
    "configure",
    "generar_sql",
    "initialize",
    "interpretar",
    "repetir",
    "responder",
    "shutdown",
    "validar_consulta",
    "vocabulario_version",
]
TEMPLATE, MODEL = "plantilla", "llm"


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A question understood: its SQL, the form behind it (None for free SQL), who made it and how sure it is."""

    consulta: str
    form: Form | None
    origen: str
    interpretacion: str
    confianza: float


# --- Questions -------------------------------------------------------------------------------------------


def interpretar(
    pregunta: str,
    *,
    reader: Reader,
    today: dt.date,
    previous: Mapping[str, Any] | None = None,
    examples: Sequence[Example] = (),
    use_model: bool = False,
    user: str = "",
) -> Interpretation:
    """Return what a question means, having read nothing but the vocabulary. Raises Refusal or QueryError.

    `previous` is the form of the question before in the conversation; `examples` are approved answers.
    """
    if looks_like_sql(pregunta):
        return _typed(pregunta, reader)
    known = vocabulary.read(reader)
    before = Form.from_dict(previous) if previous else None
    try:
        in_legends = functools.partial(_in_legends, reader)
        understood = _by_rules(pregunta, known, today, before, examples, in_legends)
    except Refusal as refusal:
        if not use_model or refusal.codigo != NOT_UNDERSTOOD or refusal.sugerencias or not llm_client.is_configured():
            raise
        asked = llm_client.Asked(pregunta, known, today, reader, _nearest(pregunta, examples), user)
        return _by_model(asked, refusal)
    return _interpretation(understood, TEMPLATE)


def _typed(sql: str, reader: Reader) -> Interpretation:
    verdict = validar_sql(sql, reader.dialect)
    if not verdict["valida"]:
        raise Refusal(verdict["codigo"], verdict["error_usuario"], verdict["error_tecnico"])
    return Interpretation(verdict["consulta"], None, TEMPLATE, "La consulta SQL tal como la escribiste.", 1.0)


def _in_legends(reader: Reader, form: Form) -> bool:
    """Return whether some line is what a form asks for, the words of its legends included."""
    accounts = form.filters.accounts
    probe = Form(Shape.LINES, Metric.COUNT, period=form.period, filters=Filters(accounts, legends=form.filters.legends))
    ((count,),) = reader.run(compile_form(probe)).rows
    return bool(count)


def _by_rules(  # noqa: PLR0917 - what a question is read with
    question: str,
    known: Vocabulary,
    today: dt.date,
    previous: Form | None,
    examples: Sequence[Example],
    in_legends: Callable[[Form], bool],
) -> Understood:
    """Return the form of the rules, else of an approved answer to the same question."""
    try:
        return understand(question, known, today, previous, in_legends)
    except Refusal as refusal:
        asked = fold(question).strip(" ?!.")
        same = next((one for one in examples if fold(one.question).strip(" ?!.") == asked), None)
        if same is None or refusal.codigo != NOT_UNDERSTOOD:
            raise
        return Understood(Form.from_dict(same.form), 0.9, ("respuesta aprobada antes",))


def _interpretation(understood: Understood, origin: str) -> Interpretation:
    words = wording.interpretation(understood.form, understood.notes)
    return Interpretation(compile_form(understood.form), understood.form, origin, words, understood.confidence)


def _nearest(question: str, examples: Sequence[Example]) -> list[Example]:
    return [example for _score, example in sql_classifier.rank(question, [*examples, *sql_classifier.load()])]


def _by_model(asked: llm_client.Asked, refusal: Refusal) -> Interpretation:
    made = llm_client.interpret(asked)
    if made is None:
        raise refusal
    if isinstance(made, Understood):
        return _interpretation(made, MODEL)
    return Interpretation(
        made, None, MODEL, "Consulta escrita por el modelo y revisada: controlá que sea lo que preguntaste.", 0.5
    )


def responder(
    pregunta: str,
    *,
    reader: Reader,
    today: dt.date,
    previous: Mapping[str, Any] | None = None,
    examples: Sequence[Example] = (),
    use_model: bool = True,
    user: str = "",
    execute: bool = True,
) -> Answer:
    """Answer a question from the reader's company; never raises for what a user can type.

    With `execute` false the SQL comes without rows.
    """
    try:
        made = interpretar(
            pregunta, reader=reader, today=today, previous=previous, examples=examples, use_model=use_model, user=user
        )
    except Refusal as refusal:
        return _refused(refusal, pregunta, reader)
    except QueryError as error:
        return _failed(error)
    return _answer(made, reader, execute=execute)


def repetir(
    _pregunta: str,
    *,
    consulta: str,
    form: Mapping[str, Any] | None,
    reader: Reader,
    today: dt.date,  # noqa: ARG001
    origen: str,
    interpretacion: str,
    confianza: float,
    execute: bool = True,
) -> Answer:
    """Run a stored answer's SQL again and dress it from its form; interprets nothing and asks no model."""
    read = Form.from_dict(form) if form else None
    return _answer(Interpretation(consulta, read, origen, interpretacion, confianza), reader, execute=execute)


def _answer(made: Interpretation, reader: Reader, *, execute: bool) -> Answer:
    form = made.form
    common: dict[str, Any] = {
        "valida": True,
        "consulta": made.consulta,
        "interpretacion": made.interpretacion,
        "confianza": made.confianza,
        "origen": made.origen,
        "form": None if form is None else form.to_dict(),
    }
    if not execute:
        return Answer(**common)
    try:
        result = reader.run(made.consulta)
        said = probing.sentence(form, result, reader)
    except QueryError as error:
        return _failed(error, made.consulta)
    return Answer(
        **common,
        columns=list(result.columns),
        rows=list(result.rows),
        truncated=result.truncated,
        respuesta=said,
        grafico=answers.chart(form, result),
        enlaces=answers.links(form, result),
    )


def _failed(error: QueryError, sql: str = "") -> Answer:
    return Answer(
        valida=False,
        consulta=sql,
        codigo=error.codigo,
        error_tecnico=error.error_tecnico,
        error_usuario=error.error_usuario,
    )


def _refused(refusal: Refusal, question: str, reader: Reader) -> Answer:
    code = refusal.codigo
    if code == NOT_UNDERSTOOD and refusal.error_tecnico == "no form fits" and not llm_client.is_configured():
        code = NO_TEMPLATE
    suggestions = list(refusal.sugerencias) or _suggestions(question, reader)
    return Answer(
        valida=False,
        codigo=code,
        error_tecnico=refusal.error_tecnico,
        error_usuario=refusal.error_usuario,
        sugerencias=suggestions,
    )


def _suggestions(question: str, reader: Reader) -> list[str]:
    """Return the nearest questions that these books can answer."""
    try:
        known = vocabulary.read(reader)
    except QueryError:
        return []
    made: list[str] = []
    for _score, example in sql_classifier.rank(question, sql_classifier.load(), 12):
        try:
            understand(example.question, known, TODAY_OF_EXAMPLES)
        except Refusal:
            continue
        made.append(example.question)
        if len(made) == SUGGESTIONS:
            return made
    return made or [
        "¿Cuál es el saldo de Caja?",
        "¿Cuánto gastamos este mes?",
        "¿Qué asientos están para verificar?",
    ]


def vocabulario_version(reader: Reader) -> str:
    """Return a hash of the names and the rules that slots are read by: part of a key of what a question became."""
    return f"{vocabulary.read(reader).version()}-{_rules_version()}"


@functools.cache
def _rules_version() -> str:
    """Return a hash of this package's code: a question read by older rules is read anew."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


# --- As documented: without a reader of the caller's -------------------------------------------------------


class _Service:
    """The configured books: an SQLite file, or the sample written to a temporary one."""

    def __init__(self, config: ConsultorConfig) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        database, company = config.database, config.company_id
        self.today = dt.date.today
        if database is None:
            self._folder = tempfile.TemporaryDirectory(prefix="consultor-")
            database, company = Path(self._folder.name) / "muestra.sqlite3", 1
            sample.write(database, [sample.small()])
            self.today = lambda: TODAY_OF_EXAMPLES
        self.reader = SqliteReader(database, company)
        self.is_sample = self._folder is not None

    def close(self) -> None:
        self.reader.close()
        if self._folder is not None:
            self._folder.cleanup()


_service: _Service | None = None
_making = threading.Lock()


def configure(config: ConsultorConfig | None = None) -> None:
    """Set the books that the documented functions read, in place of the environment's."""
    global _service  # noqa: PLW0603 - the one service of the process
    with _making:
        if _service is not None:
            _service.close()
        _service = _Service(config or ConsultorConfig.from_environment())


def initialize() -> None:
    """Open the books; made at the first question otherwise."""
    if _service is None:
        configure()


def _the() -> _Service:
    initialize()
    assert _service is not None  # noqa: S101 - initialize made it
    return _service


def preguntar(pregunta: str, previous: Mapping[str, Any] | None = None) -> Answer:
    """Answer a question from the configured books; what the demo asks."""
    service = _the()
    return responder(pregunta, reader=service.reader, today=service.today(), previous=previous)


def reads_sample() -> bool:
    """Return whether the books are the sample's."""
    return _the().is_sample


def generar_sql(pregunta: str) -> Veredicto:
    """Return the SQL that a question becomes, or why it becomes none; runs nothing but vocabulary reads."""
    service = _the()
    made = responder(pregunta, reader=service.reader, today=service.today(), execute=False)
    return {
        "valida": made.valida,
        "consulta": made.consulta,
        "codigo": made.codigo,
        "error_tecnico": made.error_tecnico,
        "error_usuario": made.error_usuario,
    }


def validar_consulta(sql: str) -> Veredicto:
    """Return whether a statement may run, by the validator."""
    return validar_sql(sql, _the().reader.dialect)


def shutdown() -> None:
    """Close the books and forget them."""
    global _service  # noqa: PLW0603 - the one service of the process
    with _making:
        if _service is not None:
            _service.close()
        _service = None


def run(sql: str) -> Result:
    """Run a statement over the configured books."""
    return _the().reader.run(sql)
