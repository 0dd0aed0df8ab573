"""Taking whatever names somebody out of their record and out of those of others, and keeping the rest.

Decisions, ratings, dates and counts stay, and so do the digests of what was emptied: they are facts.
The trail holds ids alone and is not touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.bulk import fields_of
from competencies.core.clock import now
from competencies.core.permissions import locked
from competencies.core.refusals import NotNow
from competencies.people.models import IdempotencyKey, Organisation, Person
from competencies.people.models.search_index import reindex
from competencies.people_import.models import Import, Sheet
from competencies.trail.models import record

from .cleanup import every_clearing
from .inventory import Frozen, Prose, every_kind
from .models import Erasure, Export, Hold, Leftover, Receipt
from .redaction import Mentions

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from .inventory import Kind


FORMER: dict[str, StrOrPromise] = {  # kinds of before there were jobs, which receipts of then name
    "packets.Mishap": _("Failed documents"),
    "packets.ExportItem": _("Failed documents of exports"),
}
MENTIONS, COPIES, IMPORTS = "mentions", "copies", "imports"


def forecast(person: Person) -> list[tuple[StrOrPromise, int]]:
    """Return what an erasure of `person` would take away or empty: `[(label, count)]`, in rows.

    Drafts are not counted: they tell nobody that they are there. Nor are mentions in the records of
    others: finding them is most of the work.
    """
    kinds = every_kind()
    return [(kinds[name].label, count) for name, count in _counts(person).items()]


def removals(receipt: Receipt) -> list[tuple[StrOrPromise, int]]:
    """Return what an erasure took away or emptied, as its receipt says: `[(label, count)]`."""
    labels = FORMER | {name: kind.label for name, kind in every_kind().items()}
    labels |= {name: label for name, (label, _clear) in every_clearing().items()}
    labels |= {MENTIONS: _now("Records of others that named the person"), COPIES: _now("Copies of records")}
    labels[IMPORTS] = _now("Imports of people")
    return [(labels.get(name, name), count) for name, count in receipt.counts.items()]


@transaction.atomic
def erase(person: Person, *, by: Person) -> Erasure:
    """Erase `person`, who has left; return the `Erasure` with its receipt.

    Refuses while a hold stands. What lies outside the tables is written down as `Leftover`, to be
    removed after the commit.
    """
    Organisation.hold()
    person = locked(by, "records.erase_person", person)
    if Hold.objects.active().filter(person=person).exists():
        raise NotNow(_now("This record is on hold. It can’t be erased until the hold is lifted."))

    erasure = Erasure.objects.create(person=person, by=by, receipt_id=uuid4())
    mentions = Mentions.of(person, instead=_now("Erased person %(number)d") % {"number": person.pk})
    counts = _counts(person) | dict(_cleared(person, mentions))
    changed: dict[str, set[int]] = {}
    for name, kind in every_kind().items():
        if kind.goes:
            kind.rows_of(person).delete()
        changed[name] = _emptied(kind, person, mentions)
    counts[MENTIONS] = 0
    for name, kind in every_kind().items():
        named = _reworded(kind, mentions), _unnamed(kind, mentions)
        counts[MENTIONS] += sum(map(len, named))
        changed[name] = changed[name].union(*named)
    _rename(person, mentions)

    for name, kind in every_kind().items():  # the trail comes last: who joins it holds its end
        _note_redactions(kind, changed[name], by=by, receipt=erasure.receipt_id)
    counts = {name: count for name, count in counts.items() if count}
    record("person.erased", person, by=by, about=person, counts=counts)
    Receipt.objects.create(number=erasure.receipt_id, counts=counts)
    return erasure


def _counts(person: Person) -> dict[str, int]:
    counts = {name: kind.count_of(person) for name, kind in every_kind().items() if kind.of}
    return {name: count for name, count in counts.items() if count}


def _cleared(person: Person, mentions: Mentions) -> Iterator[tuple[str, int]]:
    """Clear what is kept apart, and every copy of a record: those of others may name the person."""
    for name, (_label, clear) in every_clearing().items():
        yield name, clear(person, mentions)
    yield COPIES, Export.expire(Export.objects.all())
    yield IMPORTS, _forget_imports(person, mentions)
    Leftover.objects.create(kind=Leftover.Kind.PAGES)
    IdempotencyKey.forget()


def _forget_imports(person: Person, mentions: Mentions) -> int:
    """Remove the rows of imports that speak of the person: to undo one would bring them back."""
    kept = Import.objects.filter(Q(sheet__isnull=False) | Q(application__memory__isnull=False))
    Sheet.objects.forget_files()  # other sheets, and lines above the headings, may speak of them too
    count = 0
    for people_import in kept.select_related("sheet", "application__memory"):
        memory = getattr(getattr(people_import, "application", None), "memory", None)
        rows = people_import.sheet.rows() if getattr(people_import, "sheet", None) else []
        remembered = memory.rows() if memory else {}
        if person.pk in remembered or mentions.are_in(rows) or mentions.are_in(list(remembered.values())):
            people_import.forget()
            count += 1
    return count


def _emptied(kind: Kind, person: Person, mentions: Mentions) -> set[int]:
    """Empty texts in the record of `person` and write its snapshots anew; return the keys of the rows."""
    changed: set[int] = set()
    if texts := {name: fate.empty for name, fate in kind.fields_of(Prose).items()}:
        changed |= set(kind.rows_of(person).values_list("pk", flat=True))
        kind.model._base_manager.filter(pk__in=changed).update(**texts)
    for name, frozen in kind.fields_of(Frozen).items():

        def emptied(content: dict[str, Any], fate: Frozen = frozen) -> dict[str, Any]:
            return fate.emptied(mentions.out_of_all(content), mentions.instead)

        changed |= set(_refrozen(kind.rows_of(person), name, emptied, frozen))
    return changed


def _reworded(kind: Kind, mentions: Mentions) -> list[int]:
    """Take the mentions out of texts, whosoever; return the key of the row for each text that had one."""
    changed: list[int] = []
    for name in kind.fields_of(Prose):
        [field] = fields_of(kind.model, name)
        for pk, text in _candidates(kind, name, mentions).values_list("pk", name):
            if (without := mentions.out_of(text)) != text:
                kind.model._base_manager.filter(pk=pk).update(**{name: without[: field.max_length]})
                changed.append(pk)
    return changed


def _unnamed(kind: Kind, mentions: Mentions) -> list[int]:
    """Take the mentions out of snapshots, whosoever; return the keys of those written anew."""
    changed: list[int] = []
    for name, fate in kind.fields_of(Frozen).items():
        changed += _refrozen(_candidates(kind, name, mentions), name, mentions.out_of_all, fate)
    return changed


def _note_redactions(kind: Kind, rows: Collection[int], *, by: Person, receipt: UUID) -> None:
    """Note on the trail each of the changed rows of which it holds a digest."""
    if kind.sealed is None:
        return
    redacted: QuerySet[Any] = kind.model._base_manager.filter(kind.sealed, pk__in=rows)
    for row in redacted.order_by("pk"):
        row.note_redaction(by=by, receipt=receipt)


def _candidates(kind: Kind, name: str, mentions: Mentions) -> QuerySet[Any]:
    return kind.model._base_manager.filter(mentions.candidates(name)).order_by()


def _refrozen(
    rows: QuerySet[Any], name: str, change: Callable[[dict[str, Any]], dict[str, Any]], fate: Frozen
) -> list[int]:
    """Write each snapshot anew that `change` leaves different; return the keys of those."""
    changed: list[int] = []
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        row = rows.model._base_manager.get(pk=pk)
        content = change(json.loads(getattr(row, name)))
        if content != json.loads(getattr(row, name)):
            fate.write(row, content)
            changed.append(pk)
    return changed


def _rename(person: Person, mentions: Mentions) -> None:
    organisation = Organisation.here()
    organisation.personas = [row for row in organisation.personas if row["person"] != person.pk]
    organisation.save(update_fields=["personas"])
    Person.objects.filter(pk=person.pk).update(
        name=mentions.instead,
        email=f"erased-{person.pk}@erased.invalid",
        number=None,
        pronouns="",
        title="",
        team="",
        time_zone="",
        browser_time_zone="",
        joined_on=None,
        last_login=None,
        password=make_password(None),
        erased_at=now(),
    )
    person.former_names.all().delete()
    reindex([person.pk])
