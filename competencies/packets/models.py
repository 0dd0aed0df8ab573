"""Packets: a case frozen as it stood, and the document typeset from it."""

import hashlib
import json
from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.access.clock import day_of, now
from competencies.access.querysets import Guarded
from competencies.access.refusal import NotNow
from competencies.access.rules import demand, locked
from competencies.promotions.models import PromotionCase, Proposal
from competencies.trail.models import Entry, canonical, record

REDACTED = ("packet.redacted", "draft.redacted")


class Packet(models.Model):
    """A promotion case as it stood at one instant. Never changes; a later one supersedes it."""

    class Variant(models.TextChoices):
        COMMITTEE = "committee", _("Committee copy")
        CANDIDATE = "candidate", _("Candidate copy")

    case = models.ForeignKey(PromotionCase, models.PROTECT, related_name="packets")
    number = models.CharField(_("number"), max_length=40, unique=True)
    variant = models.CharField(_("variant"), max_length=20, choices=Variant)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
    snapshot = models.TextField()
    digest = models.CharField(max_length=64)

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("packet")

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("packet", args=[self.pk])

    @property
    def content(self):
        """The snapshot as plain JSON values."""
        return json.loads(self.snapshot)

    @property
    def is_typeset(self):
        return getattr(self, "typesetting", None) is not None

    @property
    def is_of_draft(self):
        """Whether it was frozen before the case was proposed, and so shows a draft."""
        proposal = getattr(self.case, "proposal", None)
        return proposal is None or self.at < proposal.at

    @property
    def state(self):
        """`ready`, `failed` (the last order came to nothing), `waiting`, or `unordered`."""
        if self.is_typeset:
            return "ready"
        ordered, failed = self.last_order, self.last_mishap
        if ordered is None or (self.redacted_at and self.redacted_at >= ordered.at):
            return "unordered"
        return "failed" if failed and failed.at >= ordered.at else "waiting"

    @property
    def is_redacted(self):
        """Whether texts or names were taken out of it, because somebody was erased."""
        return self.redacted_at is not None

    @cached_property
    def redacted_at(self):
        """The instant at which somebody was last erased from it, or None."""
        times = self.content.get("redacted")
        return datetime.fromisoformat(times[-1]) if times else None

    @property
    def standing(self):
        """`genuine`, `redacted`, or `altered`: what the digests say of the snapshot. One query at most."""
        digest = self.computed_digest()
        if digest == self.digest:
            return "genuine"
        redactions = Entry.objects.filter(row_model=self._meta.label_lower, row_pk=str(self.pk))
        last = redactions.filter(action__in=REDACTED).order_by("-sequence").first()
        return "redacted" if last and last.details["digest"] == digest else "altered"

    def computed_digest(self):
        """Return the SHA-256 (hex) of the snapshot as it is stored."""
        return hashlib.sha256(self.snapshot.encode()).hexdigest()

    @cached_property
    def last_order(self):
        return self.orders.first()

    @cached_property
    def last_mishap(self):
        return self.mishaps.first()

    @property
    def orderer(self):
        """As whom the document is made: who asked for it last, or froze the packet before anybody asked."""
        return self.last_order.by if self.last_order else self.by

    @classmethod
    @transaction.atomic
    def freeze(cls, case, *, by, variant=Variant.COMMITTEE):
        """Take the snapshot of `case` as it stands now, and return the new packet."""
        from .snapshot import snapshot_of

        case = locked(by, "packets.freeze_packet", case)
        at = now()
        number = f"P-{day_of(at):%Y}-{case.pk:04d}-{case.packets.count() + 1}"
        text = canonical(snapshot_of(case, number=number, variant=variant, at=at, by=by))
        packet = cls.objects.create(
            case=case,
            number=number,
            variant=variant,
            by=by,
            at=at,
            snapshot=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )
        record(packet._named("frozen"), packet, by=by, about=case.subject, digest=packet.digest)
        return packet

    @transaction.atomic
    def order(self, *, by):
        """Ask for the document: the first time, or again when it failed or never came.

        Returns the `Order`. Refuses once the document is there.
        """
        demand(by, "packets.order_document", self)
        if Typesetting.objects.filter(packet=self).exists():
            raise NotNow(_now("The document of this packet is there already."))
        order = Order.objects.create(packet=self, by=by)
        record(self._named("ordered"), self, by=by, about=self.case.subject)
        return order

    @transaction.atomic
    def fail(self, reason):
        """Note that typesetting came to nothing, and why, in words for the person who waits."""
        mishap = Mishap.objects.create(packet=self, reason=reason)
        record(self._named("failed"), self, by=self.orderer, about=self.case.subject)
        return mishap

    @transaction.atomic
    def keep(self, name, *, sha256, pages, size):
        """Note where the typeset document is stored; a second document for the same packet is ignored.

        Returns the `Typesetting` that stands, so that a job which runs twice ends once. Refuses with
        `NotNow` the document of a content that was redacted meanwhile, and with `Denied` one that was
        made as somebody who may no longer have it.
        """
        stored = Packet.objects.select_for_update(no_key=True).get(pk=self.pk)
        if stored.snapshot != self.snapshot:
            raise NotNow(_now("The packet was redacted while its document was made."))
        if there := Typesetting.objects.filter(packet=self).first():
            return there
        by = self.orderer
        demand(by, "packets.order_document", self)
        typesetting = Typesetting.objects.create(
            packet=self, file=name, sha256=sha256, pages=pages, size=size
        )
        record(self._named("typeset"), self, by=by, about=self.case.subject, sha256=sha256, pages=pages)
        return typesetting

    @transaction.atomic
    def note_download(self, *, by):
        """Write into the trail that somebody took the document. Refuses who may not read the packet."""
        demand(by, "packets.read_packet", self)
        record(self._named("downloaded"), self, by=by, about=self.case.subject)

    def note_redaction(self, *, by):
        """Write into the trail that the packet was redacted as it stands now, in an erasure `by` somebody."""
        record(self._named("redacted"), self, by=by, about=self.case.subject, digest=self.computed_digest())

    def _named(self, happened):
        """Name what happened to this packet; that of a draft is kept between its sponsor and the auditor."""
        of_proposed = Proposal.objects.filter(case=self.case_id, at__lte=self.at).exists()
        return f"packet.{happened}" if of_proposed else f"draft.{happened}"


class Order(models.Model):
    """The fact that somebody asked for the document of a packet. Asking again adds a row."""

    packet = models.ForeignKey(Packet, models.PROTECT, related_name="orders")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]


class Typesetting(models.Model):
    """The document of a packet: where it lies, its hash, its size in bytes and in pages."""

    packet = models.OneToOneField(Packet, models.PROTECT, related_name="typesetting")
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(_("pages"))
    size = models.PositiveIntegerField(_("bytes"))
    at = models.DateTimeField(default=now, editable=False)


class Mishap(models.Model):
    """The fact that an order came to nothing, in words. Trying again adds a row or a document."""

    packet = models.ForeignKey(Packet, models.PROTECT, related_name="mishaps")
    at = models.DateTimeField(default=now, editable=False)
    reason = models.TextField(_("reason"))

    class Meta:
        ordering = ["-at", "-pk"]
