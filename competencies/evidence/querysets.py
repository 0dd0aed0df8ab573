"""Evidence by what it speaks for, and laid out over the months."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch
from django.db.models.functions import TruncMonth

from competencies.core.querysets import Guarded


class Pieces(Guarded):
    """Pieces of evidence."""

    def not_withdrawn(self):
        """Keep the pieces that nobody took back."""
        return self.filter(withdrawal=None)

    def about(self, competency):
        """Keep the pieces tagged with a competency, in whatever edition of its framework."""
        from .models import Tag

        framework, key = competency.lineage
        tags = Tag.objects.filter(
            evidence=OuterRef("pk"), competency__key=key, competency__edition__framework=framework
        )
        return self.filter(Exists(tags))

    def with_tags(self):
        """Fetch the competencies that each piece speaks for: one query more."""
        from .models import Tag

        tags = Tag.objects.select_related("competency__edition").order_by("competency__position")
        return self.prefetch_related(Prefetch("tags", queryset=tags))

    def months(self, last):
        """Count the pieces in each of twelve months, the last being that of `last`: `[(date, count), …]`."""
        first = _month_before(last, 11)
        counted = (
            self.filter(happened_on__gte=first)
            .order_by()
            .annotate(month=TruncMonth("happened_on"))
            .values_list("month")
            .annotate(count=Count("pk"))
        )
        counts = dict(counted)
        return [
            (month, counts.get(month, 0))
            for month in (_month_before(last, back) for back in range(11, -1, -1))
        ]


def _month_before(day, months):
    """Return the first day of the month that lies `months` before that of `day`."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)
