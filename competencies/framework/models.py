"""The ladder: editions of a framework, their levels and tracks, and what each level expects.

A published edition never changes. The model refuses it and so does the database (see the
migration `0003_close`); a correction is a new edition.
"""

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.permissions import locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import NotNow
from competencies.sources.models import Passage, Source
from competencies.trail.models import Closed, record

from .querysets import (
    Behaviours,
    Cited,
    Competencies,
    Editions,
    Expectations,
    Frameworks,
    Requirements,
)


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

    def __str__(self):
        return f"{self.title} ({self.key})" if self.namesake else self.title

    def rename(self, title):
        """Give it a title that no other bears; whoever shared the former one with it alone has it alone."""
        left = [row for row in type(self).objects.titled(self.title) if row != self]
        self.title, self.namesake = title, False
        self.save(update_fields=["title", "namesake"])
        if len(left) == 1:
            type(self).objects.filter(pk=left[0].pk).update(namesake=False)


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

    def __str__(self):
        return _now("%(framework)s, edition %(number)d") % {
            "framework": self.framework,
            "number": self.number,
        }

    def save(self, *args, **kwargs):
        refuse_published(self.pk)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        refuse_published(self.pk)
        return super().delete(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("matrix", args=[self.pk])

    @property
    def state(self):
        """`draft`, `published` or `retired`."""
        if getattr(self, "retirement", None):
            return "retired"
        return "published" if getattr(self, "publication", None) else "draft"

    @transaction.atomic
    def publish(self, *, by):
        """Close this edition for good and let reviews be opened on it. Refuses unless a draft."""
        edition = locked(by, "framework.publish_edition", self)
        if edition.state != "draft":
            raise NotNow(_now("This edition is already published."))

        publication = Publication.objects.create(edition=edition, by=by)
        record("edition.published", edition, by=by, digest=edition.digest)
        return publication

    @transaction.atomic
    def retire(self, *, by):
        """Take a published edition out of use; reviews made on it stay as they are."""
        edition = locked(by, "framework.publish_edition", self)
        if edition.state != "published":
            raise NotNow(_now("Only a published edition can be retired."))

        retirement = Retirement.objects.create(edition=edition, by=by)
        record("edition.retired", edition, by=by)
        return retirement


class Publication(models.Model):
    """The fact that an edition was published. From then on it is closed."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="publication")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now, editable=False)


class Retirement(models.Model):
    """The fact that an edition is no longer offered for new reviews."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="retirement")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now, editable=False)


class Part(models.Model):
    """A row that belongs to an edition and is closed with it."""

    edition = models.ForeignKey(Edition, models.CASCADE)

    objects = Guarded.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        refuse_published(self.edition_id)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        refuse_published(self.edition_id)
        return super().delete(*args, **kwargs)


def refuse_published(edition_pk):
    """Return quietly while the edition is a draft; refuse with `Closed` from its publication on."""
    if Publication.objects.filter(edition=edition_pk).exists():
        raise Closed(_now("A published edition never changes."))


class Level(Part):
    """A step of the ladder. It includes all that the levels below it expect.

    `includes` is what was written of that; what follows from it is asked of `inclusions`.
    """

    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    rung = models.PositiveSmallIntegerField(_("rung"))
    position = models.PositiveSmallIntegerField()
    scope = models.TextField(_("scope"))
    summary = models.TextField(_("summary"), blank=True)
    facets = models.JSONField(default=dict, blank=True)
    inferred = models.CharField(max_length=40, blank=True)
    includes = models.ManyToManyField(
        "self", through="Inclusion", symmetrical=False, related_name="included_in"
    )

    class Meta:
        ordering = ["position"]
        verbose_name = _("level")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="framework_one_level_per_key")]

    def __str__(self):
        return self.title

    @property
    def lineage(self):
        """What it shares with the same level of other editions: framework and key. Needs `edition`."""
        return self.edition.framework_id, self.key

    def next_steps(self):
        """Return the levels that build directly on this one; more than one where the ladder branches."""
        from .inclusions import Inclusions

        steps = Inclusions.of([self.edition_id]).next_steps(self.pk)
        return Level.objects.filter(pk__in=steps)


class Inclusion(Part):
    """The fact that one level asks for all of another, as it was written. See `inclusions`."""

    level = models.ForeignKey(Level, models.CASCADE, related_name="inclusions")
    included = models.ForeignKey(Level, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "included"], name="framework_one_inclusion_per_pair"),
            models.CheckConstraint(
                condition=~models.Q(level=models.F("included")), name="framework_level_not_in_itself"
            ),
        ]


