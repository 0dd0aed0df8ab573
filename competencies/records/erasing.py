"""Taking whatever names somebody out of their record and out of those of others, and keeping the rest.

Decisions, ratings, dates and counts stay, and so do the digests of what was emptied: they are facts.
The trail holds ids alone and is not touched.
"""

import json
from collections import Counter
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from competencies.access.clock import now
from competencies.access.refusal import NotNow
from competencies.access.rules import locked
from competencies.people.models import Organisation, Person
from competencies.trail.models import record

from .clearing import every_clearing
from .inventory import Frozen, Prose, every_kind
from .mentions import Mentions
from .models import Erasure, Export, Hold, Leftover, Receipt

MENTIONS, COPIES = "mentions", "copies"


def forecast(person):
    """Return what an erasure of `person` would take away or empty: `[(label, count)]`, in rows.

    Mentions in the records of others are not counted beforehand: finding them is most of the work.
    """
    found = [(kind.label, kind.rows_of(person).count()) for kind in every_kind().values() if kind.of]
    return [(label, count) for label, count in found if count]


def told(receipt):
    """Return what an erasure took away or emptied, as its receipt says: `[(label, count)]`."""
    labels = {name: kind.label for name, kind in every_kind().items()}
    labels |= {name: label for name, (label, _clear) in every_clearing().items()}
    labels |= {MENTIONS: _("Records of others that named the person"), COPIES: _("Copies of records")}
    return [(labels.get(name, name), count) for name, count in receipt.counts.items()]


@transaction.atomic
def erase(person, *, by):
    """Erase `person`, who has left; return the `Erasure` with its receipt.

    Refuses while a hold stands. What lies outside the tables is written down as `Leftover`, to be
    removed after the commit.
    """
    Organisation.hold()
    person = locked(by, "records.erase_person", person)
    if Hold.objects.standing().filter(person=person).exists():
        raise NotNow(_("This record is held: it cannot be erased until the hold is lifted."))

    erasure = Erasure.objects.create(person=person, by=by, receipt_id=uuid4())
    mentions = Mentions.of(person, instead=_("Erased person %(number)d") % {"number": person.pk})
    counts, refrozen = Counter(dict(_cleared(person, mentions))), {}
    for kind in every_kind().values():
        counts[kind.model_label] += kind.rows_of(person).delete()[0] if kind.goes else 0
        counts[kind.model_label] += _emptied(kind, person, mentions, refrozen)
    for kind in every_kind().values():
        counts[MENTIONS] += _unnamed(kind, mentions, refrozen)
    _rename(person, mentions)

    for row, fate in refrozen.items():  # the trail comes last: who joins it holds its end
        fate.record(row, by=by)
    counts = {name: count for name, count in counts.items() if count}
    record("person.erased", person, by=by, about=person, counts=counts)
    Receipt.objects.create(number=erasure.receipt_id, counts=counts)
    return erasure


def _cleared(person, mentions):
    """Clear what lies outside the domain, and every copy of a record: those of others may name the person."""
    for name, (_label, clear) in every_clearing().items():
        yield name, clear(person, mentions)
    yield COPIES, Export.expire(Export.objects.all())
    Leftover.objects.create(kind=Leftover.Kind.PAGES)


def _emptied(kind, person, mentions, refrozen):
    """Empty the texts in the record of `person`; return the number of rows that said something."""
    texts = {name: fate.empty for name, fate in kind.fields_of(Prose).items()}
    count = _overwritten(kind.rows_of(person), texts) if texts else 0
    for name, fate in kind.fields_of(Frozen).items():

        def emptied(content, fate=fate):
            return fate.emptied(mentions.out_of_all(content), mentions.instead)

        changed = _rewritten(kind.rows_of(person), name, emptied, fate)
        refrozen.update(dict.fromkeys(changed, fate))
        count += len(changed)
    return count


def _overwritten(rows, texts):
    said = Q()
    for name, empty in texts.items():
        said |= ~Q(**{name: empty})
    return rows.model._base_manager.filter(pk__in=rows.filter(said).values("pk")).update(**texts)


def _unnamed(kind, mentions, refrozen):
    """Take the mentions out of texts and snapshots, whosoever; return the number of rows that had one."""
    count = 0
    for name in kind.fields_of(Prose):
        count += _reworded(_candidates(kind, name, mentions), name, mentions)
    for name, fate in kind.fields_of(Frozen).items():
        changed = _rewritten(_candidates(kind, name, mentions), name, mentions.out_of_all, fate)
        refrozen.update(dict.fromkeys(changed, fate))
        count += len(changed)
    return count


def _candidates(kind, name, mentions):
    return kind.model._base_manager.filter(**{f"{name}__iregex": mentions.candidates}).order_by()


def _reworded(rows, name, mentions):
    longest = rows.model._meta.get_field(name).max_length
    texts = [(pk, text, mentions.out_of(text)) for pk, text in rows.values_list("pk", name)]
    changed = [(pk, after[:longest]) for pk, before, after in texts if after != before]
    for pk, text in changed:
        rows.model._base_manager.filter(pk=pk).update(**{name: text})
    return len(changed)


def _rewritten(rows, name, change, fate):
    """Write each snapshot anew that `change` leaves different; return those rows."""
    changed = []
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        row = rows.model._base_manager.get(pk=pk)
        content = change(json.loads(getattr(row, name)))
        if content != json.loads(getattr(row, name)):
            fate.write(row, content)
            changed.append(row)
    return changed


def _rename(person, mentions):
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
        joined_on=None,
        last_login=None,
        password=make_password(None),
        erased_at=now(),
    )
