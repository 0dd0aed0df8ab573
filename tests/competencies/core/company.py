"""
A company in which every state of everything stands at once, for the table of who may do what.

Beside the cast of `conftest.py`:

    Lena reported to Fay until a month ago, reports to Mara today, and will report to Finn in a month.
    Hana, of HR, reports to Dora and has Ines reporting to her, who reported to Stella three months ago;
    and she had Jo, who reports to Stella now. Ida reports to Ines.
    She will report to Finn in a month as well. Lena and she will be Staff then.
    Hugo is of HR too, and nobody's manager; he leaves in two months. Fay was of HR once.
    Lars, of Noor's since today, leaves in two months. Lou is gone from today. Nemo left and was erased, and
    a line that nobody ended still has him under Stella.

What is not said to be of somebody is Lena's, and by Mara.
"""

from copy import copy
from types import SimpleNamespace

from competencies.core.clock import now, today
from competencies.framework.models import Competency, Edition, Skill, Track
from competencies.people.models import Organisation, Person, Placement, ReportingLine, RoleGrant
from competencies.promotions.models import Committee, Endorsement, EndorsementRefusal, Policy
from competencies.reviews.models import Assessment

from .cast import CAST, CHANGING, LONG_AGO, MONTH
from .rows.evidence import make_evidence
from .rows.exports import make_export_items, make_export_jobs, make_packet_links
from .rows.framework import make_edition, make_sources
from .rows.hearings import Sitting, make_hearings
from .rows.notices import make_letters
from .rows.packets import make_orders, make_packets, make_read_packets
from .rows.people import make_grants, make_imports, make_invitations, make_runs, make_tokens
from .rows.promotions import make_answers, make_cases, make_requests
from .rows.records import make_exports, make_holds
from .rows.reviews import make_odd_reviews, make_prepared, make_reviews
from .rows.trail import make_entries


def build():
    """Make the company; return its people by name, and its rows: `{model label: {name of the row: row}}`."""
    people = _people()
    edition = Edition.objects.in_force().get()
    _lines(people, edition)
    editions = {"published": edition} | {
        name: make_edition(name, people["aude"]) for name in ("draft", "retired")
    }
    reviews = make_reviews(people)
    odd = make_odd_reviews(people, edition)
    sitting = Sitting(people, edition)
    cases = make_cases(people, edition, sitting)
    sitting.hearings, sitting.ballots, sitting.decisions = {}, {}, {}  # those of decided cases are like "out"
    make_hearings(sitting)
    requests = make_requests(people, cases)
    packets = make_packets(cases)
    imports = make_imports(people["hugo"])
    read = make_read_packets(sitting.hearings)
    jobs = make_export_jobs(people)
    items = make_export_items(jobs, packets)
    rows = {
        "people.Organisation": {"here": Organisation.here()},
        "people.Person": people,
        "people.ReportingLine": {
            f"of {line.person.name} to {line.manager.name}": line
            for line in ReportingLine.objects.filter(person__name__in=CHANGING)
        },
        "people.Placement": {
            f"of {placement.person.name} at {placement.level.title}": placement
            for placement in Placement.objects.filter(person__name__in=CHANGING)
        },
        "people.RoleGrant": make_grants(people),
        "people.Invitation": make_invitations(people),
        "people_import.Import": imports,
        "people_import.Run": make_runs(imports),
        "people.Token": make_tokens(people["lena"]),
        "framework.Edition": editions,
        **{
            model._meta.label: {
                name: model.objects.filter(edition=row).first() for name, row in editions.items()
            }
            for model in (Competency, Track, Skill)
        },
        "sources.Source": make_sources(editions),
        "evidence.Evidence": make_evidence(people),
        "reviews.Cycle": {name: review.cycle for name, review in (reviews | odd).items() if " HR" not in name}
        | {"preparing": make_prepared("preparing", people["lena"], people["hugo"])},
        "reviews.Review": reviews | odd,
        "reviews.Assessment": {
            f"{name}, {assessment.kind}": assessment
            for name, review in (reviews | odd).items()
            for assessment in Assessment.objects.filter(review=review)
        },
        "promotions.PromotionCase": cases | sitting.cases,
        "promotions.Claim": {name: case.claims.first() for name, case in cases.items()},
        "promotions.Story": {name: case.stories.first() for name, case in cases.items()},
        "promotions.Policy": {"here": Policy.here()},
        "promotions.Statement": {
            f"{name}, {statement.kind}": statement
            for name, case in cases.items()
            for statement in case.statements.filter(kind__in=("gaps", "manager"))
        },
        "promotions.EndorsementRequest": requests,
        "promotions.Endorsement": make_answers(
            Endorsement, {name: copy(row) for name, row in requests.items()}
        ),
        "promotions.EndorsementRefusal": make_answers(
            EndorsementRefusal, {name: copy(row) for name, row in requests.items()}
        ),
        "promotions.Committee": {"of Aude": sitting.committee, "empty": _empty_committee(people)},
        "promotions.Hearing": sitting.hearings,
        "promotions.Ballot": sitting.ballots,
        "promotions.Decision": sitting.decisions,
        "promotions.DecisionDraft": sitting.drafts,
        "packets.Packet": packets | read,
        "packets.Order": make_orders(packets | read),
        "packets.PacketExport": jobs,
        "packets.ExportItem": items,
        "packets.PacketLink": make_packet_links(items, people),
        "jobs.Job": {name: item.job for name, item in items.items()},
        "notices.Letter": make_letters(people),
        "records.Hold": make_holds(people),
        "records.Export": make_exports(people),
        "trail.Entry": make_entries(people),
    }
    Person.objects.filter(pk__in=[people["lars"].pk, people["hugo"].pk]).update(leaves_on=today() + 2 * MONTH)
    Person.objects.filter(pk=people["lou"].pk).update(leaves_on=today())
    Person.objects.filter(pk=people["nemo"].pk).update(leaves_on=LONG_AGO, erased_at=now())
    people |= {name: Person.objects.get(pk=people[name].pk) for name in ("lars", "lou", "hugo", "nemo")}
    return SimpleNamespace(people=people, rows=rows)


