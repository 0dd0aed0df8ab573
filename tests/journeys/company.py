"""The demo company with the little that the journeys need besides, in a data folder that is empty or has it.

Run as a program in an environment of its own (`LADDER_DATA=… python -m tests.journeys.company`), as the
tests must not meet their own database. It leaves `company.json`: the key of a session for everybody, and
the rows that pages are about, by what they are called here.
"""

import json
import os
import sys
import time
from datetime import timedelta
from importlib import import_module
from unittest import mock

NEWCOMER = "nia.newcomer@portolan.example"


def found(*, whole=False):
    """Bring the company to life and write down whom and what a browser can visit.

    Its packets are printed `whole` where somebody reads them; otherwise on a page each.
    """
    from django.conf import settings
    from django.core.management import call_command

    from competencies.packets.releasing import release
    from competencies.people.models import Person
    from competencies.promotions.models import PromotionCase
    from ladder.demo.loading import LADDER, load_company

    call_command("migrate", verbosity=0)
    if not Person.objects.exists():
        load_company()
    people = {person.email.partition(".")[0]: person for person in Person.objects.all()}
    people["nia"] = Person.welcome(by=people["benedikte"], email=NEWCOMER, name="Nia Newcomer")
    passkey = _secure(people["yuki"])
    left = _left(people["benedikte"])
    draft = _draft(LADDER, people["marguerite"])
    cycle = _cycle(people["benedikte"])
    previewed, applied = _imports(people["benedikte"])
    made, failed = _export(people["benedikte"])
    _open_hearing(people, "elif")
    _decide(_open_hearing(people, "jonas"), people["anneke"])
    refused = _decide(_open_hearing(people, "minhanh", "decline"), people["anneke"], "decline")
    release([refused], by=people["benedikte"])
    _brought(people, "aisha", "leilani")
    mateo = PromotionCase.nominate(people["mateo"], _next_step(people["mateo"]), by=people["tomasz"])
    company = {
        "sessions": {name: _session(person) for name, person in people.items()},
        "rows": {name: person.pk for name, person in people.items()}
        | _rows()
        | {"passkey of yuki": passkey.pk, "draft edition": draft.pk, "cycle in preparation": cycle.pk}
        | {"one who left": left.pk, "import": previewed.pk, "applied import": applied.pk}
        | {"draft of tomasz": mateo.pk}
        | {"export": made.export_id, "made item": made.pk, "failed item": failed.pk},
    }
    _print_what_waits(whole=whole)
    (settings.DATA_DIR / "company.json").write_text(json.dumps(company))


def _print_what_waits(*, whole):
    """Have every packet printed, so that no copy of this does it again: on one page, or whole."""
    from django.core.management import call_command

    from competencies.jobs.models import Job
    from ladder.jobs import packet_documents
    from tests.ladder.pdf.one_page import one_page

    typeset = packet_documents.typeset if whole else one_page
    with mock.patch.object(packet_documents, "typeset", typeset):
        call_command("work", batch=True)
    if Job.objects.pending().exists():
        raise RuntimeError("The company has work left, which the worker of each copy would do again.")


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
    from competencies.core.clock import today
    from competencies.people.models import Person
    from competencies.personal_data.models import Hold

    person = Person.welcome(by=hr, email="lasse.leaver@portolan.example", name="Lasse Leaver")
    person.leave(on=today(), by=hr)
    hold = Hold.place(person, by=hr, reason="A dispute about the last salary.")
    hold.lift(by=hr, reason="It was settled.")
    return person


def _imports(hr):
    """Two files of people: one worked out, with a row of every verdict, and one applied."""
    from competencies.people.models import Organisation
    from competencies.people_import.models import Import

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


