"""A company with as many proposed cases as are wanted, for exports at full size."""

import os
from datetime import date, timedelta
from pathlib import Path

from tests.conftest import endorse

BUILT_IN = Path(__file__).resolve().parents[2] / "seeds" / "frameworks" / "backend.yaml"
SINCE = date(2024, 1, 1)
TEXT = (
    "Took over the settlement service when its nightly run ended after the banks had opened. **Measured "
    "first**, then moved the three slowest steps out of the run:\n\n- before: 7 h 20 min\n- after: 48 min\n\n"
    "Two other teams have since moved their own runs in the same way."
)


def set_up():
    """Set Django up on what the environment names, and bring the tables up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def found(packets):
    """Make a company in which that many cases are proposed; return the person of HR."""
    from competencies.framework.loading import load
    from competencies.people.models import Person, ReportingLine, RoleGrant

    edition = load(BUILT_IN.read_bytes(), file=BUILT_IN.name, by=None)
    hana, mara, aude = (
        Person.objects.create_user(f"{n}@bulk.example", n.title()) for n in ("hana", "mara", "aude")
    )
    RoleGrant.objects.create(person=hana, role="hr")
    RoleGrant.objects.create(person=aude, role="author")
    edition.publish(by=aude)
    java = edition.track_set.get(key="java")
    senior, staff = edition.level_set.get(key="senior"), edition.level_set.get(key="staff")
    for number in range(packets):
        person = Person.objects.create_user(f"p{number}@bulk.example", f"Person {number:04d}", team="Bulk")
        ReportingLine.objects.create(person=person, manager=mara, starts_on=SINCE)
        person.place(track=java, level=senior, starts_on=SINCE, by=hana)
        propose(person, staff, mara)
    return hana


def propose(person, level, manager):
    """Write a case of the usual length and propose it, by the transitions of its sponsor."""
    from competencies.core.clock import today
    from competencies.evidence.models import Evidence
    from competencies.promotions.models import PromotionCase

    competencies = list(level.edition.competency_set.all())
    pieces = [
        Evidence.log(
            person,
            by=person,
            happened_on=today() - timedelta(days=30 * n + 3),
            title=f"Piece {n + 1} of {person.name}",
            text=TEXT,
            competencies=competencies[n : n + 2],
        )
        for n in range(6)
    ]
    case = PromotionCase.nominate(person, level, by=manager)
    for statement in case.statements.all():
        statement.write(TEXT, by=manager, version=0)
    case.claim(competencies[0], by=manager, text="Shapes shared systems.", result="Two teams release alone.")
    for number in range(3):
        case.tell(
            by=manager,
            title=f"Story {number + 1}",
            competencies=competencies[number : number + 2],
            evidence=pieces[number : number + 2],
            context=TEXT,
            problem=TEXT,
            own_role=TEXT,
            decisions=TEXT,
            result=TEXT,
        )
    case.choose(pieces, by=manager)
    endorse(case, by=manager)
    case.propose(by=manager)
    return case
