"""Writing what a plan says, and taking it back: set by set, in the caller's transaction.

What is written is what the transitions of each person would have written one by one, trail included.
A memory of the rows before and after is what undoing goes by.
"""

from collections import defaultdict
from datetime import date
from secrets import token_urlsafe

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from competencies.access.clock import now, today
from competencies.access.inserting import insert
from competencies.trail.models import record_each

from .chains import relink, relink_everyone
from .circles import circle
from .gaps import retrace, retrace_everyone, with_reports
from .models import FormerName, Person, Placement, ReportingLine
from .words import FIELDS as FOUND_BY
from .words import reindex
from .world import Span

AT_ONCE = 1_000
MANY = 2_000  # lines moved, from which on all chains are written anew
FIELDS = ("number", "email", "name", "title", "team", "pronouns", "joined_on", "leaves_on")
SPANS = {
    "lines": (ReportingLine, ("pk", "person_id", "manager_id", "starts_on", "ends_on")),
    "placements": (
        Placement,
        ("pk", "person_id", "track_id", "level_id", "starts_on", "ends_on", "reason", "by_id"),
    ),
}


def quiet(percent):
    """Tell nobody how far it is."""


def carry_out(plan, *, by, tell=quiet):
    """Write what `plan` accepted, as `by`; return the memory by which `restore` takes it back.

    The memory is plain JSON: `{person: {"new", "before", "after", "lines", "placements"}}`.
    """
    accepted = plan.accepted()
    moved = [subject for subject in accepted if _moved(subject, plan.world.lines, "lines")]
    placed = [subject for subject in accepted if _moved(subject, plan.world.placements, "placements")]
    memory = {}
    people = _write_people(accepted, memory, by)
    tell(32)
    before = _rows_of("lines", [s.key for s in moved]), _rows_of("placements", [s.key for s in placed])
    _write_spans("placements", placed, plan.world.placements, people, by)
    tell(42)
    _write_spans("lines", moved, plan.world.lines, people, by)
    _relink(people[subject.key].pk for subject in moved)
    _retrace(memory, [people[subject.key].pk for subject in (*moved, *placed)])
    tell(52)
    for name, subjects, rows in (("lines", moved, before[0]), ("placements", placed, before[1])):
        after = _rows_of(name, [people[subject.key].pk for subject in subjects])
        for subject in subjects:
            pk = people[subject.key].pk
            memory[pk][name] = [rows.get(pk, []), after.get(pk, [])]
    _tell_the_trail(accepted, people, plan.world.ladder, by, tell)
    return memory


def _moved(subject, known, name):
    return getattr(subject, name) != known.get(subject.key, [])


def _write_people(subjects, memory, by):
    """Take in who is new and describe anew who is changed; return `{key: Person}` of all."""
    people = _people(subject.key for subject in subjects if not subject.is_new)
    changed = []
    for subject in subjects:
        if subject.is_new:
            person = people[subject.key] = Person(**subject.wanted, leaves_on=subject.leaves_on)
            person.password = UNUSABLE_PASSWORD_PREFIX + token_urlsafe(30)  # as Django does, in bulk
            continue
        person, wanted = people[subject.key], _wanted(subject)
        memory[person.pk] = {"new": False, "before": {}, "after": _plain(wanted)}
        memory[person.pk]["before"] = _plain({name: getattr(person, name) for name in wanted})
        for name, value in wanted.items():
            setattr(person, name, value)
        if wanted:
            changed.append(person)
    newcomers = [people[subject.key] for subject in subjects if subject.is_new]
    Person.objects.bulk_create(newcomers, batch_size=AT_ONCE)
    for person in newcomers:
        after = _plain({name: getattr(person, name) for name in FIELDS})
        memory[person.pk] = {"new": True, "before": {}, "after": after}
    _rewrite(changed)
    FormerName.objects.remember({pk: row["before"] for pk, row in memory.items()})
    reindex(pk for pk, row in memory.items() if not row["after"].keys().isdisjoint(FOUND_BY))
    back = [people[subject.key] for subject in subjects if subject.comes_back]
    _note_return(back)
    _end_what_was_theirs(back, by)
    return people


def _note_return(people):
    """Note that they are back, by which the sessions of before have ended, as `Person.rejoin` does."""
    for some in _some(person.pk for person in people):
        Person.objects.filter(pk__in=some).update(returned_at=now())


def _end_what_was_theirs(people, by):
    """Let nobody come back to the roles and tokens they left with, as `Person.rejoin` does; few have any."""
    for some in _some(person.pk for person in people):
        theirs = Q(grants__revoked_at=None, grants__isnull=False) | Q(
            tokens__revoked_at=None, tokens__isnull=False
        )
        for person in Person.objects.filter(theirs, pk__in=some).distinct():
            person._end_roles_and_tokens(by=by)