def _people():
    for name in ("lena", "fay", "finn", "hugo", "ines", "ida", "jo", "lars", "lou", "nemo"):
        Person.objects.create_user(f"{name}@testing.example", name.title())
    people = {name: Person.objects.get(email=f"{name}@testing.example") for name in CAST}
    RoleGrant.objects.create(person=people["hugo"], role="hr")
    RoleGrant.objects.create(person=people["fay"], role="hr", revoked_at=now())
    return people


def _lines(people, edition):
    a_month_ago, in_a_month = today() - MONTH, today() + MONTH
    people["hana"].lines.update(ends_on=in_a_month)
    for report, manager, starts_on, ends_on in (
        ("hana", "finn", in_a_month, None),
        ("fay", "dora", LONG_AGO, None),
        ("finn", "dora", LONG_AGO, None),
        ("ines", "stella", LONG_AGO, a_month_ago - 2 * MONTH),
        ("ines", "hana", a_month_ago - 2 * MONTH, None),
        ("ida", "ines", LONG_AGO, None),
        ("lena", "fay", LONG_AGO, a_month_ago),
        ("lena", "mara", a_month_ago, in_a_month),
        ("lena", "finn", in_a_month, None),
        ("jo", "hana", LONG_AGO, a_month_ago),
        ("jo", "stella", a_month_ago, None),
        ("lars", "noor", today(), None),
        ("nemo", "stella", LONG_AGO, None),
    ):
        ReportingLine.objects.create(
            person=people[report], manager=people[manager], starts_on=starts_on, ends_on=ends_on
        )
    java, levels = edition.track_set.get(key="java"), {level.key: level for level in edition.level_set.all()}
    for name, starts_on in (("ines", LONG_AGO), ("ida", today()), ("jo", LONG_AGO)):
        Placement.objects.create(person=people[name], track=java, level=levels["senior"], starts_on=starts_on)
    for name in ("lena", "hana"):
        for level, starts_on, ends_on in (("senior", LONG_AGO, in_a_month), ("staff", in_a_month, None)):
            Placement.objects.create(
                person=people[name], track=java, level=levels[level], starts_on=starts_on, ends_on=ends_on
            )


def _empty_committee(people):
    return Committee.objects.create(name="Empty", by=people["hugo"])


def _parts(model, editions):
    return {name: model.objects.filter(edition=edition).first() for name, edition in editions.items()}
