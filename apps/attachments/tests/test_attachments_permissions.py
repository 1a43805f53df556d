"""Who may do what with the documents of another's transaction, in business mode."""

from __future__ import annotations

import pytest

from apps.attachments.tests.conftest import TEXT, send

pytestmark = pytest.mark.django_db


OTHERS = [(0, 201, 204), (1, 403, 403), (2, 201, 204), (3, 403, 403), (4, 403, 403)]


@pytest.mark.parametrize("rol,added,removed", OTHERS)
def test_another_ones_documents_by_role(business_mode, teacher_api, trans_id, make_user, as_user, rol, added, removed):
    document = send(teacher_api, trans_id).json()
    api = as_user(make_user(f"rol{rol}@example.com", rol=rol))
    assert send(api, trans_id, TEXT).status_code == added
    assert api.get(f"/api/attachments/{document['attachment_id']}/download/").status_code == 200
    assert api.delete(f"/api/attachments/{document['attachment_id']}/").status_code == removed
