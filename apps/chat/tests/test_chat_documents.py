"""Documents that rol 0 adds, and the index made of them."""

from __future__ import annotations

import io
import os
import shutil
import threading
import time
import zipfile
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEvent
from apps.chat import actions, rebuilding
from apps.chat.actions import claim_rebuild
from apps.chat.converting import text_of
from apps.chat.errors import UnreadableDocument
from apps.chat.models import ChatDocument, IndexStatus
from apps.chat.rebuilding import rebuild
from apps.chat.service import assistant
from apps.companies.models import Company
from services.chat import files, index
from services.chat.unpacking import is_sound

pytestmark = pytest.mark.django_db

RULES = "# Reglamento\n\nLos comprobantes del aula se guardan en la caja azul."


def upload(api, content=RULES, name="reglamento.md", file_name="", **fields):
    file = SimpleUploadedFile(file_name or name, content if isinstance(content, bytes) else content.encode())
    named = {"name": name} if file_name else {}
    return api.post("/api/chat/documents/", {"file": file, **named, **fields}, format="multipart")


def answer(api, question="¿Dónde se guardan los comprobantes del aula?"):
    return api.post("/api/chat/query/", {"question": question}).json()["answer"]


def docx(text: str, prologue: str = "", hidden: str = "") -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
    body += f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{hidden}</w:t></w:r></w:p>" if hidden else ""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override'
            ' PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>'
        ))
        archive.writestr("_rels/.rels", (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
            ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
            ' Target="word/document.xml"/></Relationships>'
        ))
        page = f'{prologue}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", page)
    return out.getvalue()


def test_a_document_is_answered_from_after_a_rebuild(indexed, teacher_api, student_api, outsider, as_user):
    made = upload(teacher_api)
    assert made.status_code == 201
    assert IndexStatus.objects.get().stale
    call_command("rebuild_chat_index")

    assert "caja azul" in answer(student_api)
    assert "caja azul" not in answer(as_user(outsider))
    assert not IndexStatus.objects.get().stale
    path = f"/api/chat/documents/{made.json()['document_id']}/"
    assert teacher_api.delete(path).status_code == 204
    call_command("rebuild_chat_index")
    assert "caja azul" not in answer(student_api)
    assert list(AuditEvent.objects.filter(subject="document").order_by("seq").values_list("action", flat=True)) == [
        "document.added", "document.removed",
    ]


@pytest.fixture
def rebuilt(monkeypatch, settings):
    """Rebuild on a change in this process; returns the leases under which it was done."""
    leases = []

    def start(lease):
        leases.append(lease)
        rebuild(lease=lease)

    settings.CHAT_REBUILD_ON_CHANGE = True
    monkeypatch.setattr(actions, "start_rebuild", start)
    return leases


