"""Whatever a file asks: an import ends where the transitions end, changes nothing twice, and comes undone."""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from competencies.core.clock import today
from competencies.core.refusals import NotNow
from competencies.people.models import (
    ManagerPath,
    MissingAssignment,
    Organisation,
    Person,
    Placement,
    ReportingLine,
    Word,
)
from competencies.people_import.models import Import, Withdrawal
from competencies.people_import.plan import plan
from competencies.trail.models import Entry

HERE = ("sam", "stella", "leo", "kit", "mara", "noor", "dora", "aude", "gone", "hana")
NEW = ("ann", "ben", "cid")
HEADINGS = (
    "number", "email", "name", "title", "team", "joined_on", "last_day", "manager", "line_from", "track",
    "level", "level_from",
)  # fmt: skip
MAPPING = {"columns": {key: place for place, key in enumerate(HEADINGS)}, "dates": "iso"}


def days(*numbers):
    """A day so many days from today, or none."""
    return st.sampled_from([None, *numbers]).map(
        lambda number: "" if number is None else (today() + timedelta(days=number)).isoformat()
    )


def email(name):
    return f"{name}@testing.example"


SAYS = st.fixed_dictionaries(
    {
        "number": st.sampled_from(["", "", "1", "2", "3"]),
        "title": st.sampled_from(["", "Engineer", "Architect"]),
        "team": st.sampled_from(["", "Blue"]),
        "joined_on": days(-900, 20),
        "last_day": days(-3, 30),
        "manager": st.sampled_from(["", *HERE, *NEW]).map(lambda name: name and email(name)),
        "line_from": days(-1200, -10, 0, 10, 40),
        "track": st.sampled_from(["", "java", "JVM backend"]),
        "level": st.sampled_from(["", "senior", "Staff", "lead"]),
        "level_from": days(-1200, -10, 0, 10, 40),
    }
)
FILES = st.dictionaries(st.sampled_from(HERE + NEW), SAYS, min_size=1, max_size=8).map(
    lambda file: [
        [line, *({"email": email(name), "name": name.title(), **says}[key] for key in HEADINGS)]
        for line, (name, says) in enumerate(file.items(), start=2)
    ]
)
FEW = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def undone():
    """Run a block and roll back what it wrote."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows(*, ids=False):
    """Return everything that is known of people, by email: their own rows, what is dated, what is derived."""
    names = dict(Person.objects.values_list("pk", "email"))
    fields = ("number", "email", "name", "title", "team", "pronouns", "joined_on", "leaves_on")
    pk = ("pk",) if ids else ()
    return {
        "people": sorted(Person.objects.values_list(*fields), key=repr),
        "lines": sorted(
            ReportingLine.objects.values_list("person__email", "manager__email", "starts_on", "ends_on", *pk),
            key=repr,
        ),
        "placements": sorted(
            Placement.objects.values_list(
                "person__email", "track__key", "level__key", "starts_on", "ends_on", "reason", "by", *pk
            ),
            key=repr,
        ),
        "chains": Counter(
            (names[person], names[manager], *rest)
            for person, manager, *rest in ManagerPath.objects.values_list(
                "person_id", "manager_id", "depth", "starts_on", "until"
            )
        ),
        "words": {(names[person], text) for person, text in Word.objects.values_list("person_id", "text")},
        "gaps": Counter(
            (names[person], *rest)
            for person, *rest in MissingAssignment.objects.values_list(
                "person_id", "kind", "starts_on", "until"
            )
        ),
    }


def told(since):
    """Return what the trail tells of people after entry `since`, ids as emails: how often each."""
    names = dict(Person.objects.values_list("pk", "email"))
    entries = Entry.objects.filter(sequence__gt=since, action__startswith="person.")
    return Counter(
        (entry.action, names[entry.about_id], repr(sorted(_named(entry.details, names).items())))
        for entry in entries
    )


def _named(details, names):
    return details | ({"manager": names[details["manager"]]} if "manager" in details else {})


def head():
    return Entry.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def imported(file, by):
    text = "\n".join(",".join(row) for row in [HEADINGS, *(row[1:] for row in file)])
    made = Import.upload(text.encode(), file="people.csv", within=Organisation.here(), by=by)
    made.work_out(MAPPING, by=by)
    return Import.objects.get(pk=made.pk)


def by_transitions(file, by):
    """Do what the file asks, as far as it is accepted, by the transitions of each person."""
    accepted = plan(file, MAPPING, by=by, taken_out=Withdrawal.days()).accepted()
    people = {}
    for subject in accepted:
        if subject.is_new:
            fields = {key: value for key, value in subject.values.items() if key not in ("email", "name")}
            people[subject.key] = Person.welcome(
                by=by, email=subject.values["email"], name=subject.values["name"], **fields
            )
        else:
            people[subject.key] = Person.objects.get(pk=subject.key)
    waiting = []
    for subject in accepted:
        for verb, *details in subject.acts:
            person = people[subject.key]
            if verb == "describe":
                person.describe(by=by, **{key: subject.values[key] for key in details[0]})
            elif verb == "place":
                (track, level), day = details
                tracks, levels = (
                    Person.placements.rel.related_model._meta.get_field(name).related_model
                    for name in ("track", "level")
                )
                person.place(
                    track=tracks.objects.get(pk=track),
                    level=levels.objects.get(pk=level),
                    starts_on=day,
                    by=by,
                )
            elif verb == "report_to":
                waiting.append(
                    (person, people.get(details[0]) or Person.objects.get(pk=details[0]), details[1])
                )
    _report(waiting, by)
    for subject in accepted:
        if subject.acts[-1][0] == "leave":
            people[subject.key].leave(on=subject.acts[-1][1], by=by)


def _report(waiting, by):
    """Draw the lines in an order in which none closes a circle on its way, whichever that is."""
    while waiting:
        left = []
        for person, manager, day in waiting:
            if any(person == other for other, *_rest in left):  # one after the other
                left.append((person, manager, day))
                continue
            try:
                with transaction.atomic():
                    person.report_to(manager, starts_on=day, by=by)
            except NotNow:
                left.append((person, manager, day))
        assume(len(left) < len(waiting))
        waiting = left


@pytest.mark.django_db
@FEW
@given(file=FILES)
def test_an_import_leaves_what_the_transitions_leave(hana, file):
    with undone():
        began = head()
        by_transitions(file, hana)
        wanted = rows(), told(began)
    with undone():
        made = imported(file, hana)
        began = head()
        if made.preview.doing:
            made.apply(by=hana, skip_refused=True)

        assert (rows(), told(began)) == wanted


@pytest.mark.django_db
@FEW
@given(file=FILES)
def test_a_second_time_nothing_is_left_to_do_and_undoing_leaves_what_was(hana, file):
    with undone():
        before, pks = rows(ids=True), set(Person.objects.values_list("pk", flat=True))
        made = imported(file, hana)
        if not made.preview.doing:
            return
        made.apply(by=hana, skip_refused=True)
        again = imported(file, hana)
        refused = set(made.preview.findings.filter(kind="refused").values_list("line", flat=True))
        kinds = dict(again.preview.findings.values_list("line", "kind"))
        assert {line: kind for line, kind in kinds.items() if line not in refused} == dict.fromkeys(
            kinds.keys() - refused, "unchanged"
        )

        Import.objects.get(pk=made.pk).undo(by=hana)
        newcomers = Person.objects.exclude(pk__in=pks)
        after = rows(ids=True)
        assert not newcomers.active().exists()
        emails = {new.email for new in newcomers}
        after["people"] = [row for row in after["people"] if row[1] not in emails]
        after["words"] = {(email, word) for email, word in after["words"] if email not in emails}
        assert after == before