def _wanted(subject):
    """Return what becomes of the person's own row: `{field: value}`."""
    wanted = {}
    for act in subject.acts:
        if act[0] == "describe":
            wanted |= {name: subject.wanted[name] for name in act[1]}
        elif act[0] in ("leave", "rejoin"):
            wanted["leaves_on"] = subject.leaves_on
    return wanted


def _people(pks):
    return {
        person.pk: person for some in _some(pks) for person in Person.objects.order_by().filter(pk__in=some)
    }


def _some(pks):
    pks = sorted(pks)
    return [pks[first : first + AT_ONCE] for first in range(0, len(pks), AT_ONCE)]


def _rewrite(people):
    """Write the own rows of people who are here already: one statement for a thousand."""
    Person.objects.bulk_create(
        people, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["pk"], update_fields=FIELDS
    )


def _write_spans(name, subjects, known, people, by):
    """Remove what gave way, end what is over and add what is new."""
    model, _fields = SPANS[name]
    gone, ended, new = [], defaultdict(list), []
    for subject in subjects:
        spans = getattr(subject, name)
        before = {span.pk: span for span in known.get(subject.key, ())}
        gone += before.keys() - {span.pk for span in spans}
        for span in spans:
            if span.pk is None:
                new.append(_row(name, people[subject.key], span, people, by))
            elif span.ends_on != before[span.pk].ends_on:
                ended[span.ends_on].append(span.pk)
    _remove(model, gone)
    for day, pks in ended.items():
        for some in _some(pks):
            model.objects.filter(pk__in=some).update(ends_on=day)
    insert(model, new)


def _row(name, person, span, people, by):
    span_of = {"person_id": person.pk, "starts_on": span.starts_on, "ends_on": span.ends_on}
    if name == "lines":
        manager = people[span.what].pk if span.what in people else span.what
        return ReportingLine(manager_id=manager, **span_of)
    return Placement(track_id=span.what[0], level_id=span.what[1], by=by, **span_of)


def _remove(model, pks):
    for some in _some(pks):
        model.objects.filter(pk__in=some).delete()


def _relink(people):
    people = list(people)
    if len(people) > MANY:
        relink_everyone()
    elif people:
        relink(people)


def _retrace(memory, people):
    """Write anew what `people` lack, and those who came or went with whoever reports to them."""
    turned = with_reports(
        pk for pk, row in memory.items() if "leaves_on" in row["after"] or "leaves_on" in row["before"]
    )
    turned.update(people)
    if len(turned) > MANY:
        retrace_everyone()
    else:
        retrace(turned)


def _rows_of(name, people):
    """Return the whole rows of some people as plain JSON, in order: `{person: [[pk, …], …]}`."""
    model, fields = SPANS[name]
    found = defaultdict(list)
    for some in _some(key for key in people if key > 0):
        for row in model.objects.filter(person__in=some).order_by("starts_on", "pk").values_list(*fields):
            found[row[1]].append([_plain_value(value) for value in row])
    return found


def _plain(values):
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value):
    return value.isoformat() if isinstance(value, date) else value


def _tell_the_trail(subjects, people, ladder, by, tell):
    """Add what the transitions would: one entry an act, about the person whose record it is."""
    told = {"welcome": [], "describe": [], "rejoin": [], "place": [], "report_to": [], "leave": []}
    for subject in subjects:
        person = people[subject.key]
        for verb, *details in subject.acts:
            told[verb].append((person, person, _data(verb, details, people, ladder)))
    for number, (verb, action) in enumerate(ACTIONS.items()):
        tell(60 + number * 7)
        if told[verb]:
            record_each(action, told[verb], by=by)


ACTIONS = {
    "welcome": "person.welcomed",
    "describe": "person.described",
    "rejoin": "person.rejoined",
    "place": "person.placed",
    "report_to": "person.moved",
    "leave": "person.left",
}


def _data(verb, details, people, ladder):
    if verb == "describe":
        return {"fields": sorted(details[0])}
    if verb in ("leave", "rejoin"):
        return {"on": details[0].isoformat()}
    if verb == "place":
        (_framework, track), (_framework, level) = ladder.keys(details[0])
        return {"level": level, "track": track, "on": details[1].isoformat()}
    if verb == "report_to":
        manager = people[details[0]].pk if details[0] in people else details[0]
        return {"manager": manager, "on": details[1].isoformat()}
    return {}


def moves(memory, person):
    """Say whether an import changed how `person` stands: whom they report to, at which level, until when."""
    row = memory.get(person.pk, {})
    return bool(row) and (row["new"] or "leaves_on" in row["before"] or any(name in row for name in SPANS))


