"""What a plan says as rows to be written, and what takes it back.

What is written is what the transitions of each person would have written one by one, trail included.
A memory of the rows before and after is what undoing goes by.
"""

from collections import defaultdict
from datetime import date
from secrets import token_urlsafe

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from competencies.core.bulk import reserve
from competencies.core.clock import today
from competencies.trail.batches import Batch

from .circles import circle
from .models import Person, Placement, ReportingLine
from .models.search_index import FIELDS as FOUND_BY
from .prepared import AT_ONCE, FIELDS, SPANS, Prepared, quiet, some
from .world import Span

ACTIONS = {
    "welcome": "person.welcomed",
    "describe": "person.described",
    "rejoin": "person.rejoined",
    "place": "person.placed",
    "report_to": "person.moved",
    "leave": "person.left",
}


def prepare(plan, *, by, tell=quiet):
    """Return what `plan` accepted as `Prepared` rows, and the memory that `prepare_undoing` goes by.

    The memory is plain JSON: `{person: {"new", "before", "after", "lines", "placements"}}`. Nothing is
    written but the ids that are reserved.
    """
    accepted = plan.accepted()
    new = [subject for subject in accepted if subject.is_new]
    ids = dict(zip((subject.key for subject in new), reserve(Person, len(new)), strict=True))
    ids |= {subject.key: subject.key for subject in accepted if not subject.is_new}
    prepared, memory = Prepared(Batch(by=by)), {}
    _prepare_people(prepared, memory, accepted, ids)
    tell(32)
    known = {"lines": plan.world.lines, "placements": plan.world.placements}
    for name in SPANS:
        subjects = [
            subject for subject in accepted if getattr(subject, name) != known[name].get(subject.key, [])
        ]
        _prepare_spans(prepared, memory, name, subjects, known[name], ids, by)
    tell(42)
    _prepare_trail(prepared.trail, accepted, ids, plan.world.ladder)
    prepared.stage()
    tell(50)
    return prepared, memory


def _prepare_people(prepared, memory, subjects, ids):
    newcomers = []
    for subject in subjects:
        pk, wanted = ids[subject.key], _wanted(subject)
        if subject.is_new:
            person = Person(pk=pk, **subject.wanted, leaves_on=subject.leaves_on)
            person.password = UNUSABLE_PASSWORD_PREFIX + token_urlsafe(30)  # as Django does, in bulk
            newcomers.append(person)
            values = {name: getattr(person, name) for name in FIELDS}
            memory[pk] = {"new": True, "before": {}, "after": _plain(values)}
        else:
            before = {name: getattr(subject.known, name) for name in FIELDS}
            values = before | wanted
            memory[pk] = {
                "new": False,
                "before": _plain({name: before[name] for name in wanted}),
                "after": _plain(wanted),
            }
            if wanted:
                prepared.describe(pk, values)
        told = memory[pk]
        if not told["after"].keys().isdisjoint(FOUND_BY):
            prepared.find_by(pk, values, is_new=subject.is_new)
        if "leaves_on" in told["after"]:
            prepared.turned.add(pk)
        if subject.comes_back:
            prepared.back.append(pk)
    prepared.welcome(newcomers)
    prepared.keep_former({pk: row["before"] for pk, row in memory.items()})


def _wanted(subject):
    """Return what becomes of the person's own row: `{field: value}`."""
    wanted = {}
    for act in subject.acts:
        if act[0] == "describe":
            wanted |= {name: subject.wanted[name] for name in act[1]}
        elif act[0] in ("leave", "rejoin"):
            wanted["leaves_on"] = subject.leaves_on
    return wanted


def _prepare_spans(prepared, memory, name, subjects, known, ids, by):
    """Make ready what gives way, what is over and what is new, and remember the rows before and after."""
    model, fields = SPANS[name]
    people = {ids[subject.key] for subject in subjects}
    getattr(prepared, "moved" if name == "lines" else "placed").update(people)
    rows = _rows_of(name, [subject.key for subject in subjects])
    free = iter(
        reserve(model, sum(span.pk is None for subject in subjects for span in getattr(subject, name)))
    )
    made = []
    for subject in subjects:
        pk, spans = ids[subject.key], getattr(subject, name)
        kept = {span.pk: span.ends_on for span in spans}
        prepared.gone[name] += [span.pk for span in known.get(subject.key, ()) if span.pk not in kept]
        for before in known.get(subject.key, ()):
            if before.pk in kept and kept[before.pk] != before.ends_on:
                prepared.ended[name][kept[before.pk]].append(before.pk)
        new = [_row(name, pk, span, next(free), ids, by) for span in spans if span.pk is None]
        made += new
        after = [_ending(fields, row, kept[row[0]]) for row in rows.get(pk, ()) if row[0] in kept]
        after += [[_plain_value(getattr(row, field)) for field in fields] for row in new]
        starts = fields.index("starts_on")
        memory[pk][name] = [rows.get(pk, []), sorted(after, key=lambda row: (row[starts], row[0]))]
    prepared.add_spans(name, made)


def _ending(fields, row, day):
    place = fields.index("ends_on")
    return [*row[:place], _plain_value(day), *row[place + 1 :]]


def _row(name, person, span, pk, ids, by):
    of = {"pk": pk, "person_id": person, "starts_on": span.starts_on, "ends_on": span.ends_on}
    if name == "lines":
        return ReportingLine(manager_id=ids.get(span.what, span.what), **of)
    return Placement(track_id=span.what[0], level_id=span.what[1], by=by, **of)


def _rows_of(name, people):
    """Return the whole rows of some people as plain JSON, in order: `{person: [[pk, …], …]}`."""
    model, fields = SPANS[name]
    found = defaultdict(list)
    for pks in some(key for key in people if key > 0):
        for row in model.objects.filter(person__in=pks).order_by("starts_on", "pk").values_list(*fields):
            found[row[1]].append([_plain_value(value) for value in row])
    return found


