"""The demo company in an empty data folder, with the little that the journeys need besides.

Run as a program in an environment of its own (`LADDER_DATA=… python -m tests.journeys.company`), as the
tests must not meet their own database. It leaves `company.json`: the key of a session for everybody, and
the rows that pages are about, by what they are called here.
"""

import json
import os
import time
from datetime import timedelta
from importlib import import_module

NEWCOMER = "nia.newcomer@portolan.example"


def found():
    """Bring the company to life and write down whom and what a browser can visit."""
    from django.conf import settings
    from django.core.management import call_command

    from competencies.people.models import Person
    from ladder.company.loading import LADDER, load_company

    call_command("migrate", verbosity=0)
    load_company()
    people = {person.email.partition(".")[0]: person for person in Person.objects.all()}
    people["nia"] = Person.welcome(by=people["benedikte"], email=NEWCOMER, name="Nia Newcomer")
    passkey = _secure(people["yuki"])
    left = _left(people["benedikte"])
    draft = _draft(LADDER, people["marguerite"])
    cycle = _cycle(people["benedikte"])
    previewed, applied = _imports(people["benedikte"])
    company = {
        "sessions": {name: _session(person) for name, person in people.items()},
        "rows": {name: person.pk for name, person in people.items()}
        | _rows()
        | {"passkey of yuki": passkey.pk, "draft edition": draft.pk, "cycle in preparation": cycle.pk}
        | {"one who left": left.pk, "import": previewed.pk, "applied import": applied.pk},
    }
    (settings.DATA_DIR / "company.json").write_text(json.dumps(company))


def _secure(person):
    """Give somebody all that can open an account; return their passkey. Nobody holds its other half."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from competencies.people.models import Token

    person.set_password("rope-and-lantern-27")
    person.save()
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    Token.issue(person, by=person, label="Dashboard")
    return Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Work laptop", "credential": {}}
    )


def _left(hr):
    """Somebody who came and left, and whose record is held."""
    from competencies.access.clock import today
    from competencies.people.models import Person
    from competencies.records.models import Hold

    person = Person.welcome(by=hr, email="lasse.leaver@portolan.example", name="Lasse Leaver")
    person.leave(on=today(), by=hr)
    hold = Hold.place(person, by=hr, reason="A dispute about the last salary.")
    hold.lift(by=hr, reason="It was settled.")
    return person


def _imports(hr):
    """Two files of people: one worked out, with a row of every verdict, and one applied."""
    from competencies.people.models import Import, Organisation

    columns = ("number", "email", "name", "title", "manager", "level", "last_day")
    rows = (
        "2001,kwame.mensah@portolan.example,,Senior Engineer,yuki.tanabe@portolan.example,,",
        "2002,bo.li@portolan.example,Bo Li,Engineer,2001,,",
        "2003,cy.dahl@portolan.example,Cy Dahl,,2004,Principal,2026-02-31",
        ",priya.venkataraman@portolan.example,,,,,2031-12-31",
        f",{NEWCOMER},,,,,",
    )
    applied = ("2000,nikhil.raman@portolan.example,,,,,",)
    made = []
    for number, lines in enumerate((rows, applied)):
        text = "\n".join([",".join(columns), *lines])
        made.append(
            Import.upload(text.encode(), file=f"people-{number}.csv", within=Organisation.here(), by=hr)
        )
        mapping = {"columns": {key: place for place, key in enumerate(columns)}, "dates": "iso"}
        made[-1].work_out(mapping, by=hr)
    Import.objects.get(pk=made[1].pk).apply(by=hr)
    return made


def _draft(file, author):
    """An edition that says one thing differently and is not published."""
    from competencies.framework.loading import load
    from competencies.people.models import Organisation

    content = file.read_text(encoding="utf-8").replace("for one whole team", "for a team")
    return load(content.encode(), file=file.name, by=author, within=Organisation.here())


def _cycle(hr):
    from django.utils import timezone

    from competencies.framework.models import Edition
    from competencies.reviews.models import Cycle

    soon = timezone.now() + timedelta(weeks=30)
    return Cycle.prepare(
        by=hr,
        name="Spring review",
        edition=Edition.objects.in_force(),
        self_due_at=soon,
        manager_due_at=soon + timedelta(weeks=1),
    )


def _rows():
    """Return the primary keys of what pages are about: `{"review of kwame": 26, …}`."""
    from competencies.evidence.models import Evidence
    from competencies.framework.models import Edition
    from competencies.packets.models import Packet
    from competencies.promotions.models import PromotionCase
    from competencies.reviews.models import Cycle
    from competencies.sources.models import Source

    edition = Edition.objects.in_force()
    closed, opened = Cycle.objects.filter(opening__isnull=False).order_by("opening__at")
    rows = {
        "edition": edition.pk,
        "competency": edition.competency_set.get(key="system-architecture").pk,
        "java": edition.track_set.get(key="java").pk,
        "staff": edition.level_set.get(key="staff").pk,
        "source": Source.objects.order_by("key").first().pk,
        "closed cycle": closed.pk,
        "open cycle": opened.pk,
    }
    for review in opened.reviews.select_related("subject"):
        name = _short(review.subject)
        rows[f"review of {name}"] = review.pk
        for assessment in review.assessments.all():
            rows[f"{assessment.kind} of {name}"] = assessment.pk
    for case in PromotionCase.objects.select_related("subject"):
        rows[f"case of {_short(case.subject)}"] = case.pk
        if story := case.stories.first():
            rows[f"story of {_short(case.subject)}"] = story.pk
    for packet in Packet.objects.all():
        rows[f"{packet.variant} packet of {_short(packet.case.subject)}"] = packet.pk
    for piece in Evidence.objects.order_by("happened_on").select_related("person"):
        rows[f"piece of {_short(piece.person)}"] = piece.pk
    return rows


def _short(person):
    return person.email.partition(".")[0]


def _session(person):
    """Open a session for `person` straight in the store; return its key."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store["account_authentication_methods_user"] = str(person.pk)
    store["account_authentication_methods"] = [{"method": "password", "at": time.time() + 60 * 60}]
    store.save()
    return store.session_key


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder.settings")
    import django

    django.setup()
    found()
