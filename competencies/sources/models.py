"""The documents a ladder is taken from, cut into passages that behaviours can cite."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.querysets import Guarded


class Source(models.Model):
    """One revision of a role document. A changed document is a new revision; the old one stays."""

    key = models.SlugField(_("key"), max_length=40)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    title = models.CharField(_("title"), max_length=200)
    role = models.CharField(_("role family"), max_length=200, blank=True)
    digest = models.CharField(max_length=64)

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["key", "revision"]
        verbose_name = _("source")
        constraints = [
            models.UniqueConstraint(fields=["key", "revision"], name="sources_one_row_per_revision")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("source", self.pk)


class Passage(models.Model):
    """One sentence of a source: its number, its gist in our words, and its text where we may keep it."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="passages")
    number = models.PositiveIntegerField(_("sentence"))
    gist = models.TextField(_("gist"))
    terms = models.JSONField(_("key terms"), default=list, blank=True)
    text = models.TextField(_("text"), blank=True)

    objects = Guarded.as_manager()

    class Meta:
        ordering = ["source", "number"]
        verbose_name = _("passage")
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="sources_one_passage_per_number")
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The short form in which behaviours cite it: `000 s7`."""
        return f"{self.source.key} s{self.number}"

    def get_absolute_url(self) -> str:
        return f"{address_of('source', self.source_id)}#s{self.number}"
