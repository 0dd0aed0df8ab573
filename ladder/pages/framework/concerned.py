"""Whom and what the publishing or retiring of an edition concerns: people, cycles and promotion cases."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from competencies.people.models import Person, Placement
from competencies.promotions.models import PromotionCase
from competencies.reviews.models import Cycle

NAMED = 10


@dataclass(frozen=True)
class Group:
    """Rows of one kind: how many there are, the first that the reader may read, and what becomes of them.

    `number` is None where it would tell the reader of rows that are kept from them: `rows` is all there is
    to say then, and `more` whether it is cut.
    """

    title: str
    note: str
    number: int | None
    rows: list
    more: bool


def concerned(edition, reader):
    """Return the `Group`s that an author looks at before the ladder of a framework changes."""
    return [*_people(edition, reader), *_cycles(edition, reader), *_cases(edition, reader)]


def _people(edition, reader):
    placements = Placement.objects.current().filter(level__edition__framework=edition.framework_id)
    people = Person.objects.active().filter(pk__in=placements.values("person"))
    readable = people.allowing(reader, "people.read_person").order_by("name", "pk")
    note = _(
        "Their career framework, next steps, search and evidence follow the edition of this framework "
        "that is in force."
    )
    yield _group(_("People with a level in this framework"), note, readable, people.count())


def _cycles(edition, reader):
    spanning = Cycle.objects.filter(spannings__framework=edition.framework_id)
    for title, note, rows in (
        (
            _("Cycles in preparation on this edition"),
            _("A cycle can’t open on a retired edition: another one has to be chosen for it."),
            spanning.preparing().filter(spannings__edition=edition),
        ),
        (
            _("Cycles in preparation on another edition of this framework"),
            _("They stay on the edition that was chosen until someone changes it."),
            spanning.preparing().exclude(spannings__edition=edition),
        ),
        (
            _("Open cycles on this framework"),
            _("Their reviews stay on the edition they started on."),
            spanning.open(),
        ),
    ):
        readable = rows.allowing(reader, "reviews.read_cycle").order_by("-created_at", "-pk")
        if number := rows.count():
            yield _group(title, note, readable, number)


def _cases(edition, reader):
    """The cases that the reader may read: how many there are beside them is not for an author to learn."""
    cases = PromotionCase.objects.open().filter(to_level__edition__framework=edition.framework_id)
    readable = cases.allowing(reader, "promotions.read_case").select_related("subject", "to_level")
    note = _("They stay on the edition they were opened on, and so do any that you can’t read.")
    yield _group(
        _("Open promotion cases on this framework"), note, readable.order_by("-opened_at", "-pk"), None
    )


def _group(title, note, readable, number):
    rows = list(readable[: NAMED + 1])
    return Group(title, note, number, rows[:NAMED], len(rows) > NAMED)
