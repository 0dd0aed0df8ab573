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

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

from django.utils import timezone

from competencies.access.clock import now, standing_at, today
from competencies.evidence.models import Evidence
from competencies.framework.models import (
    Area,
    Citation,
    Competency,
    Coverage,
    Edition,
    Framework,
    Level,
    Publication,
    Retirement,
    Skill,
    Track,
)
from competencies.packets.models import Packet
from competencies.people.imports import UNDOABLE, Application, Import, Memory, Preview, Sheet, Undoing
from competencies.people.models import (
    Invitation,
    Organisation,
    Person,
    Placement,
    ReportingLine,
    RoleGrant,
    Token,
)
from competencies.promotions.models import Claim, Decision, PromotionCase, Proposal, Story, Withdrawal
from competencies.records.models import Export, Hold
from competencies.reviews.models import Assessment, Cycle, Opening, Rating, Review, Submission
from competencies.reviews.opening import open_cycle
from competencies.sources.models import Passage, Source
from competencies.trail.models import record

LONG_AGO = date(2024, 1, 1)
DAY, MONTH = timedelta(days=1), timedelta(days=30)
CAST = (
    "lena", "mara", "fay", "finn", "dora", "stella", "noor", "kit", "hana", "hugo", "ines", "ida", "jo",
    "aude", "otto", "lars", "lou", "nemo", "gone",
)  # fmt: skip
CHANGING = ("Lena", "Hana", "Lars", "Ida")
EVERYONE = " ".join(name for name in CAST if name not in ("lou", "nemo", "gone"))
QUIET = (
    "account.signed_in", "account.signed_out",
    "case.opened", "case.dropped", "case.evidence_chosen", "case.stories_arranged",
    "claim.added", "claim.rewritten", "claim.removed",
    "draft.frozen", "draft.ordered", "draft.typeset", "draft.failed", "draft.downloaded", "draft.redacted",
    "rating.saved", "statement.written", "story.added", "story.rewritten", "story.removed",
)  # fmt: skip


def build():
    """Make the company; return its people by name, and its rows: `{model label: {name of the row: row}}`."""
    people = _people()
    edition = Edition.objects.in_force()
    _lines(people, edition)
    editions = {"published": edition} | {
        name: _edition(name, people["aude"]) for name in ("draft", "retired")
    }
    reviews = _reviews(people)
    odd = _odd_reviews(people, edition)
    cases = _cases(people, edition)
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
        "people.RoleGrant": _grants(people),
        "people.Invitation": _invitations(people),
        "people.Import": _imports(people["hugo"]),
        "people.Token": _tokens(people["lena"]),
        "framework.Edition": editions,
        **{
            model._meta.label: {
                name: model.objects.filter(edition=row).first() for name, row in editions.items()
            }
            for model in (Competency, Track, Skill)
        },
        "sources.Source": _sources(editions),
        "evidence.Evidence": _evidence(people),
        "reviews.Cycle": {name: review.cycle for name, review in (reviews | odd).items() if " HR" not in name}
        | {"preparing": _prepared("preparing", people["lena"], people["hugo"])},
        "reviews.Review": reviews | odd,
        "reviews.Assessment": {
            f"{name}, {assessment.kind}": assessment
            for name, review in (reviews | odd).items()
            for assessment in Assessment.objects.filter(review=review)
        },
        "promotions.PromotionCase": cases,
        "promotions.Claim": {name: case.claims.first() for name, case in cases.items()},
        "promotions.Story": {name: case.stories.first() for name, case in cases.items()},
        "packets.Packet": _packets(cases),
        "records.Hold": _holds(people),
        "records.Export": _exports(people),
        "trail.Entry": _entries(people),
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


def _grants(people):
    kept = (("hana", "hr"), ("hugo", "hr"), ("fay", "hr"), ("aude", "author"), ("otto", "auditor"))
    return {f"{role} of {name}": people[name].grants.get(role=role) for name, role in kept}


def _invitations(people):
    states = {
        "living": {},
        "accepted": {"accepted_at": now()},
        "taken back": {"revoked_at": now()},
        "expired": {"expires_at": now() - DAY},
    }
    return {
        name: Invitation.objects.create(
            person=people["lena"], by=people["hugo"], digest=name, **{"expires_at": now() + DAY} | fields
        )
        for name, fields in states.items()
    }


