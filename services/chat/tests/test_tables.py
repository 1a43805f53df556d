import pytest

from services.chat import answering, index
from services.chat.documents import Document
from services.chat.extract import best_sentences
from services.chat.retrieval import retrieve
from services.chat.tables import HEAD_MAX, IS_HEAD, NO_HEAD, heads, is_rule, named

TABLE = "| Turno | Entrada | Salida |\n|:---|---|---|\n| Mañana | 7.30 | 12.40 |\n| Tarde | 13.00 | 18.10 |"


def test_a_row_knows_its_head():
    text = f"Antes.\n\n{TABLE}\n\nDespués."
    starts = [text.index(word) for word in ("Antes", "| Turno", "| Mañana", "| Tarde", "13.00", "Después")]
    head = text.index("| Turno")

    assert heads(text, starts) == [NO_HEAD, IS_HEAD, head, head, head, NO_HEAD]
    assert heads("", []) == []


def test_the_rows_of_a_long_table_are_read_in_one_pass(tmp_path):
    rows = "".join(f"| socio {number} | {number} |\n" for number in range(20_000))
    text = f"| Nombre | Cuota |\n|---|---|\n{rows}"
    made = index.build(tmp_path, [Document("cuotas.md", text)], size=500, overlap=50)
    found = retrieve(made, "¿Cuál es la cuota del socio 19990?", top_k=3)

    assert "Nombre: socio 19990; Cuota: 19990" in {one.text for one in best_sentences(made, found)}


def test_a_head_without_end_names_nothing(tmp_path):
    head = "| Nombre | " + "columna " * 100_000
    text = f"{head}|\n|---|---|\n" + "".join(f"| socio {number} | {number} |\n" for number in range(200))
    made = index.build(tmp_path, [Document("cuotas.md", text)], size=500, overlap=50)
    found = retrieve(made, "¿Cuál es la cuota del socio 190?", top_k=3)

    named_by = [made.head_of(hit.passage, one.sentence) for hit in found.hits for one in hit.read.sentences]
    assert all(len(head) <= HEAD_MAX for head in named_by)


@pytest.mark.parametrize(("line", "is_one"), [
    ("|:---|---|---:|", True), ("--|--", True), (" | --- | :-: | ", True),
    ("---", False), ("| - |", False), ("", False), ("| -- | x |", False),
])
def test_a_rule_is_of_bars_and_dashes(line, is_one):
    assert is_rule(line) is is_one


@pytest.mark.parametrize("line", ["|--|" + " " * 100_000 + "x", "|" + "--|" * 100_000 + "x", "--" + "|" * 50_000 + "x"])
def test_a_long_line_is_no_rule(line):
    assert not is_rule(line)


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
