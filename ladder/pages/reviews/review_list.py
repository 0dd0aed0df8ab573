"""The reviews of the people in a scope, of one cycle at a time, by name: pages of them, and neighbours."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from competencies.reviews.models import Cycle, Review
from ladder.web.request import Request
from ladder.web.scope import BELOW, EVERYONE, Scope, named_scope

PER_PAGE = 25
CYCLES_OFFERED = 50
ALL = "all"
SHOWN = {ALL: _("All reviews"), "shared": _("Shared"), "not-shared": _("Not shared yet")}
CONDITIONS = {ALL: Q(), "shared": Q(reveal__isnull=False), "not-shared": Q(reveal__isnull=True)}


class ReviewList:
    """The reviews in one cycle, of the people in a scope, that its visitor may read and asks to see."""

    def __init__(self, scope: Scope, cycle: Cycle, shown: str):
        self.scope, self.cycle, self.shown = scope, cycle, shown

    @property
    def query(self):
        """Return what the address of a review says of the list it was opened from."""
        return urlencode(self.scope.query | ({} if self.shown == ALL else {"show": self.shown}))

    def counts(self):
        """Return how many reviews there are, and how many are shared: `{reviews, shared}`. One query at most.

        Of everyone they are kept, and of everyone below read off their chains: asking the rule row by row
        takes longer than the rest of the page, for the same number.
        """
        if self.scope.kind == EVERYONE:
            return {"reviews": self.cycle.tally.reviews, "shared": self.cycle.tally.revealed}
        if self.scope.kind == BELOW:
            rows = Review.objects.filter(cycle=self.cycle).below(self.scope.visitor).order_by()
        else:
            rows = self._readable().filter(subject__in=self.scope.people().values("pk"))
        return rows.aggregate(reviews=Count("pk"), shared=Count("reveal"))

    def page(self, number, counts):
        """Return a page of ids of reviews, by the names of their subjects. One query."""
        paginator = Paginator(self._by_name().values_list("review", flat=True), PER_PAGE)
        of_each = {"shared": counts["shared"], "not-shared": counts["reviews"] - counts["shared"]}
        paginator.count = of_each.get(self.shown, counts["reviews"])
        return paginator.get_page(number)

    def neighbours(self, review):
        """Return the reviews before and after one: `(id, name)` of each, or None at the ends. Two queries."""
        name, pk = review.subject.name, review.subject_id
        before = self._by_name().filter(Q(name__lt=name) | Q(pk__lt=pk), name__lte=name).reverse()
        after = self._by_name().filter(Q(name__gt=name) | Q(pk__gt=pk), name__gte=name)
        return tuple(rows.values_list("review", "name").first() for rows in (before, after))

    def _readable(self):
        rows = Review.objects.filter(cycle=self.cycle).order_by()
        return rows.allowing(self.scope.visitor, "reviews.read_review")

    def _by_name(self):
        """The people whose reviews are listed, with the id of each: names are read off their index."""
        listed = self._readable().filter(CONDITIONS[self.shown], subject=OuterRef("pk"))
        people = self.scope.people().filter(Exists(listed)).order_by("name", "pk")
        return people.annotate(review=Subquery(listed.values("pk")[:1]))


def list_around(request: Request, review: Review) -> ReviewList | None:
    """Return the list from which a review was opened, as its address says, or None."""
    try:
        scope = named_scope(request)
    except Http404:  # of a manager whom the reader does not know: the review itself they may
        return None
    if scope is None or scope.is_overview:
        return None
    return ReviewList(scope, review.cycle, shown_in(request))


def shown_in(request: Request) -> str:
    """Return which reviews the address asks for."""
    shown = request.GET.get("show", ALL)
    return shown if shown in SHOWN else ALL


def cycles_of(scope: Scope):
    """Return the cycles in which somebody in the scope is reviewed, the last opened first. One query."""
    cycles = Cycle.objects.filter(opening__isnull=False).select_related("opening", "closing", "tally")
    reviews = Review.objects.filter(cycle=OuterRef("pk")).order_by()
    if scope.kind != EVERYONE:
        reviews = reviews.filter(subject__in=scope.people().values("pk"))
    return list(cycles.filter(Exists(reviews)).order_by("-opening__at", "-pk")[:CYCLES_OFFERED])


def chosen(cycles: list[Cycle], key: str | None) -> Cycle | None:
    """Return the cycle that the address names, or else the first."""
    return next((cycle for cycle in cycles if str(cycle.pk) == key), cycles[0] if cycles else None)
