"""Packets: a case frozen as it stood, and the document typeset from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.clock import day_of, now
from competencies.core.permissions import demand, locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import NotNow
from competencies.jobs.models import Job
from competencies.promotions.models import Hearing, PromotionCase, Proposal, Release
from competencies.trail.kinds import kind_of
from competencies.trail.models import Entry, canonical, record

from ..codes import CODE_LENGTH, new_code, written_code
from ..snapshot import anew, snapshot_of

if TYPE_CHECKING:
    from competencies.people.models import Person


REDACTED = ("packet.redacted", "draft.redacted")
TYPESET = ("packet.typeset", "draft.typeset")


class Packets(Guarded["Packet"]):
    """Packets by what they show, and to whom they may still be shown."""

    def to_freeze_anew(self) -> Self:
        """Keep masked copies of open hearings that hold digests and minutes, as those up to format 2 do."""
        later = self.model._base_manager.filter(variant=OuterRef("variant"), pk__gt=OuterRef("pk"))
        return self.filter(
            ~Exists(later.filter(hearing=OuterRef("hearing"))),
            variant=Packet.Variant.MASKED,
            hearing__in=Hearing.objects.running().values("pk"),
            snapshot__contains='"format":2,',
        ).order_by("pk")

    def current(self, variant: str) -> Self:
        """Keep those of a `variant` that show their case as it was last handed on, newest first.

        A packet frozen since then is the one that was read and decided on: an export takes it as it is.
        """
        since = Release.objects.filter(decision__hearing__case=OuterRef("case"), at__gt=OuterRef("at"))
        return self.filter(~Exists(since), variant=variant, at__gte=F("case__proposal__at"))


class Packet(models.Model):
    """A promotion case as it stood at one instant. Never changes; a later one supersedes it."""

    class Variant(models.TextChoices):
        COMMITTEE = "committee", _("Committee copy")
        CANDIDATE = "candidate", _("Candidate copy")
        MASKED = "masked", _("Masked copy")
        ARCHIVE = "archive", _("Archive copy")

    case = models.ForeignKey(PromotionCase, models.PROTECT, related_name="packets")
    number = models.CharField(_("number"), max_length=40, unique=True)
    variant = models.CharField(_("variant"), max_length=20, choices=Variant)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    hearing = models.ForeignKey(
        Hearing, models.PROTECT, null=True, editable=False, related_name="packets", verbose_name=_("hearing")
    )
    snapshot = models.TextField()
    digest = models.CharField(max_length=64)
    code = models.CharField(max_length=CODE_LENGTH, null=True, editable=False)  # noqa: DJ001 (None: frozen before there were codes)

    objects = Packets.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("packet")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(code__isnull=False), name="packets_one_packet_per_code"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return address_of("packet", self.pk)

    @property
    def content(self) -> dict[str, Any]:
        """Return the snapshot as plain JSON values."""
        content: dict[str, Any] = json.loads(self.snapshot)
        return content

    @property
    def written_code(self) -> str:
        return written_code(self.code or "")

    @property
    def is_masked(self) -> bool:
        return self.variant == self.Variant.MASKED

    @property
    def frozen_by(self) -> Person | None:
        """Return who froze it; nobody of a masked copy, as who did says whose it is."""
        return None if self.is_masked else self.by

    @property
    def shown_at(self) -> datetime:
        """Return when it was frozen, as its readers are told; of a masked copy the day alone."""
        return self.shown(self.at)

    def shown(self, instant: datetime) -> datetime:
        """Return an instant as the readers of this packet are told it; of a masked copy the day alone."""
        return instant.replace(hour=0, minute=0, second=0, microsecond=0) if self.is_masked else instant

    @property
    def is_for_members(self) -> bool:
        """Return True if those who answer the case read it in their hearing."""
        copies = (self.Variant.COMMITTEE, self.Variant.MASKED)
        return self.hearing_id is not None and self.variant in copies

    @property
    def is_typeset(self) -> bool:
        return getattr(self, "document", None) is not None

    @property
    def is_of_draft(self) -> bool:
        """Return True if it was frozen before the case was proposed, and so shows a draft."""
        proposal = getattr(self.case, "proposal", None)
        return proposal is None or self.at < proposal.at

    @property
    def state(self) -> str:
        """`ready`, `failed` (the last order came to nothing), `waiting`, or `unordered`."""
        if self.is_typeset:
            return "ready"
        ordered = self.last_order
        if ordered is None or (self.redacted_at and self.redacted_at >= ordered.at):
            return "unordered"
        # A job that is done has made the document since this packet was read: whoever waits looks again.
        of_job = {"failed": "failed", "dropped": "unordered"}
        return of_job.get(ordered.job.state, "waiting")

    @property
    def is_redacted(self) -> bool:
        """Return True if texts or names were taken out of it, because somebody was erased."""
        return self.redacted_at is not None

    @cached_property
    def redacted_at(self) -> datetime | None:
        """Return the instant at which somebody was last erased from it, or None."""
        times = self.content.get("redacted")
        return datetime.fromisoformat(times[-1]) if times else None

    @property
    def later(self) -> Packets:
        """Return the packets of the same case and variant that were frozen after this one."""
        return Packet.objects.filter(case=self.case_id, variant=self.variant, pk__gt=self.pk)

    @property
    def verification_status(self) -> str:
        """`genuine`, `redacted`, or `altered`: what the digests say of the snapshot. One query at most."""
        digest = self.computed_digest()
        if digest == self.digest:
            return "genuine"
        redactions = Entry.objects.filter(row_model=kind_of(self), row_pk=str(self.pk))
        last = redactions.filter(action__in=REDACTED).order_by("-sequence").first()
        return "redacted" if last and last.details["digest"] == digest else "altered"

    def computed_digest(self) -> str:
        """Return the SHA-256 (hex) of the snapshot as it is stored."""
        return hashlib.sha256(self.snapshot.encode()).hexdigest()

    @cached_property
    def last_order(self) -> Order | None:
        return self.orders.first()

    @property
    def orderer(self) -> Person:
        """Return as whom the document is made: who asked last, or froze the packet before anybody asked."""
        return self.last_order.by if self.last_order else self.by

    @classmethod
    @transaction.atomic
    def freeze(
        cls,
        case: PromotionCase,
        *,
        by: Person,
        variant: str = Variant.COMMITTEE,
        hearing: Hearing | None = None,
    ) -> Packet:
        """Take the snapshot of `case` as it stands now, and return the new packet.

        `hearing` is the one whose members read it. The archive copy, which holds everything, is frozen by
        HR alone.
        """
        archived = variant == cls.Variant.ARCHIVE
        case = locked(by, "packets.archive_case" if archived else "packets.freeze_packet", case)
        at, code, number = now(), new_code(), _next_number(case)
        content = snapshot_of(case, number=number, variant=variant, at=at, by=by, code=code)
        frozen = {"case": case, "hearing": hearing, "number": number, "variant": variant}
        return cls._frozen(content, by=by, recorded_by=by, at=at, code=code, **frozen)

    @transaction.atomic
    def freeze_anew(self) -> Packet:
        """Freeze a masked copy of a hearing once more, as masked copies are today; return the newest packet.

        Its content stays, less what masked copies no longer hold. It is the server's doing.
        """
        case = PromotionCase.objects.select_for_update(no_key=True).get(pk=self.case_id)
        if newer := self.later.filter(hearing=self.hearing_id).first():
            return newer
        at, code, number = now(), new_code(), _next_number(case)
        content = anew(self.content, number=number, at=at, code=code)
        frozen = {"case": case, "hearing": self.hearing, "number": number, "variant": self.variant}
        return Packet._frozen(content, by=self.by, recorded_by=None, at=at, code=code, **frozen)

    @classmethod
    def _frozen(cls, content: Mapping[str, Any], *, recorded_by: Person | None, **frozen: object) -> Packet:
        text = canonical(content)
        packet = cls.objects.create(snapshot=text, digest=hashlib.sha256(text.encode()).hexdigest(), **frozen)
        record(
            packet._named("frozen"), packet, by=recorded_by, about=packet.case.subject, digest=packet.digest
        )
        return packet

    @transaction.atomic
    def order(self, *, by: Person, job: Job | None = None) -> Order:
        """Ask for the document: the first time, or again when it failed or never came.

        It is made by a job of its own, or by the `job` that needs it. Returns the `Order`: that which waits,
        where the same person asks again. Another's is given up. Refuses once the document is there.
        """
        packet = locked(by, "packets.order_document", self)
        if packet.is_typeset:
            raise NotNow(_now("The PDF of this packet exists already."))
        if job is None:
            kind = Job.Kind.PACKET_DOCUMENT
            last = packet.last_order
            if last and packet.state == "waiting" and (last.by, last.job.kind) == (by, kind):
                return last
            Job.objects.filter(orders__packet=packet, kind=kind).call_off()
            job = Job.objects.create(kind=kind, by=by)
        order = Order.objects.create(packet=self, job=job)
        record(self._named("ordered"), self, by=by, about=self.case.subject)
        return order

    def note_failure(self, *, by: Person) -> None:
        """Write into the trail that typesetting, which `by` had ordered, came to nothing."""
        record(self._named("failed"), self, by=by, about=self.case.subject)

    @transaction.atomic
    def keep(self, name: str, *, sha256: str, pages: int, size: int, by: Person | None = None) -> Document:
        """Note where the typeset document is stored; a second document for the same packet is ignored.

        Returns the `Document` that stands, so that a job which runs twice ends once. Refuses with
        `NotNow` the document of a content that was redacted meanwhile, and with `Denied` one that was
        made as somebody who may no longer have it: as `by`, or as who ordered it last.
        """
        stored = Packet.objects.select_for_update(no_key=True).get(pk=self.pk)
        if stored.snapshot != self.snapshot:
            raise NotNow(_now("The packet was redacted while its PDF was being generated."))
        if there := Document.objects.filter(packet=self).first():
            return there
        by = by or self.orderer
        demand(by, "packets.order_document", self)
        document = Document.objects.create(packet=self, file=name, sha256=sha256, pages=pages, size=size)
        record(self._named("typeset"), self, by=by, about=self.case.subject, sha256=sha256, pages=pages)
        return document

    @transaction.atomic
    def note_download(self, *, by: Person) -> None:
        """Write into the trail that somebody took the document. Refuses who may not read the packet."""
        demand(by, "packets.read_packet", self)
        record(
            "copy.downloaded" if self.is_for_members else self._named("downloaded"),
            self,
            by=by,
            about=self.case.subject,
        )

    def note_redaction(self, *, by: Person, receipt: UUID) -> None:
        """Write into the trail that an erasure with that receipt redacted the packet, as it stands now."""
        details = {"receipt": str(receipt), "digest": self.computed_digest()}
        record(self._named("redacted"), self, by=by, about=self.case.subject, **details)

    def _named(self, happened: str) -> str:
        """Name what happened to this packet; that of a draft is kept between its sponsor and the auditor."""
        of_proposed = Proposal.objects.filter(case=self.case_id, at__lte=self.at).exists()
        return f"packet.{happened}" if of_proposed else f"draft.{happened}"


def _next_number(case: PromotionCase) -> str:
    return f"P-{day_of(now()):%Y}-{case.pk:04d}-{case.packets.count() + 1}"


class Orders(Guarded["Order"]):
    """Orders of documents by whom they tell of."""

    def of_drafts(self) -> Self:
        """Keep those of packets that were frozen before their case was proposed: the sponsor alone knows."""
        before = Q(packet__at__lt=F("packet__case__proposal__at"))
        return self.filter(Q(packet__case__proposal=None) | before)

    def told_to(self, person: Person) -> Self:
        """Bring along what a list of jobs tells, and whether it was asked for again since: `asked_later`."""
        later = Order.objects.filter(packet=OuterRef("packet"), pk__gt=OuterRef("pk"))
        orders = self.select_related("packet__document").defer("packet__snapshot")
        return orders.annotate(asked_later=Exists(later))


class Order(models.Model):
    """The fact that somebody asked for the document of a packet. Asking again adds a row.

    Its job says what became of it: one of its own, or that of an export which needs the document.
    """

    packet = models.ForeignKey(Packet, models.PROTECT, related_name="orders")
    job = models.ForeignKey(Job, models.PROTECT, related_name="orders")
    asked_later: bool  # of `told_to()`
    at = models.DateTimeField(default=now, editable=False)

    objects = Orders.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.packet.number

    def get_absolute_url(self) -> str:
        return self.packet.get_absolute_url()

    @property
    def by(self) -> Person:
        return self.job.by

    @transaction.atomic
    def finish(self, token: str, file: str, **document: Any) -> None:
        """Note that the document is there; see `Packet.keep`, and `Job.finish` for `token`."""
        self.job.finish(token)
        self.packet.keep(file, by=self.by, **document)

    @transaction.atomic
    def fail(self, reason: str, *, token: str = "") -> None:
        """Note that typesetting came to nothing, and why, in words for the person who waits."""
        self.job.fail(reason, token=token)
        self.packet.note_failure(by=self.by)


class Document(models.Model):
    """The document of a packet: where it lies, its hash, its size in bytes and in pages."""

    packet = models.OneToOneField(Packet, models.PROTECT, related_name="document")
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(_("pages"))
    size = models.PositiveIntegerField(_("bytes"))
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        db_table = "packets_typesetting"

    @property
    def shown_at(self) -> datetime:
        """Return when it was made, as the readers of its packet are told."""
        return self.packet.shown(self.at)
