"""Readings: who looked at a record of somebody else, and when."""

from datetime import timedelta

from competencies.access.clock import now

from .models import Entry, record

ONCE_IN = timedelta(hours=1)


def note_reading(action, row, *, by, about):
    """Add to the trail that `by` looked at `row`, a record of `about`; return the `Entry`, or None.

    `action` is `"noun.read"`. Nothing is added for one's own record, and for one who looked at the
    same row within the hour: a page that is opened again, or refreshes itself, is one reading.
    """
    if about is None or by.pk == about.pk:
        return None
    since = now() - ONCE_IN
    again = Entry.objects.filter(row_model=row._meta.label_lower, row_pk=str(row.pk), actor=by, action=action)
    if again.filter(at__gt=since).exists():
        return None
    return record(action, row, by=by, about=about)
