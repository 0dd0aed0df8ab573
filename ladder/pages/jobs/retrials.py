"""Where what failed is tried again, by the kind of the job; an import is gone on with on its own page."""

from django.urls import reverse

from competencies.jobs.models import Job


def _of_document(order):
    done = order.asked_later or order.packet.is_typeset
    return "" if done else reverse("packet_typesetting", args=[order.packet_id])


def _of_item(item):
    return reverse("packet_export_item_retrial", args=[item.pk]) if item.may_retry else ""


def _of_copy(export):
    return "" if export.asked_later else reverse("record_exports", args=[export.person_id])


RETRIALS = {
    Job.Kind.PACKET_DOCUMENT: _of_document,
    Job.Kind.PACKET_EXPORT: _of_item,
    Job.Kind.RECORD_COPY: _of_copy,
}


def retrial_of(job, subject):
    """Return the address where a job is tried again, as its subject stands; empty where it cannot be."""
    found = RETRIALS.get(job.kind) if job.failure and subject else None
    return found(subject) if found else ""
