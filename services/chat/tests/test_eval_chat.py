"""The evaluation runs on any folder and question file, SQuAD's format too."""

from __future__ import annotations

import json
import sys

import pytest

from benchmarks import eval_chat
from services.chat import rag_service

SQUAD = {"data": [{"paragraphs": [
    {"context": "El río Paraná nace en Brasil. Desemboca en el Río de la Plata, junto al Uruguay.", "qas": [
        {"question": "¿Dónde nace el Paraná?", "answers": [{"text": "en Brasil"}]},
        {"question": "¿Dónde desemboca el Paraná?", "answers": [{"text": "en el Río de la Plata"}]},
    ]},
    {"context": "El Aconcagua es la montaña más alta de América. Mide 6.961 metros.", "qas": [
        {"question": "¿Cuánto mide el Aconcagua?", "answers": [{"text": "6.961 metros"}]},
        {"question": "¿Quién subió primero?", "answers": []},
    ]},
]}]}


@pytest.fixture(autouse=True)
def _as_before():
    yield
    rag_service.configure()


def test_a_squad_file_is_evaluated(tmp_path, monkeypatch, capsys):
    file = tmp_path / "squad.json"
    file.write_text(json.dumps(SQUAD), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["eval_chat", "--squad", str(file), "--no-dense"])

    eval_chat.main()

    told = capsys.readouterr().out
    assert "2 documents, 2 passages, 4 questions" in told
    (row,) = (line for line in told.splitlines() if line.startswith("all "))
    assert row.split()[1:3] == ["100", "%"]


def test_ours_are_halved_and_their_passages_stand_in_the_library():
    questions = eval_chat.read_questions(eval_chat.HERE / "chat" / "questions.jsonl", "all")
    documents = rag_service.folder_documents(eval_chat.ChatConfig().data_dir)
    library = {document.name: document.text for document in documents}
    everything = "\n".join(library.values())

    assert len({one["id"] for one in questions}) == len(questions) >= 400
    assert sum(one["half"] == "held_out" for one in questions) >= 180
    for one in [*questions, *eval_chat.read_questions(eval_chat.HERE / "chat" / "turns.jsonl", "all")]:
        assert all(part in library[one["document"]] for part in one["passages"]), one["id"]
        assert all(part in everything for part in one.get("also", ())), one["id"]


def test_the_passages_of_others_stand_in_their_documents():
    folder = eval_chat.HERE / "chat" / "others"
    documents = {document.name: document.text for document in rag_service.folder_documents(folder)}
    questions = eval_chat.read_questions(folder.with_suffix(".jsonl"), "all")

    assert len(documents) == 60
    assert len({one["id"] for one in questions}) == len(questions) == 338
    for one in questions:
        assert all(part in documents[one["document"]] for part in one["passages"]), one["id"]