def _imports(hugo):
    def imported(name, *, kept=True, previewed=True, applied=None, remembered=True, undone=False):
        made = Import.objects.create(file=name, by=hugo, rows=1)
        if kept:
            Sheet.objects.create(of=made, headings=[], packed=b"")
        if previewed:
            Preview.objects.create(of=made, by=hugo, mapping={}, counts={}, digest=name)
        if applied:
            application = Application.objects.create(of=made, by=hugo, at=applied, counts={})
            if remembered:
                Memory.objects.create(application=application, packed=b"")
            if undone:
                Undoing.objects.create(application=application, by=hugo)
        return made

    return {
        made.file: made
        for made in (
            imported("uploaded", previewed=False),
            imported("previewed"),
            imported("dropped", kept=False),
            imported("applied", applied=now()),
            imported("applied and forgotten", applied=now(), kept=False, remembered=False),
            imported("applied a day ago", applied=now() - UNDOABLE),
            imported("undone", applied=now(), undone=True),
        )
    }


def _edition(name, aude):
    """Return a small edition in the state `name`, with one row of each part."""
    edition = Edition.objects.create(framework=Framework.objects.create(key=name, title=name), number=1)
    track = Track.objects.create(edition=edition, key="t", title=name, position=1)
    level = Level.objects.create(edition=edition, key="l", title=name, rung=1, position=1)
    area = Area.objects.create(edition=edition, key="a", title=name, position=1)
    competency = Competency.objects.create(edition=edition, area=area, key="c", title=name, position=1)
    Skill.objects.create(edition=edition, key="s", title=name, competency=competency, position=1)
    covering, cited = (
        Source.objects.create(key=f"{name}-{what}", title=what, digest=f"{name} {what}")
        for what in ("covering", "cited")
    )
    Coverage.objects.create(edition=edition, source=covering, track=track, level=level)
    passage = Passage.objects.create(source=cited, number=1, gist="Said.")
    Citation.objects.create(edition=edition, passage=passage, level=level)
    if name == "retired":
        Publication.objects.create(edition=edition, by=aude)
        Retirement.objects.create(edition=edition, by=aude)
    return edition


def _parts(model, editions):
    return {name: model.objects.filter(edition=edition).first() for name, edition in editions.items()}


def _sources(editions):
    sources = {
        f"{what}, {name}": Source.objects.get(key=f"{name}-{what}")
        for name in ("draft", "retired")
        for what in ("covering", "cited")
    }
    published = Source.objects.filter(coverages__edition=editions["published"]).first()
    alone = Source.objects.create(key="alone", title="Alone", digest="alone")
    return sources | {"covering, published": published, "of nothing": alone}


def _tokens(lena):
    tokens = {name: Token.issue(lena, by=lena, label=name)[0] for name in ("in force", "revoked")}
    tokens["revoked"].revoke(by=lena)
    return tokens


def _evidence(people):
    competency = Edition.objects.in_force().competency_set.first()

    def piece(of, by, day):
        with standing_at(timezone.make_aware(datetime.combine(day, time(12)))):
            return Evidence.log(
                people[of], by=people[by], happened_on=day, title="A piece", competencies=[competency]
            )

    return {
        "of lena by lena": piece("lena", "lena", today()),
        "of lena by mara": piece("lena", "mara", today()),
        "of lena by fay": piece("lena", "fay", today() - 2 * MONTH),
        "of lena by dora": _by_dora(people),
        "of hana by hana": piece("hana", "hana", today()),
        "of kit by noor": piece("kit", "noor", today()),
    }


