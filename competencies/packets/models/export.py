"""Packets in bulk: what was ordered, how far each packet is, and links by which one person takes one.

The rows are the truth and a queue only wakes workers: each packet of an export is a job of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.clock import now
from competencies.core.permissions import demand, locked, may
from competencies.core.querysets import Guarded
from competencies.core.refusals import NotNow
from competencies.jobs.models import Job, Jobs
from competencies.people.models import Organisation, Person
from competencies.people.querysets import digest_of
from competencies.promotions.models import PromotionCase
from competencies.trail.models import record, record_each

from .packet import Packet

if TYPE_CHECKING:
    from competencies.trail.models import Happening

    from ..selection import Choice


MOST_PACKETS = 2_000  # in one export


class PacketExports(Guarded["PacketExport"]):
    """Exports by whether they go on."""

    def running(self) -> Self:
        """Keep those whose items are to be made: neither paused nor cancelled nor expired."""
        paused = ExportPause.objects.filter(ended_at=None).values("export")
        return self.filter(cancellation=None, expires_at__gt=now()).exclude(pk__in=paused)

    def with_state(self) -> Self:
        """Count how far each is; one query."""
        left = Q(items__job__ended_at=None) | Q(items__job__dropped=True)
        done = Q(items__job__ended_at__isnull=False, items__job__failure="", items__job__dropped=False)
        failed = Q(items__isnull=False) & ~Q(items__job__failure="")
        pauses = ExportPause.objects.filter(export=OuterRef("pk"), ended_at=None)
        return (
            self.select_related("by", "cancellation")
            .annotate(
                total=Count("items"),
                done=Count("items", filter=done),
                failed=Count("items", filter=failed),
                open=Count("items", filter=Q(items__isnull=False) & left),
                paused=Exists(pauses),
            )
            .order_by("-at", "-pk")
        )


class PacketExport(models.Model):
    """The order for a packet of each of several cases, by somebody of HR, whose alone it is."""

    LIVES = timedelta(days=7)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    variant = models.CharField(_("variant"), max_length=20, choices=Packet.Variant)
    chosen = models.JSONField(default=dict)
    left_out = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(_("expires"))
    open: int  # these two of `with_state`
    paused: bool

    objects = PacketExports.as_manager()

    class Meta:
        db_table = "packets_exportjob"
        ordering = ["-at", "-pk"]
        verbose_name = _("export of packets")
        verbose_name_plural = _("exports of packets")

    def __str__(self) -> str:
        return _now("Export %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return address_of("packet_export", self.pk)

    @property
    def state(self) -> str:
        """`cancelled`, `expired`, `done`, `paused` or `running`. Needs `with_state`."""
        if getattr(self, "cancellation", None):
            return "cancelled"
        if now() >= self.expires_at:
            return "expired"
        if not self.open:
            return "done"
        return "paused" if self.paused else "running"

    @property
    def is_steerable(self) -> bool:
        """Return True if anything is left to be paused or cancelled. Needs `with_state`."""
        return self.state in ("running", "paused")

    @classmethod
    @transaction.atomic
    def order(cls, choice: Choice, *, by: Person, variant: str) -> PacketExport:
        """Order a packet of a `variant` for each case of `choice` that `by` may export; return the export.

        Refuses when there is none, and more than 2,000 at once.
        """
        demand(by, "packets.order_export", Organisation.here())
        chosen = choice.cases()
        cases = list(chosen.allowing(by, "packets.export_case")[: MOST_PACKETS + 1])
        if not cases:
            raise NotNow(_now("No case matches, so there is nothing to export."))
        if len(cases) > MOST_PACKETS:
            raise NotNow(_now("An export can contain 2,000 packets at most. Narrow your selection."))
        export = cls.objects.create(
            by=by,
            variant=variant,
            chosen=choice.plain(),
            left_out=chosen.count() - len(cases),
            expires_at=now() + cls.LIVES,
        )
        ordered = {"kind": Job.Kind.PACKET_EXPORT, "by": by, "at": export.at}
        jobs = Job.objects.bulk_create(Job(**ordered, wanted_until=export.expires_at) for _case in cases)
        ExportItem.objects.bulk_create(
            ExportItem(export=export, case=case, job=job) for case, job in zip(cases, jobs, strict=True)
        )
        record("export.ordered", export, by=by, packets=len(cases), variant=str(variant))
        return export

    @transaction.atomic
    def take(self, packets: Sequence[Packet], *, by: Person) -> list[ExportItem]:
        """Have the export hold those of `packets` that `by` may read, whose documents are there, as made."""
        export = locked(by, "packets.steer_export", self)
        readable = Packet.objects.allowing(by, "packets.read_packet").filter(
            pk__in=[packet.pk for packet in packets], document__isnull=False, variant=export.variant
        )
        by_case = {packet.case_id: packet for packet in readable}
        items = list(export.items.open().unclaimed().filter(case__in=list(by_case)))
        for item in items:
            item.packet = by_case[item.case_id]
        ExportItem.objects.bulk_update(items, ["packet"], batch_size=200)
        Job.objects.filter(pk__in=[item.job_id for item in items]).update(ended_at=now())
        return items

    @transaction.atomic
    def pause(self, *, by: Person) -> ExportPause:
        """Make no further packet until the export is resumed; what is being made is finished."""
        export = self._steered(by)
        if export.pauses.filter(ended_at=None).exists():
            raise NotNow(_now("The export is already paused."))
        pause = ExportPause.objects.create(export=export, by=by)
        record("export.paused", export, by=by)
        return pause

    @transaction.atomic
    def resume(self, *, by: Person) -> PacketExport:
        """Go on with a paused export. Refuses one that is not paused."""
        export = self._steered(by)
        if not export.pauses.filter(ended_at=None).update(ended_at=now(), ended_by=by):
            raise NotNow(_now("The export is not paused."))
        record("export.resumed", export, by=by)
        return export

    @transaction.atomic
    def cancel(self, *, by: Person) -> ExportCancellation:
        """Make no further packet at all; what was made stays. Refuses when nothing is left to make."""
        cancellation = ExportCancellation.objects.create(export=self._steered(by), by=by)
        Job.objects.filter(export_item__export=self).call_off()
        record("export.cancelled", self, by=by)
        return cancellation

    @transaction.atomic
    def retry(self, *, by: Person) -> int:
        """Try all packets again that failed, those alone; return how many. Refuses when none did."""
        export = locked(by, "packets.steer_export", self)
        again = Job.objects.filter(export_item__export=export).retry()
        if not again:
            raise NotNow(_now("Nothing failed in this export."))
        record("export.retried", export, by=by, packets=again)
        return again

    @transaction.atomic
    def note_download(self, items: Sequence[ExportItem], *, by: Person) -> None:
        """Write into the trail that `items` leave in the file of this export, about each person concerned.

        Refuses when the export is not theirs, or over. Which items they may have is theirs to have asked.
        """
        demand(by, "packets.download_export", self)
        happenings: list[Happening] = [
            (item.packet, item.case.subject, {"export": self.pk}) for item in items if item.packet
        ]
        record_each("packet.exported", happenings, by=by)

    @transaction.atomic
    def note_taking(self, *, by: Person, file: str) -> None:
        """Write into the trail that a `file` of the export (`zip`, `csv`, `xlsx`) was begun to be taken."""
        demand(by, "packets.download_export", self)
        record("export.downloaded", self, by=by, file=file)

    def _steered(self, by: Person) -> PacketExport:
        export = locked(by, "packets.steer_export", self)
        if not export.items.open().exists():
            raise NotNow(_now("This export has nothing left to generate."))
        return export


class ExportPause(models.Model):
    """The fact that an export makes no further packet, until somebody ends it."""

    export = models.ForeignKey(PacketExport, models.CASCADE, related_name="pauses", db_column="job_id")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["export"], condition=Q(ended_at=None), name="packets_one_standing_pause_per_export"
            )
        ]


class ExportCancellation(models.Model):
    """The fact that an export was called off: what was not made by then is never made."""

    export = models.OneToOneField(
        PacketExport, models.CASCADE, related_name="cancellation", db_column="job_id"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)


def unpaused(jobs: Jobs) -> Jobs:
    """Keep those of `jobs` that no paused export holds back."""
    paused = ExportPause.objects.filter(ended_at=None).values("export")
    return jobs.exclude(pk__in=ExportItem.objects.filter(export__in=paused).values("job"))


class Items(Guarded["ExportItem"]):
    """Items of exports by how far they are."""

    def open(self) -> Self:
        return self.filter(job__ended_at=None)

    def failed(self) -> Self:
        return self.exclude(job__failure="")

    def done(self) -> Self:
        return self.filter(job__ended_at__isnull=False, job__failure="", job__dropped=False)

    def to_make(self) -> Self:
        """Keep those that a worker may make now, or is making."""
        return self.open().filter(export__in=PacketExport.objects.running().values("pk"))

    def unclaimed(self) -> Self:
        return self.filter(job__claim="")

    def told_to(self, person: Person) -> Self:
        """Bring along what a list of jobs tells, and whether `person` may try each again: `may_retry`."""
        items = self.select_related("export", "case__subject")
        return items.marking(person, may_retry="packets.retry_item")

    def with_all(self) -> Self:
        """Bring along what a row of a list tells."""
        return self.select_related(
            "job",
            "case__subject",
            "case__from_level",
            "case__to_level",
            "case__proposal",
            "case__withdrawal",
            "packet__document",
        ).prefetch_related("case__hearings__decision__release")


class ExportItem(models.Model):
    """One case of an export: the packet that was made of it. Its job says how far it is, or why none was."""

    export = models.ForeignKey(PacketExport, models.CASCADE, related_name="items")
    job = models.OneToOneField(Job, models.PROTECT, related_name="export_item")
    case = models.ForeignKey(PromotionCase, models.PROTECT, related_name="+")
    packet = models.ForeignKey(Packet, models.PROTECT, null=True, related_name="export_items")
    may_retry: bool  # of `marking()`, as pages ask it

    objects = Items.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["export", "case"], name="packets_one_item_per_case_of_an_export"),
        ]

    def __str__(self) -> str:
        return _now("%(person)s, %(export)s") % {"person": self.case.subject.name, "export": self.export}

    def get_absolute_url(self) -> str:
        return address_of("packet_export_item", self.pk)

    @property
    def made_at(self) -> datetime | None:
        """Return when its document was there; None before, and where it failed."""
        return None if self.job.failure or self.job.dropped else self.job.ended_at

    @property
    def state(self) -> str:
        """`ready`, `gone` (its document was removed since), `failed`, `at-work` or `waiting`."""
        if self.made_at:
            return "ready" if self.packet and self.packet.is_typeset else "gone"
        return self.job.state if self.job.state in ("failed", "at-work") else "waiting"

    @transaction.atomic
    def find_packet(self, token: str) -> Packet:
        """Return the packet of the item, its document ordered: the one that stands, or one frozen now.

        All of it as the one who ordered the export. Refuses with `Lost` without the claim, and with
        `Denied` when they may not have the packet, or not any more.
        """
        self.job.insist(token)
        by, variant = self.job.by, self.export.variant
        case = locked(by, "packets.export_case", self.case)  # held, so that two exports freeze it once
        packet = self.packet or Packet.objects.current(variant).filter(case=case).first()
        packet = packet or Packet.freeze(case, by=by, variant=variant)
        demand(by, "packets.read_packet", packet)
        self.packet = packet
        self.save(update_fields=["packet"])
        if not packet.is_typeset and (packet.state != "waiting" or packet.orderer != by):
            packet.order(by=by, job=self.job)
            packet = Packet.objects.select_related("case__subject").get(pk=packet.pk)
        return packet

    @transaction.atomic
    def finish(self, token: str, file: str = "", **document: Any) -> None:
        """Note that the document is there; of a new one `file` and `document` are what `Packet.keep` takes.

        Refuses with `Lost` without the claim, with `Denied` when the orderer may not have it any more,
        and with `NotNow` a document whose packet was redacted meanwhile: then nothing was noted at all.
        """
        self.job.finish(token)
        demand(self.job.by, "packets.export_case", self.case)
        demand(self.job.by, "packets.read_packet", self.packet)
        if file and self.packet:
            self.packet.keep(file, **document)

    @transaction.atomic
    def fail(self, reason: str, *, token: str = "") -> None:
        """Note why there is no document, in words for the orderer. Refuses as `Job.fail` does."""
        self.job.fail(reason, token=token)
        if self.packet:
            self.packet.note_failure(by=self.job.by)

    @transaction.atomic
    def retry(self, *, by: Person) -> ExportItem:
        """Try a packet again that failed, this one alone."""
        item = locked(by, "packets.retry_item", self)
        locked(by, "packets.steer_export", item.export)  # or one that is cancelled meanwhile would go on
        Job.objects.filter(pk=item.job_id).retry()
        record("export.retried", item.export, by=by, about=item.case.subject, packets=1)
        return item

    @transaction.atomic
    def link(self, person: Person, *, by: Person, days: int) -> tuple[PacketLink, str]:
        """Make a link by which `person`, signed in, may take the document for some days.

        Returns `(link, key)`; the key is known from here alone. Refuses for somebody who may not read
        the packet, as it would open nothing.
        """
        item = locked(by, "packets.link_item", self)
        if not may(person, "packets.read_packet", item.packet):
            raise NotNow(
                _now("%(person)s may not read this packet, so a link would not work.") % {"person": person}
            )
        key = secrets.token_urlsafe(32)
        link = PacketLink.objects.create(
            item=item,
            person=person,
            by=by,
            expires_at=min(now() + timedelta(days=days), item.export.expires_at),
            digest=digest_of(key),
        )
        record("packet.link_made", link, by=by, about=item.case.subject, person=person.pk)
        return link, key


class PacketLink(models.Model):
    """A link by which one person, signed in, may take the document of one packet until a day."""

    MOST_DAYS = 7

    item = models.ForeignKey(ExportItem, models.CASCADE, related_name="links")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("link to a packet")

    @property
    def state(self) -> str:
        """`revoked`, `expired` or `active`."""
        if self.revoked_at:
            return "revoked"
        return "active" if now() < self.expires_at else "expired"

    @transaction.atomic
    def revoke(self, *, by: Person) -> PacketLink:
        """Have the link open nothing any more."""
        link = locked(by, "packets.revoke_link", self)
        link.revoked_at = now()
        link.save(update_fields=["revoked_at"])
        record("packet.link_revoked", link, by=by, about=link.item.case.subject)
        return link

    @transaction.atomic
    def note_download(self, *, by: Person) -> None:
        """Write into the trail that the document was taken by this link. Refuses all but its person."""
        demand(by, "packets.open_link", self)
        record("packet.downloaded", self, by=by, about=self.item.case.subject)
