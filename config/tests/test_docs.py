"""The page of the API's document, which asks nobody else for anything."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def policy(response):
    return dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))


@pytest.fixture
def visitor(settings):
    """A client to whom the packages' files are served, as in production."""
    settings.WHITENOISE_USE_FINDERS = True
    return Client()


@pytest.fixture
def page(visitor):
    return visitor.get("/api/docs/")


def test_the_page_loads_from_here_alone(visitor, page):
    assert page.status_code == 200
    addresses = re.findall(r"""(?:src|href|data-schema)\s*=\s*["']([^"']*)""", page.text)
    assert len(addresses) >= 6
    for address in addresses:
        assert re.match(r"/[^/]", address), address
        assert visitor.get(address).status_code == 200, address
    assert "//" not in page.text.replace("<!DOCTYPE html>", "")


def test_its_own_script_asks_no_validator(visitor, page):
    (script,) = re.findall(r'src="([^"]*docs\.js)"', page.text)
    text = visitor.get(script).getvalue().decode()
    assert "validatorUrl: null" in text
    assert "http" not in text


@pytest.mark.parametrize("where", ["/api/docs/", "/admin/login/"])
def test_a_page_may_do_what_we_serve_and_nothing_else(client, where):
    found = policy(client.get(where))
    assert found["default-src"] == "'none'"
    assert found["script-src"].split()[0] == "'self'"
    assert not any("unsafe" in value or "http" in value or "*" in value for value in found.values())
    assert (found["base-uri"], found["frame-ancestors"]) == ("'none'", "'none'")


def test_no_script_or_style_is_written_into_the_page(page):
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page.text)


def test_each_answer_has_a_nonce_of_its_own(client):
    assert len({policy(client.get("/api/docs/"))["script-src"] for _ in range(3)}) == 3


@pytest.mark.parametrize("where", ["/api/config/", "/metrics", "/nowhere", "/api/schema/"])
def test_data_may_do_nothing_even_when_opened_as_a_page(client, where):
    assert policy(client.get(where)) == {"default-src": "'none'", "frame-ancestors": "'none'"}


def test_the_way_in_leads_to_the_page(client):
    response = client.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/api/docs/")