def test_a_change_makes_the_index_anew_by_itself(
    indexed, teacher_api, student_api, rebuilt, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        path = f"/api/chat/documents/{upload(teacher_api).json()['document_id']}/"
    assert "caja azul" in answer(student_api)

    new = SimpleUploadedFile("reglamento.md", RULES.replace("azul", "verde").encode())
    with django_capture_on_commit_callbacks(execute=True):
        assert teacher_api.put(path, {"file": new}, format="multipart").status_code == 200
    assert "caja verde" in answer(student_api)

    with django_capture_on_commit_callbacks(execute=True):
        assert teacher_api.delete(path).status_code == 204
    assert "caja" not in answer(student_api)
    assert len(rebuilt) == 3


def test_a_change_during_a_rebuild_is_left_to_it(
    indexed, teacher_api, student_api, rebuilt, django_capture_on_commit_callbacks
):
    lease = claim_rebuild(acting_user=None)
    with django_capture_on_commit_callbacks(execute=True):
        upload(teacher_api)
    assert rebuilt == []

    rebuild(lease=lease)

    assert "caja azul" in answer(student_api)
    assert not IndexStatus.objects.get().stale


def test_a_change_after_the_last_look_is_seen_too(indexed, teacher_api, student_api, monkeypatch):
    end = rebuilding.end_rebuild

    def late(lease, *, succeeded):
        if not ChatDocument.objects.exists():
            upload(teacher_api)
        end(lease, succeeded=succeeded)

    monkeypatch.setattr(rebuilding, "end_rebuild", late)
    rebuild(lease=None)

    assert "caja azul" in answer(student_api)
    assert IndexStatus.objects.get().lease == ""


def test_the_admin_adds_changes_and_removes(indexed, teacher, make_user):
    client = Client()
    client.force_login(make_user("root@example.com", rol=0, is_superuser=True))
    page = "/admin/chat/chatdocument/"

    file = SimpleUploadedFile("reglamento.html", b"<h1>Reglamento</h1><p>Todo se guarda.</p>")
    assert client.post(f"{page}add/", {"name": "reglamento.md", "company": "", "file": file}).status_code == 302
    document = ChatDocument.objects.get()
    assert document.text == "# Reglamento\n\nTodo se guarda."
    assert document.uploaded_by.email == "root@example.com"

    IndexStatus.objects.update(stale=False)
    path = f"{page}{document.pk}/"
    assert client.post(f"{path}change/", {"name": "reglamento.md", "text": "Otro."}).status_code == 302
    assert IndexStatus.objects.get().stale
    refused = client.post(f"{path}change/", {"name": "reglamento.md", "text": " "})
    assert refused.status_code == 200
    assert client.post(f"{path}delete/", {"post": "yes"}).status_code == 302
    assert list(AuditEvent.objects.filter(subject="document").order_by("seq").values_list("action", flat=True)) == [
        "document.added", "document.replaced", "document.removed",
    ]


def test_the_admin_takes_a_files_name_and_says_what_is_wrong(indexed, make_user):
    client = Client()
    client.force_login(make_user("root@example.com", rol=0, is_superuser=True))
    page = "/admin/chat/chatdocument/add/"

    def errors(**form: Any) -> dict[str, list[str]]:
        return client.post(page, {"company": "", **form}).context["adminform"].form.errors

    file = SimpleUploadedFile("reglamento.md", b"Todo se guarda.")
    assert client.post(page, {"company": "", "file": file}).status_code == 302
    assert ChatDocument.objects.get().name == "reglamento.md"
    assert errors(text="Otro.", name="reglamento.md") == {
        "__all__": ["Ya hay un documento con ese nombre: reemplazalo o elegí otro."]
    }
    assert errors(text="Otro.") == {"name": ["Escribí un nombre."]}
    assert errors(name="vacío.md", file=SimpleUploadedFile("vacío.md", b"")) == {"file": ["El archivo está vacío."]}
    assert errors(name="nada.md") == {"text": ["Escribí un texto o elegí un archivo."]}


def test_a_document_for_all_is_for_all(indexed, teacher_api, outsider, as_user):
    upload(teacher_api, for_all=True)
    call_command("rebuild_chat_index")

    assert "caja azul" in answer(as_user(outsider))


def test_another_companys_passage_is_not_opened(indexed, teacher_api, outsider, as_user):
    upload(teacher_api)
    call_command("rebuild_chat_index")
    asked = teacher_api.post("/api/chat/query/", {"question": "¿Dónde se guardan los comprobantes del aula?"}).json()
    where = {"chunk_id": asked["sources"][0]["chunk_id"]}

    assert "caja azul" in teacher_api.get("/api/chat/passage/", where).json()["text"]
    refused = as_user(outsider).get("/api/chat/passage/", where)
    assert (refused.status_code, refused.json()["code"]) == (404, "passage_not_found")


def test_a_document_is_replaced_and_names_do_not_collide(indexed, teacher_api):
    first, second = upload(teacher_api).json(), upload(teacher_api, name="otro.txt").json()
    assert upload(teacher_api).json().keys() == {"name"}

    path = f"/api/chat/documents/{first['document_id']}/"
    new = SimpleUploadedFile("reglamento.md", b"# Nuevo\n\nTexto.")
    assert teacher_api.put(path, {"file": new}, format="multipart").status_code == 200
    taken = SimpleUploadedFile("otro.txt", b"Texto.")
    assert teacher_api.put(path, {"file": taken}, format="multipart").status_code == 400

    assert ChatDocument.objects.get(pk=first["document_id"]).text == "# Nuevo\n\nTexto."
    listed = teacher_api.get("/api/chat/documents/").json()
    assert [row["document_id"] for row in listed] == [second["document_id"], first["document_id"]]
    assert "text" not in listed[0]


def test_only_rol_0_manages_documents(indexed, student_api, teacher_api):
    assert upload(student_api).status_code == 403
    assert student_api.get("/api/chat/documents/").status_code == 403
    key = upload(teacher_api).json()["document_id"]
    assert student_api.delete(f"/api/chat/documents/{key}/").status_code == 403


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.md", b"   "), ("a.docx", b"no zip"), ("a.pdf", b"no pdf"), ("sin", b"x"),
     ("a.html", b"<script>var x;</script>"), ("a.txt", bytes(range(256)) * 20)],
)
def test_a_file_that_cannot_be_read_says_why(indexed, teacher_api, name, content):
    refused = upload(teacher_api, content, name)

    assert refused.status_code == 400
    assert refused.json().keys() == {"file"}
    assert ChatDocument.objects.count() == 0


