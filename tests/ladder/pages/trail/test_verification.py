import pytest

from competencies.trail.models import Entry, Head
from ladder.pages.trail import verification

URL = "/trail/verification/"


@pytest.fixture(autouse=True)
def at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.mark.parametrize("name", ["otto", "hana"])
def test_what_comes_of_it_stands_on_the_page_and_in_the_trail(request, signed_in, name, cycle):
    reader, head = request.getfixturevalue(name), str(Head.here())
    response = signed_in(reader).post(URL, follow=True)

    assert response.redirect_chain == [("/trail/", 302)]
    entry = Entry.objects.get(action="trail.verified")
    assert (entry.actor, entry.details) == (reader, {"head": head, "breaks": 0})
    assert "complete and unaltered" in response.content.decode()


def test_a_break_is_told(signed_in, otto, cycle, monkeypatch):
    from competencies.trail.verifying import Break

    monkeypatch.setattr(verification, "findings", lambda: iter([Break(None, "z"), Break(3, "x")]))

    page = signed_in(otto).post(URL, follow=True).content.decode()

    assert "The audit log was tampered with" in page
    assert "found 2 mismatches. The first is at entry 3." in " ".join(page.split())


def test_hr_is_told_that_it_broke_and_not_at_which_number(signed_in, hana, cycle, monkeypatch):
    from competencies.trail.verifying import Break

    monkeypatch.setattr(verification, "findings", lambda: iter([Break(3, "x")]))

    page = signed_in(hana).post(URL, follow=True).content.decode()

    assert "found 1 mismatch." in page
    assert "The first is entry" not in page
    assert Head.here().digest[:12] not in page


@pytest.mark.parametrize("name", ["sam", "dora", "aude"])
def test_for_anyone_else_it_is_missing(request, signed_in, name):
    assert signed_in(request.getfixturevalue(name)).post(URL).status_code == 404


def test_a_get_leads_to_the_audit_log(signed_in, otto):
    assert signed_in(otto).get(URL).status_code == 302
