"""Documents that rol 0 adds, and the index made of them."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from apps.audit.models import AuditEvent
from apps.chat import actions, rebuilding
from apps.chat.actions import claim_rebuild
from apps.chat.converting import text_of
from apps.chat.errors import UnreadableDocument
from apps.chat.models import ChatDocument, IndexStatus
from apps.chat.rebuilding import rebuild

pytestmark = pytest.mark.django_db

RULES = "# Reglamento\n\nLos comprobantes del aula se guardan en la caja azul."


def upload(api, content=RULES, name="reglamento.md", **fields):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return api.post("/api/chat/documents/", {"file": file, **fields}, format="multipart")


def answer(api, question="¿Dónde se guardan los comprobantes del aula?"):
    return api.post("/api/chat/query/", {"question": question}).json()["answer"]


def docx(text: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
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
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
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
     ("a.html", b"<script>var x;</script>")],
)
def test_a_file_that_cannot_be_read_says_why(indexed, teacher_api, name, content):
    refused = upload(teacher_api, content, name)

    assert refused.status_code == 400
    assert refused.json().keys() == {"file"}
    assert ChatDocument.objects.count() == 0


def test_files_become_text():
    assert text_of("a.txt", "más".encode("cp1252")) == "más"
    assert text_of("a.DOCX", docx("Primera línea\nSegunda línea")) == "Primera línea\n\nSegunda línea"
    page = b"<h1>Caja</h1><p hidden>oculto</p><ul><li>uno</li></ul><script>no</script>"
    assert text_of("a.html", page) == "# Caja\n\n* uno"


def test_a_bomb_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (201 * 1024 * 1024))

    with pytest.raises(UnreadableDocument):
        text_of("bomba.docx", out.getvalue())


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


def test_a_dead_rebuild_frees_itself(indexed):
    claim_rebuild(acting_user=None)
    IndexStatus.objects.update(lease_until="2020-01-01T00:00:00Z")

    call_command("rebuild_chat_index")

    assert IndexStatus.objects.get().lease_until is None
