"""
Sends forms over a wire to PostgreSQL that loses things, and prints what was answered and kept as JSON.

DATABASE_URL names a database without rows of ours; it is thrown away afterwards.
"""

import json
import os
import sys
from urllib.parse import urlsplit

import pytest  # noqa: F401  (before the settings: they choose a quick password hasher for tests)

HTMX = {"HX-Request": "true"}


def main():
    from tests.outages.wire import Wire

    url = urlsplit(os.environ["DATABASE_URL"])
    wire = Wire(url.port)
    os.environ["DATABASE_URL"] = url._replace(
        netloc=url.netloc.replace(f":{url.port}", f":{wire.port}")
    ).geturl()
    import django

    django.setup()
    from django.core.management import call_command

    from tests.conftest import _found_the_company

    call_command("migrate", verbosity=0)
    _found_the_company()
    json.dump({step.__name__: step(wire) for step in (a_form, an_autosave, a_cut, a_program)}, sys.stdout)


def sam():
    from competencies.people.models import Person

    return Person.objects.get(email="sam@testing.example")


def browser():
    from django.db import close_old_connections
    from django.test import Client

    class Browser(Client):
        def request(self, **asked):
            answer = super().request(**asked)
            close_old_connections()  # as a server does after each request, and the client of tests does not
            return answer

    client = Browser(raise_request_exception=False, headers={"Host": "localhost"})
    client.force_login(sam())
    return client


def evidence(title):
    from competencies.framework.models import Edition

    competency = Edition.objects.in_force().get().competency_set.first()
    return {
        "title": title, "happened_on": "2026-01-05", "kind": "delivery", "text": f"Of {title}.\n\nAnd more.",
        "link": "", "competencies": [str(competency.pk)],
    }  # fmt: skip


def kept(title):
    from competencies.evidence.models import Evidence

    return Evidence.objects.filter(title=title).count()


def a_form(wire):
    """One whose COMMIT arrived, and one whose did not: asked, and sent again where it was not kept."""
    from tests.ladder.web.test_outage_pages import fields_of, outcome_of

    client, found = browser(), {}
    address = f"/people/{sam().pk}/evidence/new/"
    for losing in ("answer", "question"):
        wire.losing = losing
        first = client.post(address, evidence(losing))
        page = first.content.decode()
        asked = fields_of(page) | {"_outcome": outcome_of(page)}
        looked = client.post("/outcome/", asked)
        found[losing] = {
            "first": [first.status_code, "We don’t know yet whether this was saved" in page],
            "then": [
                said
                for said in ("Your change was saved", "Your change was not saved")
                if said in looked.content.decode()
            ],
            "kept": kept(losing),
        }
        if losing == "question":
            again = fields_of(looked.content.decode())
            found[losing]["again"] = [client.post(address, again).status_code, kept(losing)]
    return found


def an_autosave(wire):
    """Sent again it is saved, and once."""
    from competencies.reviews.models import Rating
    from competencies.trail.models import Entry
    from tests.competencies.reviews.racing import opened

    review = opened("sam")
    assessment = review.assessments.get(kind="self")
    competency = assessment.competencies()[0]
    client, address = browser(), f"/assessments/{assessment.pk}/ratings/{competency.pk}/"
    found = {}
    for version, losing in enumerate(("answer", "question")):
        wire.losing = losing
        typed = {"version": version, "comment": f"Typed as its {losing} was lost."}
        first = client.post(address, typed, headers=HTMX)
        second = client.post(address, typed, headers=HTMX)
        rating = Rating.objects.get(assessment=assessment, competency=competency)
        found[losing] = {
            "first": [first.status_code, first.json()["code"]],
            "again": second.status_code,
            "kept": [rating.comment == typed["comment"], rating.version - version],
        }
    return found | {"entries": Entry.objects.filter(action="rating.saved").count()}


def a_cut(wire):
    """While the database is away, and after it came back."""
    from tests.ladder.web.test_outage_pages import fields_of

    client, typed = browser(), evidence("cut")
    address = f"/people/{sam().pk}/evidence/new/"
    wire.cut()
    asked, sent = client.get("/evidence/"), client.post(address, typed)
    saved = client.post(address, typed, headers=HTMX)
    wire.mend()
    again = client.post(address, fields_of(sent.content.decode()))
    return {
        "meanwhile": [asked.status_code, sent.status_code, saved.status_code],
        "come again": [answer["Retry-After"] for answer in (asked, sent, saved)],
        "text": fields_of(sent.content.decode())["text"],
        "again": [again.status_code, kept("cut")],
        "a page": client.get("/evidence/").status_code,
    }


def a_program(wire):
    """A problem says that nobody knows."""
    client = browser()
    wire.losing = "question"
    typed = {name: value for name, value in evidence("program").items() if value} | {"person": sam().pk}
    typed["competencies"] = [int(pk) for pk in typed["competencies"]]
    answer = client.post("/api/v1/evidence/", json.dumps(typed), content_type="application/json")
    return [answer.status_code, answer["Content-Type"], answer.json().get("code"), kept("program")]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder.settings")
    main()