def _reviews(people):
    lena, mara, hana, hugo = (people[name] for name in ("lena", "mara", "hana", "hugo"))
    reviews = {}

    def opened(name, subject=lena, **fields):
        cycle = _prepared(name, subject, hugo, **fields)
        open_cycle(cycle, by=hugo)
        reviews[name] = cycle.reviews.get()
        return reviews[name]

    opened("untouched")
    _draft(opened("drafts"))
    _submit(opened("self in"), "self")
    _submit(opened("manager in"), "manager")
    _submit(opened("not blind, self in", blind=False), "self")
    _submit(opened("revealed"), "self", "manager")
    _submit(opened("self given back"), "self", "manager")
    _reopen(reviews["self given back"], "self", hugo)
    _submit(opened("manager given back"), "self", "manager")
    _reopen(reviews["manager given back"], "manager", hugo)
    _submit(opened("discussed"), "self", "manager").discuss(by=mara)
    _submit(opened("signed by lena"), "self", "manager").discuss(by=mara)
    reviews["signed by lena"].sign(by=lena)
    _submit(opened("signed by both"), "self", "manager").discuss(by=mara)
    reviews["signed by both"].sign(by=lena)
    reviews["signed by both"].sign(by=mara)
    opened("closed untouched").cycle.close(by=hugo)
    _draft(opened("closed on drafts")).cycle.close(by=hugo)
    _submit(opened("closed after the reveal"), "self", "manager").cycle.close(by=hugo)
    with standing_at(now() - 2 * MONTH):  # when Fay was Lena's manager
        _draft(opened("of before the move"))
        _submit(opened("of before the move, manager in"), "manager")
        _submit(opened("of before the move, revealed"), "self", "manager")
        _draft(opened("handed over"))
        opened("handed over, revealed")
        _submit(opened("by HR before the move, self in", subject=people["jo"]), "self")
        _submit(opened("by HR before the move, revealed", subject=people["jo"]), "self", "manager")
    with standing_at(now() - 4 * MONTH):  # when Stella was Ines's manager
        _submit(opened("before the move to HR, self in", subject=people["ines"]), "self")
    reviews["handed over"].hand_over(mara, by=hugo)
    reviews["handed over, revealed"].hand_over(mara, by=hugo)
    _submit(reviews["handed over, revealed"], "self", "manager")
    _submit(opened("of HR, manager in", subject=hana), "manager")
    _submit(opened("of HR, revealed", subject=hana), "self", "manager")
    _submit(opened("by HR, self in", subject=people["ines"]), "self")
    _submit(opened("below HR, both in", subject=people["ida"]), "self", "manager")
    return {name: Review.objects.get(pk=review.pk) for name, review in reviews.items()}


def _prepared(name, subject, hugo, **fields):
    return Cycle.prepare(
        by=hugo,
        name=name,
        edition=Edition.objects.in_force(),
        everyone=False,
        people=[subject],
        self_due_at=now() + MONTH,
        manager_due_at=now() + MONTH,
        **fields,
    )


def _draft(review):
    for assessment in review.assessments.all():
        assessment.rate(assessment.competencies()[0], by=assessment.author, version=0, comment="A draft.")
    return review


def _submit(review, *kinds):
    point = review.level.edition.scale.points.get(key="consistent")
    for kind in kinds:
        assessment = review.assessments.get(kind=kind)
        Rating.objects.bulk_create(
            Rating(assessment=assessment, competency=competency, point=point, version=1)
            for competency in assessment.competencies()
        )
        Assessment.objects.filter(pk=assessment.pk).update(started_at=now())
        assessment.submit(by=assessment.author)
    return review


def _reopen(review, kind, hugo):
    review.assessments.get(kind=kind).reopen(by=hugo, reason="A slip.")


def _odd_reviews(people, edition):
    """Reviews that no transition leaves so: what the rules say of them is the braces to a belt."""
    lena, mara, fay, dora = (people[name] for name in ("lena", "mara", "fay", "dora"))

    def odd(name, *, held_by=mara, opened=True, submitted=(), **authors):
        cycle = Cycle.objects.create(
            name=name,
            edition=edition,
            created_by=people["hugo"],
            self_due_at=now(),
            manager_due_at=now(),
            everyone=False,
        )
        if opened:
            Opening.objects.create(cycle=cycle, by=people["hugo"])
        placement = lena.placement_on()
        review = Review.objects.create(
            cycle=cycle,
            subject=lena,
            manager=held_by,
            track=placement.track,
            level=placement.level,
            standing=placement.level,
        )
        for kind, author in authors.items():
            assessment = Assessment.objects.create(review=review, kind=kind, author=author)
            if kind in submitted:
                Submission.objects.create(assessment=assessment, round=1, by=author)
        return review

    return {
        review.cycle.name: review
        for review in (
            odd("never opened", opened=False, self=lena, manager=mara, submitted=["self"]),
            odd("both in, not revealed", self=lena, manager=mara, submitted=["self", "manager"]),
            odd("sides swapped", self=mara, manager=lena),
            odd("back with Mara", self=lena, manager=mara, former=mara),
            odd("held by Fay", held_by=fay, self=lena, manager=mara),
            odd("held by Dora", held_by=dora, self=lena, manager=dora),
        )
    }