def changed_since(memory):
    """Return the names of the people who are no longer as the import left them, and of those in its way.

    In the way are reports that somebody the import made was given since, an email or a staff number
    that somebody else has now, and a reporting line that would lead back to its own beginning.
    """
    people = _people(memory)
    rows = {name: _rows_of(name, _with(memory, name)) for name in SPANS}
    changed = {
        pk
        for pk, person in people.items()
        if any(_plain_value(getattr(person, name)) != value for name, value in memory[pk]["after"].items())
        or any(name in memory[pk] and rows[name].get(pk, []) != memory[pk][name][1] for name in SPANS)
    }
    changed |= _followed(memory) | _in_the_way(memory) | _circling(memory)
    return sorted(Person.objects.filter(pk__in=changed).values_list("name", flat=True)[:AT_ONCE])


def _with(memory, name):
    return [pk for pk, row in memory.items() if name in row]


def _followed(memory):
    """Return the new people to whom somebody reports by a line that the import did not make."""
    made = {row[0] for of in memory.values() if "lines" in of for row in of["lines"][1]}
    new = [pk for pk, row in memory.items() if row["new"]]
    return {
        manager
        for some in _some(new)
        for pk, manager in ReportingLine.objects.filter(manager__in=some).values_list("pk", "manager_id")
        if pk not in made
    }


def _in_the_way(memory):
    """Return who has an email or a staff number by now that undoing would give back."""
    found = set()
    for name in ("email", "number"):
        wanted = [row["before"][name] for row in memory.values() if row["before"].get(name)]
        for some in _some(wanted):
            holders = Person.objects.filter(**{f"{name}__in": some}).values_list("pk", flat=True)
            found |= {pk for pk in holders if pk not in memory}
    return found


def _circling(memory):
    lines = defaultdict(list)
    for pk, person, manager, since, until in ReportingLine.objects.values_list(*SPANS["lines"][1]):
        lines[person].append(Span(pk, since, until, manager))
    back = {pk: [_span(row) for row in memory[pk]["lines"][0]] for pk in _with(memory, "lines")}
    lines.update(back)
    return {pk for pk, spans in back.items() if circle(pk, spans, lambda key: lines.get(key, ()), str)}


def _span(row):
    pk, _person, manager, since, until = row
    return Span(pk, date.fromisoformat(since), until and date.fromisoformat(until), manager)


def restore(memory, *, by, tell=quiet):
    """Put back what the import changed and take out whom it made; return the people taken out.

    Who was made stays on record, gone from today, without line and placement: the trail speaks of
    them, and so may other things by now. Ask `changed_since` first.
    """
    people = _people(memory)
    tell(30)
    taken_out = [person for person in people.values() if memory[person.pk]["new"]]
    gone = [person for person in people.values() if not person.is_active]
    for person in people.values():
        for name, value in memory[person.pk]["before"].items():
            dated = value and name in ("joined_on", "leaves_on")
            setattr(person, name, date.fromisoformat(value) if dated else value)
    for person in taken_out:
        person.leaves_on = min(person.leaves_on or today(), today())
    _rewrite(list(people.values()))
    FormerName.objects.remember({pk: memory[pk]["after"] for pk in people if not memory[pk]["new"]})
    reindex(pk for pk in people if not memory[pk]["before"].keys().isdisjoint(FOUND_BY))
    _note_return(person for person in gone if person.is_active)
    tell(50)
    for name in SPANS:
        _put_back(name, {pk: memory[pk][name] for pk in _with(memory, name)})
    _relink(_with(memory, "lines"))
    _retrace(memory, [*_with(memory, "lines"), *_with(memory, "placements")])
    tell(75)
    left = [(person, person, {"on": person.leaves_on.isoformat()}) for person in taken_out]
    back = [(person, person, _restored(memory[pk])) for pk, person in people.items() if not memory[pk]["new"]]
    record_each("person.left", left, by=by)
    record_each("person.restored", back, by=by)
    tell(98)
    return taken_out


def _put_back(name, rows):
    """Remove the rows the import made, and write those it removed or ended as they were, ids included."""
    model, fields = SPANS[name]
    made, old = [], []
    for before, after in rows.values():
        kept = {row[0] for row in before}
        made += [row[0] for row in after if row[0] not in kept]
        old += [row for row in before if row not in after]
    _remove(model, made)
    _remove(model, [row[0] for row in old])
    model.objects.bulk_create(
        [model(**dict(zip(fields, row, strict=True))) for row in old], batch_size=AT_ONCE
    )


def _restored(row):
    return {"fields": sorted(row["before"]), "spans": sorted(name for name in SPANS if name in row)}
