"""What is said when nothing can be answered: nothing of anybody."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client

from .asking import address_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def manager(scene):
    """Somebody signed in who knows much, from a browser that demands the sign against forgery."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(scene.people["mara"])
    return client


def silent(scene, response):
    """Check that an answer names nobody but the visitor, in the frame of the page."""
    found = scene.canaries.found_in(response.content.decode() + str(response.headers))
    assert {str(canary.row) for canary in found} <= {str(scene.people["mara"])}


@pytest.mark.parametrize(("error", "status"), [(RuntimeError, 500), (SuspiciousOperation, 400)])
@pytest.mark.parametrize("path", ["/evidence/", "/api/v1/me/"])
def test_a_view_that_breaks_says_nothing(scene, manager, monkeypatch, error, status, path):
    def broken(*args, **kwargs):
        raise error(f"while reading {scene.people['lena'].email}")

    monkeypatch.setattr("ladder.pages.evidence.timelines._timeline", broken)
    monkeypatch.setattr("ladder.api.people.as_they_stand", broken)
    response = manager.get(path)

    assert response.status_code == status
    silent(scene, response)


def test_a_forged_form_is_told_nothing(scene, manager):
    response = manager.post(address_of("evidence_new", [scene.people["lena"].pk]), {"title": "Forged"})

    assert response.status_code == 403
    silent(scene, response)


def test_a_forged_request_to_the_api_is_told_nothing(scene, manager):
    response = manager.post("/api/v1/tokens/", {"label": "Forged"}, content_type="application/json")

    assert response.status_code == 403
    silent(scene, response)


@pytest.mark.parametrize("path", ["/nowhere/", "/people/0/", "/people/x/", "/api/v1/people/x/", "/%00"])
def test_an_address_that_is_none_says_nothing(scene, manager, path):
    response = manager.get(path)

    assert response.status_code == 404
    silent(scene, response)


def test_a_method_that_is_none_says_nothing(scene, manager):
    response = manager.get(address_of("sign_out", ()))

    assert response.status_code == 405
    silent(scene, response)
