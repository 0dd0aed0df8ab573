"""Reviews and assessments by where they stand."""

from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery

from competencies.core.clock import now, today
from competencies.core.querysets import Guarded
from competencies.framework.models import Edition
from competencies.people.models import Person, ReportingLine
from competencies.people.querysets import here


class Cycles(Guarded):
    """Cycles by whether they are being prepared, open, or over."""

    def with_editions(self):
        """Fetch the editions of each cycle, by the titles of their frameworks: one query more."""
        editions = Edition.objects.with_standing().order_by("framework__title", "framework")
        return self.prefetch_related(Prefetch("editions", queryset=editions))

    def preparing(self):
        return self.filter(opening=None)

    def open(self):
        return self.filter(opening__isnull=False, closing=None)

    def closed(self):
        return self.filter(closing__isnull=False)


def handed_in(kind):
    """Return the condition, on a review, that its assessment of `kind` is submitted and not reopened."""
    from .models import Assessment

    return Exists(Assessment.objects.submitted().filter(review=OuterRef("pk"), kind=kind))


class Reviews(Guarded):
    """Reviews with what tells their state."""

    def with_state(self):
        """Annotate and join what `Review.state` reads, so that a list of reviews costs one query."""
        from .models import Signoff

        return self.select_related(
            "cycle__opening", "cycle__closing", "subject", "manager", "level", "track", "reveal", "discussion"
        ).annotate(
            self_in=handed_in("self"),
            manager_in=handed_in("manager"),
            signed_by_subject=Exists(Signoff.objects.filter(review=OuterRef("pk"), by=OuterRef("subject"))),
            signed_by_manager=Exists(
                Signoff.objects.filter(review=OuterRef("pk")).exclude(by=OuterRef("subject"))
            ),
        )

    def with_present_manager(self):
        """Annotate `present_manager`, the id of whom the subject reports to today, or None."""
        lines = ReportingLine.objects.current().filter(person=OuterRef("subject"))
        return self.annotate(present_manager=Subquery(lines.values("manager")[:1]))

    def moved(self, since):
        """Keep the reviews whose subject has another manager today than the one who holds them.

        Nobody's manager has changed but by a line that begins on `since`, the day of the opening, or
        later: these few are read first.
        """
        lines = ReportingLine.objects.current().filter(starts_on__gte=since).values("person")
        return self.with_present_manager().filter(
            ~Q(present_manager=F("manager")), present_manager__isnull=False, subject__in=lines
        )

    def unfinished(self):
        """Keep the reviews of those who are here of which a side is not in. Needs `with_state()`."""
        return self.filter(here("subject__"), Q(self_in=False) | Q(manager_in=False))

    def late(self):
        """Keep the reviews of which a side that is here should be in by now. Needs `with_state()`."""
        at = now()
        late_manager = Q(manager_in=False, cycle__manager_due_at__lt=at) & here("manager__")
        return self.filter(here("subject__"), Q(self_in=False, cycle__self_due_at__lt=at) | late_manager)

    def without_reviewer(self):
        """Keep those of people who are here whose manager left without handing in. Needs `with_state()`."""
        return self.filter(
            here("subject__"), manager_in=False, manager__in=Person.objects.left().values("pk")
        )

    def touched_by_leaving(self):
        """Keep the reviews of which a side is not here any more: few, and read from those who left."""
        gone = Person.objects.left().values("pk")
        return self.filter(Q(subject__in=gone) | Q(manager__in=gone))

    def revealed(self):
        return self.filter(reveal__isnull=False)

    def below(self, manager):
        """Keep the reviews of everyone under `manager` today, read from their chains upward."""
        chain = {"manager": manager, "starts_on__lte": today(), "until__gt": today()}
        return self.filter(**{f"subject__chains__{field}": value for field, value in chain.items()})

    def lock(self):
        """Hold these reviews, always in the same order, until the transaction ends."""
        list(self.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


class Assessments(Guarded):
    """Assessments by whether they are handed in."""

    def submitted(self):
        return self.filter(self.is_submitted())

    def unsubmitted(self):
        return self.filter(~self.is_submitted())

    @staticmethod
    def is_submitted():
        """The condition, on an assessment, that its present round is handed in."""
        from .models import Submission

        return Q(Exists(Submission.objects.filter(assessment=OuterRef("pk"), round=OuterRef("round"))))
