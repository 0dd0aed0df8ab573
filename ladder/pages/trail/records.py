"""The records that entries are of, by their names, as far as the reader may open them."""

from dataclasses import replace

from django.db.models import Model
from django.utils.translation import gettext as _

from competencies.core.permissions import rule_of
from competencies.core.prepared import prepared
from competencies.people.models import Person

OPENED_BY = {  # the rule under which a record is read, and what its name takes
    "evidence.evidence": ("evidence.read_evidence", ()),
    "packets.packet": ("packets.read_packet", ()),
    "promotions.promotioncase": ("promotions.read_case", ("subject", "to_level")),
    "reviews.assessment": ("reviews.read_assessment", ("review__subject", "review__cycle")),
    "reviews.review": ("reviews.read_review", ("subject", "cycle")),
}


def name_records(described, reader):
    """Return `described` entries with the record of each, named and linked where `reader` may open it.

    One query for each kind of record: a name is shown to those who could read it on its own page.
    """
    keys: dict[str, set[str]] = {}
    for one in described:
        keys.setdefault(one.entry.row_model, set()).add(one.entry.row_pk)
    found: dict[tuple[str, str], Model] = {}
    for label, pks in keys.items():
        if label in OPENED_BY:
            found |= {(label, str(row.pk)): row for row in _rows(label, pks, reader)}
    return [
        replace(one, what=_named(found.get((one.entry.row_model, one.entry.row_pk)))) for one in described
    ]


def _rows(label, pks, reader):
    return ROWS[label](reader, sorted(int(pk) for pk in pks))


def _readable_rows(action, *joined):
    """Return a function from a reader and ids to the rows that they may open under a rule."""

    @prepared
    def rows(reader: Person, pks: list[int]):
        readable = rule_of(action).model.objects.allowing(reader, action)
        return readable.filter(pk__in=pks).select_related(*joined)

    return rows


ROWS = {label: _readable_rows(action, *joined) for label, (action, joined) in OPENED_BY.items()}


def _named(row):
    return row and {"label": _name(row), "url": row.get_absolute_url()}


def _name(row):
    match row._meta.label_lower:
        case "reviews.assessment":
            return _("%(kind)s, %(cycle)s") % {"kind": row.get_kind_display(), "cycle": row.review.cycle}
        case "reviews.review":
            return str(row.cycle)
        case "promotions.promotioncase":
            return _("To %(level)s") % {"level": row.to_level}
        case "evidence.evidence":
            return row.title
    return str(row)
