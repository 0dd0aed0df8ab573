"""The ladder: editions of a framework, their levels and tracks, and what each level expects.

A published edition never changes. The model refuses it and so does the database (see the
`triggers.py`); a correction is a new edition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    OuterRef,
    Q,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.addresses import address_of
from competencies.core.clock import now
from competencies.core.permissions import locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import NotNow
from competencies.trail.models import record

from ..titles import folded
from .behaviour import Behaviour
from .competency import Competency
from .level import Level
from .part import Publication, refuse_published
from .skill import Skill
from .track import Track

if TYPE_CHECKING:
    from competencies.people.models import Person
    from competencies.sources.models import Source


class Frameworks(Guarded["Framework"]):
    """Frameworks, by their titles."""

    def titled(self, title: str) -> list[Framework]:
        """Keep those of this title, whatever its case and white space, as a list."""
        folded_title = folded(title)
        return [row for row in self.order_by("pk") if folded(row.title) == folded_title]


class Framework(models.Model):
    """A ladder in the course of its editions.

    No two bear one title. Those that did before that was asked keep it and are `namesakes`, told apart by
    their keys.
    """

    key = models.SlugField(_("key"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    namesake = models.BooleanField(default=False, editable=False)

    objects = Frameworks.as_manager()

    class Meta:
        ordering = ["title", "key"]
        verbose_name = _("framework")
        constraints = [
            models.UniqueConstraint(
                fields=["title"], condition=models.Q(namesake=False), name="framework_titles_differ"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.key})" if self.namesake else self.title

    def rename(self, title: str) -> None:
        """Give it a title that no other bears; whoever shared the former one with it alone has it alone."""
        left = [row for row in type(self).objects.titled(self.title) if row != self]
        self.title, self.namesake = title, False
        self.save(update_fields=["title", "namesake"])
        if len(left) == 1:
            type(self).objects.filter(pk=left[0].pk).update(namesake=False)


class Editions(Guarded["Edition"]):
    """Editions of any framework, by where they stand in their life."""

    def with_standing(self) -> Self:
        """Each edition with its framework, and when and by whom it was published and retired."""
        return self.select_related("framework", "publication__by", "retirement__by")

    def with_sizes(self) -> Self:
        """Annotate how much each holds: `levels`, `tracks`, `competencies`, `behaviours`, `skills`."""
        parts: dict[str, type[Any]] = {
            "levels": Level,
            "tracks": Track,
            "competencies": Competency,
            "behaviours": Behaviour,
            "skills": Skill,
        }
        return self.annotate(**{name: _number_of(part) for name, part in parts.items()})

    def drafts(self) -> Self:
        return self.filter(publication=None)

    def published(self) -> Self:
        return self.filter(publication__isnull=False, retirement=None)

    def citing(self, source: Source) -> Self:
        """Keep the editions that cite a document or that it covers a role of."""
        cited = Q(pk__in=source.passages.values("citations__edition"))
        return self.filter(cited | Q(pk__in=source.coverages.values("edition")))

    def in_force(self) -> Self:
        """Keep of each framework the published edition with the highest number, by title."""
        rows = self.published().filter(self._newest()).select_related("framework", "publication")
        return rows.order_by("framework__title", "framework")

    def telling_in_force(self) -> Self:
        """Annotate `in_force`: whether it is the one in force of its framework."""
        published = Q(publication__isnull=False, retirement=None)
        return self.annotate(
            in_force=Case(
                When(published & self._newest(), then=True), default=False, output_field=BooleanField()
            )
        )

    def _newest(self) -> Q:
        """Return the condition that no published edition of the same framework has a higher number."""
        higher = self.model._base_manager.filter(
            framework=OuterRef("framework"),
            number__gt=OuterRef("number"),
            publication__isnull=False,
            retirement=None,
        )
        return Q(~Exists(higher))


def _number_of(part: type[Any]) -> Coalesce:
    rows = part._default_manager.filter(edition=OuterRef("pk")).order_by().values("edition")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


class Edition(models.Model):
    """One version of a framework: drafted, then published, then perhaps retired."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("edition"))
    summary = models.TextField(_("summary"), blank=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = Editions.as_manager()

    class Meta:
        ordering = ["framework", "-number"]
        verbose_name = _("edition")
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="framework_one_edition_per_number")
        ]

    def __str__(self) -> str:
        return _now("%(framework)s, edition %(number)d") % {
            "framework": self.framework,
            "number": self.number,
        }

    def save(self, *args: Any, **kwargs: Any) -> None:
        refuse_published(self.pk)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_published(self.pk)
        return super().delete(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of("matrix", self.pk)

    @property
    def state(self) -> str:
        """`draft`, `published` or `retired`."""
        if getattr(self, "retirement", None):
            return "retired"
        return "published" if getattr(self, "publication", None) else "draft"

    @transaction.atomic
    def publish(self, *, by: Person) -> Publication:
        """Close this edition for good and let reviews be opened on it. Refuses unless a draft."""
        edition = locked(by, "framework.publish_edition", self)
        if edition.state != "draft":
            raise NotNow(_now("This edition is already published."))

        publication = Publication.objects.create(edition=edition, by=by)
        record("edition.published", edition, by=by, digest=edition.digest)
        return publication

    @transaction.atomic
    def retire(self, *, by: Person) -> Retirement:
        """Take a published edition out of use; reviews made on it stay as they are."""
        edition = locked(by, "framework.publish_edition", self)
        if edition.state != "published":
            raise NotNow(_now("Only a published edition can be retired."))

        retirement = Retirement.objects.create(edition=edition, by=by)
        record("edition.retired", edition, by=by)
        return retirement


class Retirement(models.Model):
    """The fact that an edition is no longer offered for new reviews."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="retirement")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now, editable=False)
