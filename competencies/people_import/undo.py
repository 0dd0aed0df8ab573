"""Undoing an import: what puts back the rows that it changed, as far as nobody else changed them since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from competencies.core.clock import today
from competencies.people.models import Person, ReportingLine
from competencies.people.models.search_index import FIELDS as FOUND_BY
from competencies.trail.batches import Batch

from .bulk_changes import AT_ONCE, FIELDS, SPANS, Prepared, plain_value, quiet, rows_of, some
from .current_state import Span
from .reporting_cycles import circle

if TYPE_CHECKING:
    from .bulk_changes import Remembered, Tell, Values


def moves(memory: Remembered, person: Person) -> bool:
    """Return True if an import changed the manager, the level or the last day of `person`."""
    row = memory.get(person.pk, {})
    return bool(row) and (row["new"] or "leaves_on" in row["before"] or any(name in row for name in SPANS))


def _people(pks: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return what the own rows of some people say: `{person: {field: value}}`."""
    return {
        pk: dict(zip(FIELDS, values, strict=True))
        for these in some(pks)
        for pk, *values in Person.objects.order_by().filter(pk__in=these).values_list("pk", *FIELDS)
    }


def changed_since(memory: Remembered) -> list[str]:
    """Return the names of the people who are no longer as the import left them, and of those in its way.

    In the way are reports that somebody the import made was given since, an email or a staff number
    that somebody else has now, and a reporting line that would lead back to its own beginning.
    """
    people = _people(memory)
    rows = {name: rows_of(name, _with(memory, name)) for name in SPANS}
    changed = {
        pk
        for pk, values in people.items()
        if any(plain_value(values[name]) != value for name, value in memory[pk]["after"].items())
        or any(name in memory[pk] and rows[name].get(pk, []) != memory[pk][name][1] for name in SPANS)
    }
    changed |= _followed(memory) | _in_the_way(memory) | _circling(memory)
    return sorted(Person.objects.filter(pk__in=changed).values_list("name", flat=True)[:AT_ONCE])


def _with(memory: Remembered, name: str) -> list[int]:
    return [pk for pk, row in memory.items() if name in row]


def _followed(memory: Remembered) -> set[int]:
    """Return the new people to whom somebody reports by a line that the import did not make."""
    imported = {row[0] for of in memory.values() if "lines" in of for row in of["lines"][1]}
    new = [pk for pk, row in memory.items() if row["new"]]
    return {
        manager
        for pks in some(new)
        for pk, manager in ReportingLine.objects.filter(manager__in=pks).values_list("pk", "manager_id")
        if pk not in imported
    }


def _in_the_way(memory: Remembered) -> set[int]:
    """Return who has an email or a staff number by now that undoing would give back."""
    found: set[int] = set()
    for name in ("email", "number"):
        before = [row["before"][name] for row in memory.values() if row["before"].get(name)]
        for these in some(before):
            holders = Person.objects.filter(**{f"{name}__in": these}).values_list("pk", flat=True)
            found |= {pk for pk in holders if pk not in memory}
    return found


def _circling(memory: Remembered) -> set[int]:
    lines: dict[int, list[Span[int]]] = defaultdict(list)
    for pk, person, manager, since, until in ReportingLine.objects.values_list(*SPANS["lines"][1]):
        lines[person].append(Span(pk, since, until, manager))
    back = {pk: [_span(row) for row in memory[pk]["lines"][0]] for pk in _with(memory, "lines")}
    lines.update(back)
    return {pk for pk, spans in back.items() if circle(pk, spans, lambda key: lines.get(key, ()), str)}


def _span(row: Sequence[Any]) -> Span[int]:
    pk, _person, manager, since, until = row
    return Span(pk, date.fromisoformat(since), until and date.fromisoformat(until), manager)


def prepare_undoing(
    memory: Remembered, *, by: Person, tell: Tell = quiet
) -> tuple[Prepared, dict[int, date]]:
    """Return `Prepared` rows that put back what the import changed, and `{person: last day}` of whom it made.

    Who was made stays on record, gone from today, without line and placement: the trail speaks of
    them, and so may other things by now. Ask `changed_since` first.
    """
    people = _people(memory)
    tell(30)
    prepared = Prepared(Batch(by=by))
    taken_out: dict[int, date] = {}
    for pk, current in people.items():
        if memory[pk]["new"]:
            taken_out[pk] = min(current["leaves_on"] or today(), today())
            prepared.leaving[taken_out[pk]].append(pk)
        else:
            _describe_as_before(prepared, pk, current, memory[pk]["before"])
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


def _describe_as_before(
    prepared: Prepared, pk: int, current: dict[str, Any], before: Mapping[str, Any]
) -> None:
    dated = ("joined_on", "leaves_on")
    values = current | {
        name: date.fromisoformat(value) if value and name in dated else value
        for name, value in before.items()
    }
    if before:
        prepared.describe(pk, values)
    if not before.keys().isdisjoint(FOUND_BY):
        prepared.find_by(pk, values)
    if not _is_here(current["leaves_on"]) and _is_here(values["leaves_on"]):
        prepared.back.append(pk)


def _is_here(leaves_on: date | None) -> bool:
    return leaves_on is None or today() < leaves_on


def _put_back(prepared: Prepared, name: str, rows: Mapping[int, tuple[list[Values], list[Values]]]) -> None:
    """Make ready to remove the rows the import made, and to write those it removed or ended, ids included."""
    model, fields = SPANS[name]
    old: list[Values] = []
    for before, after in rows.values():
        kept = {row[0] for row in before}
        prepared.gone[name] += [row[0] for row in after if row[0] not in kept]
        old += [row for row in before if row not in after]
    prepared.gone[name] += [row[0] for row in old]
    by_name = {field.name: field for field in model._meta.concrete_fields}
    as_kept = [by_name[field.removesuffix("_id")] if field != "pk" else model._meta.pk for field in fields]
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


def _restored(row: Mapping[str, Any]) -> dict[str, list[str]]:
    return {"fields": sorted(row["before"]), "spans": sorted(name for name in SPANS if name in row)}