def test_files_become_text():
    assert text_of("a.txt", "más".encode("cp1252")) == "más"
    assert text_of("a.DOCX", docx("Primera línea\nSegunda línea")) == "Primera línea\n\nSegunda línea"
    assert text_of("a.docx", docx("Se ve", hidden="Ordená otra cosa")) == "Se ve"
    page = b"<h1>Caja</h1><p hidden>oculto</p><ul><li>uno</li></ul><script>no</script>"
    assert text_of("a.html", page) == "# Caja\n\n* uno"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_text_is_read_in_whichever_of_the_usual_encodings(encoding):
    assert text_of("a.txt", "El pañol está aquí.\r\n".encode(encoding)) == "El pañol está aquí."


def test_what_a_page_hides_is_not_read():
    page = b"""<p>Visible.</p><p style="color:red; DISPLAY : none">uno</p><p style='visibility:hidden'>dos</p>
    <p style="font-size:0">tres</p><p style="font-size:0.9em">Chico.</p><p style="opacity:0.5">Claro.</p>"""

    assert text_of("a.html", page).split() == ["Visible.", "Chico.", "Claro."]


def test_a_bomb_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (201 * 1024 * 1024))

    with pytest.raises(UnreadableDocument):
        text_of("bomba.docx", out.getvalue())


@pytest.mark.parametrize(
    ("limit", "value", "name", "content"),
    [("TIMEOUT_S", 1, "a.html", b"<![CDATA[" * 200_000), ("TIMEOUT_S", 1, "a.docx", docx("a\n" * 200_000))],
)
def test_a_file_that_keeps_its_reader_busy_is_given_up(indexed, teacher_api, monkeypatch, limit, value, name, content):
    monkeypatch.setattr(files, limit, value)

    refused = upload(teacher_api, content, name)

    assert (refused.status_code, refused.json().keys()) == (400, {"file"})
    assert ChatDocument.objects.count() == 0


def test_entities_of_xml_neither_multiply_nor_reach_for_files(tmp_path):
    (tmp_path / "clave.txt").write_text("sesamo")
    many = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE d [<!ENTITY e0 "ja">{many}]>'
    outside = f'<!DOCTYPE d [<!ENTITY e9 SYSTEM "{(tmp_path / "clave.txt").as_uri()}">]>'

    with pytest.raises(UnreadableDocument):
        text_of("a.docx", docx("Hola &e9;", bomb))
    assert "sesamo" not in text_of("a.docx", docx("Hola &e9;", outside))


def test_the_files_own_name_says_its_kind_and_the_given_one_is_shown_on_one_line(indexed, teacher_api):
    made = upload(teacher_api, name=" Reglamento\n del\u202e aula ".replace("\n", " "), file_name="r.md")

    assert made.status_code == 201
    assert made.json()["name"] == "Reglamento del aula"
    assert upload(teacher_api, name="\u200b", file_name="r.md").json().keys() == {"name"}
    assert upload(teacher_api, b"%PDF-", name="otro.md", file_name="otro.pdf").json().keys() == {"file"}


