"""What an erasure emptied: on record where a receipt covers it and the trail tells of it."""

from __future__ import annotations

from competencies.trail.models import Entry
from competencies.trail.row_checks import covers, covers_from_before

from .models import Erasure

MENTIONS = "mentions"


@covers
def covered(entry: Entry) -> bool:
    """Return True if the redaction that an entry tells of was part of an erasure that ended with a receipt.

    An erasure writes the entries of what it emptied, then that of the erased person. Its entries name
    the receipt; those from before there was one in them are followed by that of the person.
    """
    erased = Entry.objects.filter(action="person.erased", sequence__gt=entry.sequence).order_by("sequence")
    if named := entry.details.get("receipt"):
        erasure = Erasure.objects.filter(receipt=named, receipt__at__isnull=False).first()
        return erasure is not None and erased.filter(row_pk=str(erasure.person_id)).exists()
    end = erased.filter(actor=entry.actor_id).first()
    return (
        end is not None and Erasure.objects.filter(person=int(end.row_pk), receipt__at__isnull=False).exists()
    )


@covers_from_before
def covered_before(entry: Entry, subject: int) -> bool:
    """Return True if an erasure after an entry emptied a record of `subject`, or took mentions out of others.

    Only one from before entries had random bits: since then an erasure leaves an entry for each row.
    """
    ended = Entry.objects.filter(action="person.erased", sequence__gt=entry.sequence, salt="")
    people = ended.values_list("row_pk", flat=True)
    erasures = Erasure.objects.filter(person__in=list(people), receipt__at__isnull=False)
    return any(
        erasure.person_id == subject or erasure.receipt.counts.get(MENTIONS)
        for erasure in erasures.select_related("receipt")
    )
