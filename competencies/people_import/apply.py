"""Applying an import: what a plan says, as rows to be written.

What is written is what the transitions of each person would have written one by one, trail included.
A memory of the rows before and after is what undoing goes by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from competencies.core.bulk import reserve
from competencies.people.models import Person, Placement, ReportingLine
from competencies.people.models.search_index import FIELDS as FOUND_BY
from competencies.trail.batches import Batch

from .bulk_changes import FIELDS, SPANS, Prepared, plain_value, quiet, rows_of

if TYPE_CHECKING:
    from .bulk_changes import Remembered, Tell
    from .current_state import Ladder, Span
    from .grouping import Subject
    from .plan import Plan


Ids = Mapping[int | None, int]  # of people, by the keys of their subjects

ACTIONS = {
    "welcome": "person.welcomed",
    "describe": "person.described",
    "rejoin": "person.rejoined",
    "place": "person.placed",
    "report_to": "person.moved",
    "leave": "person.left",
}


def prepare(plan: Plan, *, by: Person, tell: Tell = quiet) -> tuple[Prepared, Remembered]:
    """Return what `plan` accepted as `Prepared` rows, and the memory that `undo.prepare_undoing` goes by.

    The memory is plain JSON: `{person: {"new", "before", "after", "lines", "placements"}}`. Nothing is
    written but the ids that are reserved.
    """
    accepted = plan.accepted()
    new = [subject for subject in accepted if subject.is_new]
    keys: list[int | None] = [subject.key for subject in new]
    ids = dict(zip(keys, reserve(Person, len(new)), strict=True))
    ids |= {subject.known.pk: subject.known.pk for subject in accepted if subject.known}
    prepared = Prepared(Batch(by=by))
    memory: Remembered = {}
    _prepare_people(prepared, memory, accepted, ids)
    tell(32)
    known: dict[str, Mapping[int, Sequence[Span[Any]]]] = {
        "lines": plan.state.lines,
        "placements": plan.state.placements,
    }
    for name in SPANS:
        subjects = [
            subject for subject in accepted if getattr(subject, name) != known[name].get(subject.key or 0, [])
        ]
        _prepare_spans(prepared, memory, name, subjects, known[name], ids, by)
    tell(42)
    _prepare_trail(prepared.trail, accepted, ids, plan.state.ladder)
    prepared.stage()
    tell(50)
    return prepared, memory


def _prepare_people(prepared: Prepared, memory: Remembered, subjects: Sequence[Subject], ids: Ids) -> None:
    newcomers = []
    for subject in subjects:
        pk, changes = ids[subject.key], _own_changes(subject)
        if subject.is_new:
            person = Person(pk=pk, **subject.values, leaves_on=subject.leaves_on)
            person.password = UNUSABLE_PASSWORD_PREFIX + token_urlsafe(30)  # as Django does, in bulk
            newcomers.append(person)
            values = {name: getattr(person, name) for name in FIELDS}
            memory[pk] = {"new": True, "before": {}, "after": _plain(values)}
        else:
            before = {name: getattr(subject.known, name) for name in FIELDS}
            values = before | changes
            memory[pk] = {
                "new": False,
                "before": _plain({name: before[name] for name in changes}),
                "after": _plain(changes),
            }
            if changes:
                prepared.describe(pk, values)
        remembered = memory[pk]
        if not remembered["after"].keys().isdisjoint(FOUND_BY):
            prepared.find_by(pk, values, is_new=subject.is_new)
        if "leaves_on" in remembered["after"]:
            prepared.turned.add(pk)
        if subject.comes_back:
            prepared.back.append(pk)
    prepared.welcome(newcomers)
    prepared.keep_former({pk: row["before"] for pk, row in memory.items()})


def _own_changes(subject: Subject) -> dict[str, Any]:
    """Return what becomes of the person's own row: `{field: value}`."""
    changes: dict[str, Any] = {}
    for act in subject.acts:
        if act[0] == "describe":
            changes |= {name: subject.values[name] for name in act[1]}
        elif act[0] in ("leave", "rejoin"):
            changes["leaves_on"] = subject.leaves_on
    return changes


def _prepare_spans(
    prepared: Prepared,
    memory: Remembered,
    name: str,
    subjects: Sequence[Subject],
    known: Mapping[int, Sequence[Span[Any]]],
    ids: Ids,
    by: Person,
) -> None:
    """Make ready what gives way, what is over and what is new, and remember the rows before and after."""
    model, fields = SPANS[name]
    people = {ids[subject.key] for subject in subjects}
    getattr(prepared, "moved" if name == "lines" else "placed").update(people)
    rows = rows_of(name, [subject.key for subject in subjects if subject.key])
    free = iter(
        reserve(model, sum(span.pk is None for subject in subjects for span in getattr(subject, name)))
    )
    added = []
    for subject in subjects:
        pk, spans = ids[subject.key], getattr(subject, name)
        kept = {span.pk: span.ends_on for span in spans}
        for before in known.get(subject.key or 0, ()):
            if before.pk is None:
                continue
            if before.pk not in kept:
                prepared.gone[name].append(before.pk)
            elif kept[before.pk] != before.ends_on:
                prepared.ended[name][kept[before.pk]].append(before.pk)
        new = [_row(name, pk, span, next(free), ids, by) for span in spans if span.pk is None]
        added += new
        after = [_ending(fields, row, kept[row[0]]) for row in rows.get(pk, ()) if row[0] in kept]
        after += [[plain_value(getattr(row, field)) for field in fields] for row in new]
        starts = fields.index("starts_on")
        memory[pk][name] = [rows.get(pk, []), sorted(after, key=lambda row: (row[starts], row[0]))]
    prepared.add_spans(name, added)


def _ending(fields: Sequence[str], row: Sequence[Any], day: date | None) -> list[Any]:
    place = fields.index("ends_on")
    return [*row[:place], plain_value(day), *row[place + 1 :]]


def _row(name: str, person: int, span: Span[Any], pk: int, ids: Ids, by: Person) -> Placement | ReportingLine:
    of: dict[str, Any] = {"pk": pk, "person_id": person, "starts_on": span.starts_on, "ends_on": span.ends_on}
    if name == "lines":
        return ReportingLine(manager_id=ids.get(span.what, span.what), **of)
    return Placement(track_id=span.what[0], level_id=span.what[1], by=by, **of)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain_value(value) for name, value in values.items()}


def _prepare_trail(trail: Batch, subjects: Sequence[Subject], ids: Ids, ladder: Ladder) -> None:
    """Make ready what the transitions would add: one entry an act, about the person whose record it is."""
    entries: dict[str, list[tuple[int, dict[str, Any]]]] = {verb: [] for verb in ACTIONS}
    for subject in subjects:
        for verb, *details in subject.acts:
            entries[verb].append((ids[subject.key], _data(verb, details, ids, ladder)))
    for verb, action in ACTIONS.items():
        for pk, data in entries[verb]:
            trail.add(action, Person, pk, about=pk, **data)


def _data(verb: str, details: Sequence[Any], ids: Ids, ladder: Ladder) -> dict[str, Any]:
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