def _export(hr):
    """An export with a packet made and a link to it, and one that failed; the worker makes the others."""
    from competencies.packets.models.export import ExportItem
    from competencies.packets.selection import Choice
    from ladder.jobs.packet_exports import order

    job = order(Choice(), by=hr, variant="committee")
    made, failed = job.items.order_by("pk")[:2]
    token = made.job.take(worker="here:1")
    made.find_packet(token)
    made.finish(token, "a.pdf", sha256="a" * 64, pages=11, size=181_000)
    stopped = "The packet took longer than 30 seconds, so it was stopped."
    failed.fail(stopped, token=failed.job.take(worker="here:1"))
    ExportItem.objects.get(pk=made.pk).link(made.case.sponsor, by=hr, days=3)
    return made, failed


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
        editions=[Edition.objects.in_force().get()],
        self_due_at=soon,
        manager_due_at=soon + timedelta(weeks=1),
    )


def _next_step(person):
    return person.placement_on().level.next_steps().first()


def _brought(people, name, sponsor):
    """Propose somebody for their next step, with the least that a case needs; return the case."""
    from competencies.evidence.models import Evidence
    from competencies.promotions.models import PromotionCase
    from competencies.promotions.models.endorsement import ask

    subject, by = people[name], people[sponsor]
    step = _next_step(subject)
    case = PromotionCase.nominate(subject, step, by=by)
    for statement in case.statements.all():
        statement.write("What the case says.", by=by, version=0)
    competency = step.edition.competency_set.first()
    case.claim(competency, by=by, text="Works at the next level.", result="Two teams release alone.")
    pieces = list(Evidence.objects.filter(person=subject))
    case.tell(
        by=by, title="One piece of work", competencies=[competency], evidence=pieces[:1], result="Done."
    )
    case.choose(pieces, by=by)
    asked = ask(case, by=by, name="Petra", email="petra@elsewhere.example", relation="partner", outside=True)
    asked.endorse("Seen it.", relation="partner", outside=True)
    case.propose(by=by)
    return case


def _open_hearing(people, name, vote="promote"):
    """Bring a case of one of Rashid's people before the committee, and have all vote; return the hearing."""
    from competencies.packets import convening
    from competencies.promotions.models import Committee, Hearing

    committee = Committee.objects.get(name="Promotions")
    case = _brought(people, name, "rashid")
    made = convening.convene(case, committee, by=people["benedikte"], masked=False)
    for who in ("anneke", "owen", "solveig", "clara"):
        hearing = Hearing.objects.get(pk=made.pk)
        key = case.to_level.edition.competency_set.first().key
        hearing.write(
            by=people[who], version=0, vote=vote, reason="It is shown.", per_competency={key: "Twice."}
        )
        hearing.cast(by=people[who])
    hearing = Hearing.objects.get(pk=made.pk)
    hearing.remark("Shall we look at the second team once more?", by=people["owen"])
    return hearing


def _decide(hearing, by, outcome="promote"):
    said = {"rationale": "Shown for a year.", "feedback": "Three teams work as you do."}
    return hearing.decide(outcome, by=by, **said)


def _rows():
    """Return the primary keys of what pages are about: `{"review of kwame": 26, …}`."""
    from competencies.evidence.models import Evidence
    from competencies.framework.models import Edition
    from competencies.packets.models import Packet
    from competencies.promotions.models import Committee, EndorsementRequest, Hearing, PromotionCase
    from competencies.reviews.models import Cycle
    from competencies.sources.models import Source

    edition = Edition.objects.in_force().get()
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
        if claim := case.claims.first():
            rows[f"claim of {_short(case.subject)}"] = claim.pk
        if story := case.stories.first():
            rows[f"story of {_short(case.subject)}"] = story.pk
    for request in EndorsementRequest.objects.active().select_related("person"):
        rows[f"request to {_short(request.person)}"] = request.pk
    for hearing in Hearing.objects.select_related("case__subject", "decision"):
        rows[f"hearing of {_short(hearing.case.subject)}"] = hearing.pk
    rows["committee"] = Committee.objects.get(name="Promotions").pk
    rows["code"] = Packet.objects.exclude(code=None).first().written_code
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
    found(whole="whole" in sys.argv)
