"""What jobs are for, as far as their orderer may still open it: one query for each kind."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from competencies.jobs.models import Job
from competencies.packets.models import ExportItem, Order, Packet
from competencies.people_import.models import Import, Run
from competencies.personal_data.models import Export
from competencies.promotions.models import PromotionCase


@dataclass(frozen=True)
class Subject:
    """What a job is for, in a word or two, its page, and where it is tried again, if it can be."""

    label: str
    url: str
    retrial: str = ""


def subjects_of(jobs, person):
    """Return `{pk: Subject}` of those of `jobs` whose subject `person` may open."""
    found: dict[int, Subject] = {}
    for kind, subjects in KINDS.items():
        if some := [job for job in jobs if job.kind == kind]:
            found |= subjects(some, person)
    return found


def _documents(jobs, person):
    readable = Packet.objects.allowing(person, "packets.order_document").values("pk")
    rows = Order.objects.filter(job__in=jobs, packet__in=readable).select_related("packet__document")
    return {
        order.job_id: Subject(
            label=order.packet.number,
            url=order.packet.get_absolute_url(),
            retrial=""
            if order.asked_later or order.packet.is_typeset
            else reverse("packet_typesetting", args=[order.packet_id]),
        )
        for order in rows.defer("packet__snapshot").with_later()
    }


def _items(jobs, person):
    cases = PromotionCase.objects.allowing(person, "promotions.read_case").values("pk")
    rows = (
        ExportItem.objects.allowing(person, "packets.read_item")
        .filter(job__in=jobs, case__in=cases)
        .select_related("export", "case__subject")
        .marking(person, may_retry="packets.retry_item")
    )
    return {
        item.job_id: Subject(
            label=_("%(person)s, %(export)s") % {"person": item.case.subject.name, "export": item.export},
            url=item.get_absolute_url(),
            retrial=reverse("packet_export_item_retrial", args=[item.pk]) if item.may_retry else "",
        )
        for item in rows
    }


def _runs(jobs, person):
    readable = Import.objects.allowing(person, "people.read_import").values("pk")
    return {
        run.job_id: Subject(
            label=_("%(file)s: %(step)s") % {"file": run.of.file, "step": run.get_kind_display()},
            url=run.of.get_absolute_url(),
        )
        for run in Run.objects.filter(job__in=jobs, of__in=readable).select_related("of")
    }


def _copies(jobs, person):
    rows = Export.objects.allowing(person, "records.read_export").filter(job__in=jobs)
    return {
        export.job_id: Subject(
            label=export.person.name,
            url=reverse("record_of", args=[export.person_id]),
            retrial="" if export.asked_later else reverse("record_exports", args=[export.person_id]),
        )
        for export in rows.select_related("person").with_later()
    }


KINDS = {
    Job.Kind.PACKET_DOCUMENT: _documents,
    Job.Kind.PACKET_EXPORT: _items,
    Job.Kind.PEOPLE_IMPORT: _runs,
    Job.Kind.RECORD_COPY: _copies,
}