def _cases(people, edition):
    levels = {level.key: level for level in edition.level_set.all()}
    competency = edition.competency_set.first()

    def case(subject, sponsor, *steps):
        subject, sponsor, hugo = people[subject], people[sponsor], people["hugo"]
        case = PromotionCase.objects.create(
            subject=subject,
            sponsor=sponsor,
            track=edition.track_set.get(key="java"),
            from_level=levels["senior"],
            to_level=levels["staff"],
        )
        Claim.objects.create(case=case, competency=competency, text="A claim.")
        Story.objects.create(case=case, title="A story", position=1)
        if "propose" in steps:
            Proposal.objects.create(case=case, by=sponsor)
        if "decide" in steps:
            Decision.objects.create(case=case, by=hugo, outcome="decline", rationale="Too early.")
        if "withdraw" in steps:
            Withdrawal.objects.create(case=case, by=sponsor)
        return PromotionCase.objects.get(pk=case.pk)

    return {
        "draft": case("lena", "mara"),
        "dropped": case("lena", "mara", "withdraw"),
        "proposed": case("lena", "mara", "propose"),
        "withdrawn": case("lena", "mara", "propose", "withdraw"),
        "decided": case("lena", "mara", "propose", "decide"),
        "decided as a draft": case("lena", "mara", "decide"),  # which no transition does
        "decided as a draft by Fay": case("lena", "fay", "decide"),
        "draft by Fay": case("lena", "fay"),
        "proposed by Fay": case("lena", "fay", "propose"),
        "decided by Fay": case("lena", "fay", "propose", "decide"),
        "draft by Dora": case("lena", "dora"),
        "proposed by Dora": case("lena", "dora", "propose"),
        "draft of HR": case("hana", "dora"),
        "proposed of HR": case("hana", "dora", "propose"),
        "decided of HR": case("hana", "dora", "propose", "decide"),
        "draft by HR": case("ines", "hana"),
        "proposed by HR": case("ines", "hana", "propose"),
        "draft by HR before the move": case("jo", "hana"),
        "proposed by HR before the move": case("jo", "hana", "propose"),
        "proposed by Noor": case("kit", "noor", "propose"),
    }


def _packets(cases):
    def packet(case, variant, at):
        case = cases[case]
        number = f"P-{case.pk}-{Packet.objects.count()}"
        return Packet.objects.create(
            case=case, number=number, variant=variant, by=case.sponsor, at=at, snapshot="{}"
        )

    def each(case, what, at):
        return {f"{case}, {what}, {variant}": packet(case, variant, at) for variant in Packet.Variant.values}

    of_draft = {}
    for case in ("draft", "draft by Fay", "dropped", "draft of HR"):
        of_draft |= each(case, "as it was", now())
    for case in ("proposed", "withdrawn", "proposed by Fay", "proposed by Dora", "proposed of HR"):
        of_draft |= each(case, "its draft", cases[case].proposal.at - DAY)
    proposed = {}
    for case in cases:
        if Proposal.objects.filter(case=cases[case]).exists():
            proposed |= each(case, "itself", cases[case].proposal.at)
    return of_draft | proposed


def _holds(people):
    def hold(of, **fields):
        return Hold.objects.create(person=people[of], by=people["hugo"], reason="A court asks.", **fields)

    return {"standing": hold("lena"), "lifted": hold("lena", lifted_at=now()), "of HR": hold("hana")}


def _exports(people):
    def export(of, by, *, file="a.zip", until=DAY):
        return Export.objects.create(
            person=people[of], by=people[by], file=file, ready_at=now(), expires_at=now() + until
        )

    return {
        "by Lena": export("lena", "lena"),
        "by Lena, being made": export("lena", "lena", file=""),
        "by Lena, expiring": export("lena", "lena", until=timedelta(0)),
        "by Hugo": export("lena", "hugo"),
        "by Fay, who was of HR": export("lena", "fay"),
        "of HR by HR": export("hana", "hana"),
        "of Nemo by Hugo": export("nemo", "hugo"),
    }


def _entries(people):
    def entry(action, by, about):
        told = {"by": people.get(by), "about": people.get(about)}
        return record(action, people["lena"], **told)

    told = {
        "case.proposed": ("mara", "lena"),
        "role.granted": ("hugo", "hana"),
        "evidence.logged": ("lena", "lena"),
        "edition.published": ("aude", None),
        "company.loaded": (None, None),
    }
    quiet = dict.fromkeys(QUIET, ("mara", "lena"))
    entries = {action: entry(action, *who) for action, who in (told | quiet).items()}
    return entries | {"case.opened of HR": entry("case.opened", "dora", "hana")}


def _by_dora(people):
    """Evidence that Dora recorded when Lena reported to her, which no line of today tells."""
    return Evidence.objects.create(
        person=people["lena"], author=people["dora"], happened_on=today(), title="A piece"
    )