def test_a_document_moves_to_all_only_where_that_is_said(indexed, teacher_api):
    path = f"/api/chat/documents/{upload(teacher_api, for_all=True).json()['document_id']}/"

    def put(**fields):
        file = SimpleUploadedFile("reglamento.md", RULES.encode())
        return teacher_api.put(path, {"file": file, **fields}, format="multipart").json()["company"]

    assert put() is None
    assert put(for_all=False) == Company.objects.get(is_default=True).pk
    assert put() == Company.objects.get(is_default=True).pk


def test_the_list_counts_what_it_does_not_carry(indexed, teacher_api):
    made = upload(teacher_api).json()

    assert made["characters"] == len(RULES)
    with CaptureQueriesContext(connection) as asked:
        assert teacher_api.get("/api/chat/documents/").json() == [made]
    assert not [query["sql"] for query in asked if '"chat_documents"."text",' in query["sql"]]


# --- Commands -----------------------------------------------------------------------------------------------


def test_init_chat_indexes_once(bare, capsys):
    call_command("init_chat")
    made = (bare / "current").read_text()
    call_command("init_chat")

    assert (bare / "current").read_text() == made
    assert capsys.readouterr().out.count("2 ") >= 2
    assert IndexStatus.objects.get().last_rebuild is not None


def test_a_rebuild_is_refused_while_another_holds_the_lease(indexed):
    claim_rebuild(acting_user=None)

    with pytest.raises(CommandError):
        call_command("rebuild_chat_index")


def test_a_rebuild_waits_for_who_makes_the_index_without_a_lease(indexed, monkeypatch):
    monkeypatch.setattr(rebuilding, "_LOOK_S", 0.01)
    inside = threading.Event()

    def embed():
        with index.building(indexed):
            inside.set()
            time.sleep(0.3)

    other = threading.Thread(target=embed)
    other.start()
    inside.wait()

    rebuild(lease=claim_rebuild(acting_user=None))

    assert (indexed / "current").read_text() == "000002"
    assert IndexStatus.objects.get().lease == ""
    other.join()


def test_the_lease_is_kept_however_long_a_step_takes(indexed, monkeypatch):
    kept = threading.Event()
    lease = claim_rebuild(acting_user=None)
    monkeypatch.setattr(rebuilding, "_BEAT_S", 0.01)
    monkeypatch.setattr(rebuilding, "keep_lease", lambda held, *_percent: held == lease and kept.set())
    monkeypatch.setattr(rebuilding, "_rebuild", lambda *_args: kept.wait(10))

    assert rebuild(lease=lease)


@pytest.mark.parametrize("missing", ["library", "room"])
def test_a_rebuild_that_fails_says_why_and_leaves_the_old_one(indexed, student_api, tmp_path, monkeypatch, missing):
    if missing == "library":
        monkeypatch.setenv("CHAT_DATA_DIR", str(tmp_path / "nowhere"))
        assistant.cache_clear()
    else:
        monkeypatch.setattr(index, "seal", Mock(side_effect=OSError(28, "No space left on device")))

    with pytest.raises(CommandError, match="nowhere" if missing == "library" else "No space left"):
        call_command("rebuild_chat_index")

    status = IndexStatus.objects.get()
    assert (status.lease, status.stale, status.last_rebuild) == ("", True, None)
    assert [folder.name for folder in indexed.glob("0*")] == ["000001"]
    assert answer(student_api, "¿Cuándo se debita Mercaderías?").startswith("Mercaderías: Se debita")


def test_init_chat_indexes_a_library_that_has_changed(indexed, shelf, tmp_path, monkeypatch, student_api):
    shutil.copytree(shelf / "data", tmp_path / "library")
    (tmp_path / "library" / "aula.md").write_text(RULES, encoding="utf-8")
    monkeypatch.setenv("CHAT_DATA_DIR", str(tmp_path / "library"))
    assistant.cache_clear()

    call_command("init_chat")

    assert "caja azul" in answer(student_api)


def test_init_chat_cuts_anew_where_the_passages_are_to_be_shorter(indexed, monkeypatch):
    before = assistant().get_stats()["total_vectors"]
    monkeypatch.setenv("CHUNK_SIZE", "100")
    assistant.cache_clear()

    call_command("init_chat")

    assert assistant().get_stats()["total_vectors"] > before