class Track(Part):
    """A role profile: the shared ladder, with behaviours and skills of its own."""

    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    position = models.PositiveSmallIntegerField()
    summary = models.TextField(_("summary"))
    suits = models.TextField(_("suits"), blank=True)
    hiring = models.TextField(_("hiring guidance"), blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("track")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="framework_one_track_per_key")]

    def __str__(self):
        return self.title

    @property
    def lineage(self):
        """What it shares with the same track of other editions: framework and key. Needs `edition`."""
        return self.edition.framework_id, self.key


class Coverage(Part):
    """The fact that a source speaks of a track at a level: what it says there is stated, not carried."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="coverages")
    track = models.ForeignKey(Track, models.CASCADE, related_name="coverages")
    level = models.ForeignKey(Level, models.CASCADE, related_name="coverages")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "track", "level"], name="framework_one_coverage_per_pair"
            )
        ]


class Area(Part):
    """A group of competencies that a reader looks at together."""

    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose"), blank=True)
    position = models.PositiveSmallIntegerField()

    objects = Cited.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["position"]
        verbose_name = _("area")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="framework_one_area_per_key")]

    def __str__(self):
        return self.title


class Competency(Part):
    """An ability that every level has an expectation of.

    Its key is the same in every edition of its framework; in another framework it names something else.
    """

    area = models.ForeignKey(Area, models.CASCADE, related_name="competencies")
    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    position = models.PositiveSmallIntegerField()
    evidence = models.JSONField(_("examples of evidence"), default=list, blank=True)

    objects = Competencies.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["position"]
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="framework_one_competency_per_key")
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("competency", args=[self.pk])

    @property
    def lineage(self):
        """What it shares with the same competency of other editions: framework and key. Needs `edition`."""
        return self.edition.framework_id, self.key

    def neighbours(self):
        """Return the competencies before and after this one in its edition, None at either end."""
        around = Competency.objects.filter(
            edition=self.edition_id, position__in=(self.position - 1, self.position + 1)
        )
        by_position = {competency.position: competency for competency in around}
        return by_position.get(self.position - 1), by_position.get(self.position + 1)


class Expectation(Part):
    """What one level asks for in one competency."""

    competency = models.ForeignKey(Competency, models.CASCADE, related_name="expectations")
    level = models.ForeignKey(Level, models.CASCADE, related_name="expectations")
    summary = models.TextField(_("summary"))
    pitfall = models.TextField(_("pitfall"), blank=True)

    objects = Expectations.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["competency__position", "level__position"]
        verbose_name = _("expectation")
        constraints = [
            models.UniqueConstraint(fields=["competency", "level"], name="framework_one_expectation_per_cell")
        ]

    def get_absolute_url(self):
        return f"{reverse('competency', args=[self.competency_id])}#level-{self.level.key}"

    @property
    def is_empty(self):
        """True where nothing is written for this level: the author left the cell empty."""
        return not (self.summary or self.pitfall or self.behaviours.all())

    def behaviours_for(self, track):
        """Return the behaviours that a person on `track` is read against: the shared and its own.

        Uses what was prefetched; `track` is a `Track` or None for the shared ones alone.
        """
        wanted = {None, track.pk if track else None}
        return [behaviour for behaviour in self.behaviours.all() if behaviour.track_id in wanted]


class Behaviour(Part):
    """Something a person at a level can be seen to do, with the sentences it was taken from."""

    expectation = models.ForeignKey(Expectation, models.CASCADE, related_name="behaviours")
    track = models.ForeignKey(Track, models.CASCADE, null=True, blank=True, related_name="behaviours")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("behaviour"))
    inferred = models.CharField(_("inferred"), max_length=40, blank=True)

    objects = Behaviours.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["position"]
        verbose_name = _("behaviour")

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        """Return its place on the page of its competency, on its own track where it has one."""
        chosen = f"?track={self.track.key}" if self.track else ""
        return f"{reverse('competency', args=[self.expectation.competency_id])}{chosen}#b-{self.pk}"

    def basis(self, track, stated_by):
        """Say on what the behaviour rests for a person on `track` at its level.

        `stated_by` is the set of source ids that cover that track and level. Returns `stated`
        when nothing is inferred and a covering source is cited, `split` or `borrowed` where the
        level was inferred, `carried` where another role's document says it, and `uncited` where none does.
        """
        cited = {citation.passage.source_id for citation in self.citations.all()}
        if not cited:
            return "uncited"
        if self.inferred:
            return "borrowed" if "borrowed" in self.inferred else "split"
        return "stated" if cited & stated_by else "carried"


class Skill(Part):
    """A tool or technique that tracks ask for by name."""

    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    competency = models.ForeignKey(Competency, models.CASCADE, related_name="skills")
    group = models.CharField(_("group"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        verbose_name = _("skill")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="framework_one_skill_per_key")]

    def __str__(self):
        return self.title


class Requirement(Part):
    """How firmly one track asks for a skill, in the words its document uses."""

    class Strength(models.TextChoices):
        REQUIRED = "required", _("Required")
        STANDARD = "standard", _("Standard")
        VALUED = "valued", _("Valued")
        ANY_OF = "any-of", _("One of several")

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="requirements")
    track = models.ForeignKey(Track, models.CASCADE, related_name="requirements")
    strength = models.CharField(_("strength"), max_length=20, choices=Strength)
    choice = models.CharField(_("one of"), max_length=60, blank=True)
    note = models.TextField(_("qualifier"), blank=True)

    objects = Requirements.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["skill__position"]
        verbose_name = _("requirement")
        constraints = [
            models.UniqueConstraint(fields=["skill", "track"], name="framework_one_requirement_per_track")
        ]

    def get_absolute_url(self):
        page = reverse("competency", args=[self.skill.competency_id])
        return f"{page}?track={self.track.key}#skill-{self.skill_id}"

    @property
    def firmness(self):
        """The strength in words. A choice with one member is an example, not one of several.

        Needs `choices` of `Requirement.objects.with_choices()`.
        """
        lone = self.strength == self.Strength.ANY_OF and self.choices < 2
        return _now("Named as an example") if lone else self.get_strength_display()

    @property
    def qualifier(self):
        """The note without the name of the skill that it opens with."""
        name, _colon, rest = self.note.partition(": ")
        said_already = all(word in self.skill.title.lower() for word in name.lower().split())
        return rest if rest and said_already else self.note


_TARGETS = ("behaviour", "requirement", "track", "level", "competency", "expectation", "area")


def _exactly_one(*fields):
    """Return the condition that one of the nullable `fields` is set and the others are not."""
    condition = models.Q()
    for chosen in fields:
        condition |= models.Q(**{f"{field}__isnull": field != chosen for field in fields})
    return condition


class Citation(Part):
    """A pointer from a statement of the ladder to the passage it was taken from."""

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="citations")
    position = models.PositiveSmallIntegerField(default=0)
    behaviour = models.ForeignKey(Behaviour, models.CASCADE, null=True, related_name="citations")
    requirement = models.ForeignKey(Requirement, models.CASCADE, null=True, related_name="citations")
    track = models.ForeignKey(Track, models.CASCADE, null=True, related_name="citations")
    level = models.ForeignKey(Level, models.CASCADE, null=True, related_name="citations")
    competency = models.ForeignKey(Competency, models.CASCADE, null=True, related_name="citations")
    expectation = models.ForeignKey(Expectation, models.CASCADE, null=True, related_name="citations")
    area = models.ForeignKey(Area, models.CASCADE, null=True, related_name="citations")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("citation")
        constraints = [
            models.CheckConstraint(condition=_exactly_one(*_TARGETS), name="framework_citation_of_one_thing")
        ]

    def __str__(self):
        return str(self.passage)


class RatingScale(Part):
    """The words in which an edition's expectations are read."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="scale")

    @cached_property
    def bar(self):
        """The value from which an expectation counts as met."""
        return min((point.value for point in self.points.all() if point.bar), default=None)


class ScalePoint(Part):
    """One answer of the scale, with a described anchor. Not observed has no value."""

    scale = models.ForeignKey(RatingScale, models.CASCADE, related_name="points")
    key = models.SlugField(_("key"), max_length=60)
    label = models.CharField(_("label"), max_length=60)
    anchor = models.TextField(_("anchor"))
    value = models.PositiveSmallIntegerField(_("value"), null=True, blank=True)
    bar = models.BooleanField(_("the bar"), default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        verbose_name = _("scale point")
        constraints = [models.UniqueConstraint(fields=["scale", "key"], name="framework_one_point_per_key")]

    def __str__(self):
        return self.label
