"""Which edition is in force, and the parts of an edition ready to be laid out."""

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from competencies.core.querysets import Guarded


class Frameworks(Guarded):
    """Frameworks, by their titles."""

    def titled(self, title):
        """Keep those of this title, whatever its case and white space, as a list."""
        wanted = folded(title)
        return [row for row in self.order_by("pk") if folded(row.title) == wanted]


def folded(title):
    """Return a title as titles are compared: without case, and with single spaces."""
    return " ".join(title.split()).casefold()


class Editions(Guarded):
    """Editions of any framework, by where they stand in their life."""

    def with_standing(self):
        """Each edition with its framework, and when and by whom it was published and retired."""
        return self.select_related("framework", "publication__by", "retirement__by")

    def with_sizes(self):
        """Annotate how much each holds: `levels`, `tracks`, `competencies`, `behaviours`, `skills`."""
        from .models import Behaviour, Competency, Level, Skill, Track

        parts = {
            "levels": Level,
            "tracks": Track,
            "competencies": Competency,
            "behaviours": Behaviour,
            "skills": Skill,
        }
        return self.annotate(**{name: _number_of(part) for name, part in parts.items()})

    def drafts(self):
        return self.filter(publication=None)

    def published(self):
        return self.filter(publication__isnull=False, retirement=None)

    def citing(self, source):
        """Keep the editions that cite a document or that it covers a role of."""
        cited = Q(pk__in=source.passages.values("citations__edition"))
        return self.filter(cited | Q(pk__in=source.coverages.values("edition")))

    def in_force(self):
        """Keep of each framework the published edition with the highest number, by title."""
        rows = self.published().filter(self._newest()).select_related("framework", "publication")
        return rows.order_by("framework__title", "framework")

    def telling_in_force(self):
        """Annotate `in_force`: whether it is the one in force of its framework."""
        published = Q(publication__isnull=False, retirement=None)
        return self.annotate(
            in_force=Case(
                When(published & self._newest(), then=True), default=False, output_field=BooleanField()
            )
        )

    def _newest(self):
        """The condition that no published edition of the same framework has a higher number."""
        higher = self.model._base_manager.filter(
            framework=OuterRef("framework"),
            number__gt=OuterRef("number"),
            publication__isnull=False,
            retirement=None,
        )
        return Q(~Exists(higher))


def _number_of(part):
    rows = part.objects.filter(edition=OuterRef("pk")).order_by().values("edition")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


class Cited(Guarded):
    """Parts of an edition that rest on passages."""

    def with_citations(self):
        """Each row with the passages that it cites: one query more.

        They are joined: SQLite refuses to be asked for more than a thousand passages by their ids.
        """
        from .models import Citation

        return self.prefetch_related(
            Prefetch("citations", queryset=Citation.objects.select_related("passage__source"))
        )


class Competencies(Cited):
    """Competencies with what a page about them shows."""

    def with_expectations(self):
        """Each competency with its expectations, their behaviours and citations: four queries."""
        from .models import Behaviour, Expectation

        behaviours = Behaviour.objects.select_related("track").with_citations()
        expectations = Expectation.objects.select_related("level").prefetch_related(
            Prefetch("behaviours", queryset=behaviours)
        )
        return self.select_related("area").prefetch_related(Prefetch("expectations", queryset=expectations))


class Expectations(Cited):
    """Expectations with what stands under them."""

    def asked_of(self, track):
        """Each expectation with the behaviours that `track` is asked for, their basis and passages."""
        from .models import Behaviour

        behaviours = (
            Behaviour.objects.asked_of(track).with_basis(track).select_related("track").with_citations()
        )
        return (
            self.select_related("level")
            .prefetch_related(Prefetch("behaviours", queryset=behaviours))
            .with_citations()
        )

    def with_first_behaviour(self, track):
        """Annotate `first_behaviour`: where there is no summary, the first text that `track` is asked for."""
        from .models import Behaviour

        first = Behaviour.objects.asked_of(track).filter(expectation=OuterRef("pk")).order_by("position")
        return self.annotate(
            first_behaviour=Case(
                When(summary="", then=Subquery(first.values("text")[:1])), output_field=TextField()
            )
        )


class Behaviours(Cited):
    """Behaviours by the track they are asked of, and by what they rest on there."""

    def asked_of(self, track):
        """Keep the shared ones and those of `track`."""
        return self.filter(Q(track=None) | Q(track=track))

    def with_basis(self, track):
        """Annotate `rests_on`: what `Behaviour.basis` says for a person on `track`, said by the database."""
        from .models import Citation

        stated = Citation.objects.filter(
            behaviour=OuterRef("pk"),
            passage__source__coverages__track=track,
            passage__source__coverages__level=OuterRef("expectation__level"),
        )
        return self.annotate(
            rests_on=Case(
                When(~Exists(Citation.objects.filter(behaviour=OuterRef("pk"))), then=Value("uncited")),
                When(inferred__contains="borrowed", then=Value("borrowed")),
                When(~Q(inferred=""), then=Value("split")),
                When(Exists(stated), then=Value("stated")),
                default=Value("carried"),
                output_field=TextField(),
            )
        )

    def count_by_basis(self):
        """Return `{expectation id: {basis: how many}}` of annotated behaviours. One query."""
        counts = {}
        rows = self.order_by().values_list("expectation", "rests_on").annotate(Count("pk"))
        for expectation, basis, count in rows:
            counts.setdefault(expectation, {})[basis] = count
        return counts


class Requirements(Cited):
    """What tracks ask for by name, with what counts as well."""

    def with_choices(self):
        """Annotate `choices`: how many skills of the same track stand for the same choice, 0 for none."""
        alike = (
            self.model._base_manager.filter(track=OuterRef("track"), choice=OuterRef("choice"))
            .exclude(choice="")
            .order_by()
            .values("choice")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(choices=Coalesce(Subquery(alike, output_field=IntegerField()), 0))
