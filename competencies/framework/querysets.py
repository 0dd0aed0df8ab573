"""Which edition is in force, and the parts of an edition ready to be laid out."""

from django.db.models import Prefetch

from competencies.access.querysets import Guarded


class Editions(Guarded):
    """Editions of any framework, by where they stand in their life."""

    def drafts(self):
        return self.filter(publication=None)

    def published(self):
        return self.filter(publication__isnull=False, retirement=None)

    def in_force(self):
        """The newest published edition, or None while nothing is published."""
        return (
            self.published()
            .select_related("framework", "publication")
            .order_by("-publication__at", "-pk")
            .first()
        )


class Competencies(Guarded):
    """Competencies with what a page about them shows."""

    def with_expectations(self):
        """Each competency with its expectations, their behaviours and citations: five queries."""
        from .models import Behaviour, Expectation

        behaviours = Behaviour.objects.select_related("track").prefetch_related("citations__passage__source")
        expectations = Expectation.objects.select_related("level").prefetch_related(
            Prefetch("behaviours", queryset=behaviours)
        )
        return self.select_related("area").prefetch_related(Prefetch("expectations", queryset=expectations))
