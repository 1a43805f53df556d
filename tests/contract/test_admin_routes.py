"""A walk of the admin: every model's pages, for who may enter and who may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from apps.chat.models import ChatDocument
from apps.users.models import User
from tests.contract.world import World, make_world, undone

pytestmark = pytest.mark.django_db

admin.autodiscover()
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
QUERIES = [
    "q=ñandú", "q=%00", "q=%25_", "p=x", "p=99999", "o=99.x.-1", "e=1", "all=", "nada=1",
    "company__company_id__exact=x",
]
each = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock(), undone():
        yield make_world()


def pages(model: type[Model]) -> list[str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    found = [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
    row = model._default_manager.first()
    if row is not None:
        found += [reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "history", "delete")]
    return found


@each
def test_a_superuser_sees_every_page_that_there_is(world: World, client: Client, model: type[Model]) -> None:
    client.force_login(world.people["superuser"])
    for page in pages(model):
        assert client.get(page).status_code in {200, 403}, page
    for query in QUERIES:
        assert client.get(f"{pages(model)[0]}?{query}").status_code in {200, 302, 400}, query


@each
def test_a_post_without_data_changes_nothing(world: World, client: Client, model: type[Model]) -> None:
    client.force_login(world.people["superuser"])
    before = model._default_manager.count()
    for page in pages(model)[:3]:
        assert client.post(page, {"_save": "1", "name": "\x00"}).status_code in {200, 302, 403}, page
    assert model._default_manager.count() == before


@each
def test_nobody_else_enters(world: World, client: Client, model: type[Model]) -> None:
    for who in (None, *(person for person in world.people.values() if not person.leads)):
        if isinstance(who, User):
            client.force_login(who)
        for page in pages(model):
            answer = client.get(page)
            assert answer.status_code == 302, page
            assert answer.headers["Location"].startswith("/admin/login/"), page


@each
def test_rol_0_reaches_the_assistants_documents_alone(world: World, client: Client, model: type[Model]) -> None:
    for person in world.people.values():
        if person.leads and not person.is_superuser:
            client.force_login(person)
            codes = {client.get(page).status_code for page in pages(model)}
            assert codes == {200} if model is ChatDocument else codes <= {403, 405}, person


def test_every_model_of_the_rooms_is_shown() -> None:
    rooms = {model._meta.label for model in apps.get_models() if model.__module__.startswith("apps.")}
    pages = admin.site._registry.values()
    # Lines are shown with their transaction. What is left never holds a committed row, or bytes or a counter alone.
    shown = {model._meta.label for model in [*MODELS, *(part.model for page in pages for part in page.inlines)]}
    assert rooms - shown == {
        "books.DailyBookContent", "chat.ChatQuota", "trans.BooksPass", "trans.NeverSealed", "trans.TotalsPass",
    }