def _plain(values):
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value):
    return value.isoformat() if isinstance(value, date) else value


def _prepare_trail(trail, subjects, ids, ladder):
    """Make ready what the transitions would add: one entry an act, about the person whose record it is."""
    told = {verb: [] for verb in ACTIONS}
    for subject in subjects:
        for verb, *details in subject.acts:
            told[verb].append((ids[subject.key], _data(verb, details, ids, ladder)))
    for verb, action in ACTIONS.items():
        for pk, data in told[verb]:
            trail.add(action, Person, pk, about=pk, **data)


def _data(verb, details, ids, ladder):
    if verb == "describe":
        return {"fields": sorted(details[0])}
    if verb in ("leave", "rejoin"):
        return {"on": details[0].isoformat()}
    if verb == "place":
        (_framework, track), (_framework, level) = ladder.keys(details[0])
        return {"level": level, "track": track, "on": details[1].isoformat()}
    if verb == "report_to":
        return {"manager": ids.get(details[0], details[0]), "on": details[1].isoformat()}
    return {}


def moves(memory, person):
    """Say whether an import changed how `person` stands: whom they report to, at which level, until when."""
    row = memory.get(person.pk, {})
    return bool(row) and (row["new"] or "leaves_on" in row["before"] or any(name in row for name in SPANS))


def _people(pks):
    """Return what the own rows of some people say: `{person: {field: value}}`."""
    return {
        pk: dict(zip(FIELDS, said, strict=True))
        for these in some(pks)
        for pk, *said in Person.objects.order_by().filter(pk__in=these).values_list("pk", *FIELDS)
    }


def changed_since(memory):
    """Return the names of the people who are no longer as the import left them, and of those in its way.

    In the way are reports that somebody the import made was given since, an email or a staff number
    that somebody else has now, and a reporting line that would lead back to its own beginning.
    """
    people = _people(memory)
    rows = {name: _rows_of(name, _with(memory, name)) for name in SPANS}
    changed = {
        pk
        for pk, said in people.items()
        if any(_plain_value(said[name]) != value for name, value in memory[pk]["after"].items())
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
        for pks in some(new)
        for pk, manager in ReportingLine.objects.filter(manager__in=pks).values_list("pk", "manager_id")
        if pk not in made
    }


def _in_the_way(memory):
    """Return who has an email or a staff number by now that undoing would give back."""
    found = set()
    for name in ("email", "number"):
        wanted = [row["before"][name] for row in memory.values() if row["before"].get(name)]
        for these in some(wanted):
            holders = Person.objects.filter(**{f"{name}__in": these}).values_list("pk", flat=True)
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


def prepare_undoing(memory, *, by, tell=quiet):
    """Return `Prepared` rows that put back what the import changed, and `{person: last day}` of whom it made.

    Who was made stays on record, gone from today, without line and placement: the trail speaks of
    them, and so may other things by now. Ask `changed_since` first.
    """
    people = _people(memory)
    tell(30)
    prepared, taken_out = Prepared(Batch(by=by)), {}
    for pk, said in people.items():
        if memory[pk]["new"]:
            taken_out[pk] = min(said["leaves_on"] or today(), today())
            prepared.leaving[taken_out[pk]].append(pk)
        else:
            _describe_as_before(prepared, pk, said, memory[pk]["before"])
        if memory[pk]["new"] or "leaves_on" in memory[pk]["before"]:
            prepared.turned.add(pk)
    prepared.keep_former({pk: memory[pk]["after"] for pk in people if not memory[pk]["new"]})
    prepared.moved, prepared.placed = set(_with(memory, "lines")), set(_with(memory, "placements"))
    for name in SPANS:
        _put_back(prepared, name, {pk: memory[pk][name] for pk in _with(memory, name)})
    tell(40)
    for pk, day in taken_out.items():
        prepared.trail.add("person.left", Person, pk, about=pk, on=day.isoformat())
    for pk in people:
        if not memory[pk]["new"]:
            prepared.trail.add("person.restored", Person, pk, about=pk, **_restored(memory[pk]))
    prepared.stage()
    tell(50)
    return prepared, taken_out


def _describe_as_before(prepared, pk, said, before):
    dated = ("joined_on", "leaves_on")
    values = said | {
        name: date.fromisoformat(value) if value and name in dated else value
        for name, value in before.items()
    }
    if before:
        prepared.describe(pk, values)
    if not before.keys().isdisjoint(FOUND_BY):
        prepared.find_by(pk, values)
    if not _is_here(said["leaves_on"]) and _is_here(values["leaves_on"]):
        prepared.back.append(pk)


def _is_here(leaves_on):
    return leaves_on is None or today() < leaves_on


def _put_back(prepared, name, rows):
    """Make ready to remove the rows the import made, and to write those it removed or ended, ids included."""
    model, fields = SPANS[name]
    old = []
    for before, after in rows.values():
        kept = {row[0] for row in before}
        prepared.gone[name] += [row[0] for row in after if row[0] not in kept]
        old += [row for row in before if row not in after]
    prepared.gone[name] += [row[0] for row in old]
    as_kept = [
        model._meta.get_field(field.removesuffix("_id")) if field != "pk" else model._meta.pk
        for field in fields
    ]
    prepared.add_spans(
        name,
        [
            model(
                **{
                    field: kept.to_python(value) if not kept.is_relation else value
                    for field, kept, value in zip(fields, as_kept, row, strict=True)
                }
            )
            for row in old
        ],
    )


def _restored(row):
    return {"fields": sorted(row["before"]), "spans": sorted(name for name in SPANS if name in row)}
