import time

import pytest

from services.chat import answering, index
from services.chat.documents import Document
from services.chat.extract import best_sentences
from services.chat.retrieval import retrieve
from services.chat.tables import head_of, is_head, is_rule, named

TABLE = "| Turno | Entrada | Salida |\n|:---|---|---|\n| Mañana | 7.30 | 12.40 |\n| Tarde | 13.00 | 18.10 |"


def test_a_row_knows_its_head():
    text = f"Antes.\n\n{TABLE}\n\nDespués."
    row = text.index("| Tarde")

    assert head_of(text, row) == "| Turno | Entrada | Salida |"
    assert is_head(text, text.index("| Turno"))
    assert not is_head(text, row)
    assert head_of(text, text.index("Después")) == ""


@pytest.mark.parametrize(("line", "is_one"), [
    ("|:---|---|---:|", True), ("--|--", True), (" | --- | :-: | ", True),
    ("---", False), ("| - |", False), ("", False), ("| -- | x |", False),
])
def test_a_rule_is_of_bars_and_dashes(line, is_one):
    assert is_rule(line) is is_one


@pytest.mark.parametrize("line", ["|--|" + " " * 100_000 + "x", "|" + "--|" * 100_000 + "x", "--" + "|" * 50_000 + "x"])
def test_a_long_line_is_no_rule_in_no_time(line):
    started = time.process_time()

    assert not is_rule(line)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(("head", "said"), [
    ("| Turno | Entrada | Salida |", "Turno: Tarde; Entrada: 13.00; Salida: 18.10"),
    ("| | Entrada | Salida |", "Tarde; Entrada: 13.00; Salida: 18.10"),
    ("", "Tarde; 13.00; 18.10"), ("| sobra | una | columna | más |", "Tarde; 13.00; 18.10"),
])
def test_a_row_is_read_with_its_columns(head, said):
    assert named("| Tarde | 13.00 | 18.10 |", head) == said


def test_a_row_answers_with_the_names_of_its_columns(tmp_path):
    made = index.build(tmp_path, [Document("turnos.md", f"# Turnos\n\n{TABLE}\n")], size=500, overlap=50)
    found = retrieve(made, "¿A qué hora es la salida del turno tarde?", top_k=3)

    assert "Turno: Tarde; Entrada: 13.00; Salida: 18.10" in {one.text for one in best_sentences(made, found)}


def test_what_announces_a_list_is_quoted_with_it(tmp_path):
    text = "# Caja\n\nSe puede pagar:\n\n- con efectivo;\n- con transferencia;\n- con cheque.\n"
    made = index.build(tmp_path, [Document("caja.md", text)], size=500, overlap=50)
    question = "¿Cómo se puede pagar en la caja?"
    said = answering.quote(answering.plan(question, made, retrieve(made, question, top_k=3), threshold=0.0)).text

    assert "Se puede pagar: con efectivo; con transferencia; con cheque." in said