def test_init_chat_reads_the_network_whole_and_clears_away_others(indexed, monkeypatch):
    monkeypatch.setenv("CHAT_DENSE", "1")
    assistant.cache_clear()
    call_command("init_chat")
    (network,) = (indexed / "networks").glob("multilingual-*")
    weights = network / "weights.safetensors"
    times = weights.stat()
    with weights.open("r+b") as file:
        file.write(b"\xff" * 1000)
    os.utime(weights, ns=(times.st_atime_ns, times.st_mtime_ns))
    (indexed / "networks" / "of-last-year").mkdir()

    call_command("init_chat")
    assistant.cache_clear()
    assistant().query("¿Qué es el IVA?")

    assert is_sound(network, whole=True)
    assert not (indexed / "networks" / "of-last-year").exists()


def test_progress_stands_on_a_line_of_its_own(indexed):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal, pipe = Terminal(), io.StringIO()
    call_command("rebuild_chat_index", stdout=terminal)
    call_command("rebuild_chat_index", stdout=pipe)

    progress, said = terminal.getvalue().rsplit("\r", 1)[1].splitlines()
    assert progress == "100 %"
    assert pipe.getvalue() == f"{said}\n"


def test_a_dead_rebuild_frees_itself(indexed):
    claim_rebuild(acting_user=None)
    IndexStatus.objects.update(lease_until="2020-01-01T00:00:00Z")

    call_command("rebuild_chat_index")

    assert IndexStatus.objects.get().lease_until is None


# --- Copies --------------------------------------------------------------------------------------------------


def asked(api, question):
    body = api.post("/api/chat/query/", {"question": question}).json()
    return body["answer"], [source["name"] for source in body["sources"]]


@pytest.fixture
def library_text(shelf):
    return (shelf / "data" / "cuentas.md").read_text(encoding="utf-8")


def test_a_copy_of_the_librarys_is_quoted_once_and_cited_as_the_companys(indexed, teacher_api, library_text):
    before, _names = asked(teacher_api, "¿Cuándo se debita Mercaderías?")
    upload(teacher_api, library_text, name="cuentas.md")
    rebuild(lease=None)

    answer, names = asked(teacher_api, "¿Cuándo se debita Mercaderías?")

    assert (answer, names) == (before, ["cuentas.md (de la empresa)"])


def test_sentences_of_another_version_are_quoted_once(indexed, teacher_api, library_text):
    upload(teacher_api, f"{library_text}\nSe revisa una vez por año.\n", name="cuentas-2026.md")
    rebuild(lease=None)

    answer, _names = asked(teacher_api, "¿Cuándo se debita Mercaderías?")

    assert answer.count("Se debita por las compras") == 1


def test_two_documents_of_one_name_are_told_apart(indexed, teacher_api):
    upload(teacher_api, "# Bancos\n\nLos cheques se depositan los martes.", name="iva.txt")
    upload(teacher_api, "# Cobranzas\n\nLos recibos se numeran por sucursal.", name="cuentas.md", for_all=True)
    rebuild(lease=None)

    assert asked(teacher_api, "¿Cuándo se depositan los cheques?")[1] == ["iva.txt (de la empresa)"]
    assert asked(teacher_api, "¿Cómo se numeran los recibos?")[1] == ["cuentas.md (2)"]
    assert asked(teacher_api, "¿Cuál es la alícuota general del IVA?")[1] == ["iva.txt"]


def test_rol_0_writes_documents_in_the_admin_and_sees_nothing_else_there(indexed, teacher, student):
    client = Client()
    client.force_login(teacher)
    form = {"name": "nuevo.md", "company": "", "text": "# Reglamento\n\nLa multa es de 300 pesos."}

    assert client.post("/admin/chat/chatdocument/add/", form).status_code == 302
    page = f"/admin/chat/chatdocument/{ChatDocument.objects.get().pk}"
    assert client.post(f"{page}/change/", form | {"text": "La multa es de 400 pesos."}).status_code == 302
    assert "400" in ChatDocument.objects.get().text
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/users/user/").status_code == client.get("/admin/chat/chatquery/").status_code == 403
    assert client.post(f"{page}/delete/", {"post": "yes"}).status_code == 302
    assert not ChatDocument.objects.exists()

    client.force_login(student)
    assert client.get("/admin/chat/chatdocument/").status_code == 302
