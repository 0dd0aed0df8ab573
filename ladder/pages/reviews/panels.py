"""What is the same for all who assess is drawn once, since a published edition never changes."""

from dataclasses import dataclass
from functools import partial

from django.db.models import Min
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from competencies.evidence.models import Evidence
from competencies.framework.models import Competency
from competencies.reviews.models import Cycle, Review
from competencies.reviews.yardstick import yardsticks
from ladder.ops.warming_up import made_ahead
from ladder.web.drawn_once import Drawn, kept, place

OF_ANSWER = (
    "state", "scale", "comment_label", "comment", "version", "refused", "resting", "untagged", "choices",
    "rest", "csrf_token", "telling", "mark", "marked",
)  # fmt: skip
MOST = 12  # kinds of review whose panels are drawn before somebody asks for them


@dataclass
class Panels:
    """The fixed parts of the pages of one review, each drawn when it is first asked for."""

    review: Review

    @cached_property
    def asked(self) -> dict[int, SafeString]:
        """What stands beside each rating: `{competency id: HTML}`. Six queries the first time.

        The same for everybody on that track, yardstick and level held.
        """
        return kept("asked", *self._of_yardstick, draw=lambda: _asked(self.review))

    @cached_property
    def articles(self) -> dict[int, dict[str, Drawn]]:
        """The article of each competency, and its two parts that open: `{competency id: {name: Drawn}}`."""
        return kept("articles", *self._of_yardstick, draw=lambda: _articles(self.review, self.asked))

    def article_again(self, competency: Competency) -> Drawn:
        """The article of one competency where it replaces what stood there: it takes the focus."""
        return _article(self.review, competency, self.asked[competency.pk], again=True)

    @cached_property
    def untagged(self) -> SafeString:
        """The hint where no evidence is tagged with a competency."""
        return kept("untagged", draw=lambda: render_to_string("reviews/_untagged.html"))

    @cached_property
    def contents(self) -> Drawn:
        """The list of competencies, with places `words_…` and `rating_…` for the answer to each."""
        return kept("contents", *self._of_edition, draw=lambda: _contents(self.review.level.edition))

    @cached_property
    def scales(self) -> dict[int | None, SafeString]:
        """What one answers on: `{id of the point chosen, or None: HTML}`. Two queries the first time."""
        return kept("scales", *self._of_edition, draw=lambda: _scales(self.review.level.edition))

    @cached_property
    def anchors(self) -> SafeString:
        """What each step of the scale means: once a page. Two queries the first time."""
        return kept("anchors", *self._of_edition, draw=lambda: _anchors(self.review.level.edition))

    @cached_property
    def ratings(self) -> dict[int | None, tuple[str, SafeString]]:
        """How an answer is shown: `{id of the point, or None: (its words, HTML)}`."""
        return kept("ratings", *self._of_edition, draw=lambda: _ratings(self.review.level.edition))

    @property
    def _of_edition(self):
        edition = self.review.level.edition
        return edition.pk, edition.digest

    @property
    def _of_yardstick(self):
        review = self.review
        return *self._of_edition, review.track_id, review.level_id, review.held_level_id


@made_ahead
def panels():
    """Give what draws the panels of the reviews under way: of one for all that are read alike."""
    alike = Review.objects.filter(cycle__in=Cycle.objects.open()).order_by()
    ones = alike.values("track", "level", "held_level").annotate(one=Min("pk")).values("one")
    for review in Review.objects.filter(pk__in=ones).select_related("level__edition")[:MOST]:
        yield partial(_draw_all, Panels(review))


def _draw_all(panels):
    for name, part in vars(Panels).items():
        if isinstance(part, cached_property):
            getattr(panels, name)


def _asked(review):
    return {
        yardstick.competency.pk: render_to_string(
            "reviews/_yardstick.html", {"yardstick": yardstick, "review": review}
        )
        for yardstick in yardsticks(review)
    }


def _articles(review, asked):
    rows = review.level.edition.competency_set.all()
    return {
        competency.pk: {
            "article": _article(review, competency, asked[competency.pk]),
            **_parts(competency),
        }
        for competency in rows
    }


def _article(review, competency, panel, *, again=False):
    context = {
        "competency": competency,
        "level": review.level,
        "panel": panel,
        "address": _address("rating", competency),
        "again": again,
        **{name: place(name) for name in OF_ANSWER},
    }
    return Drawn.by("reviews/_rating.html", context)


def _parts(competency):
    context = {"competency": competency}
    rest = {"address": _address("other_evidence", competency), "words": place("words")}
    telling = {"address": _address("support", competency), "form": None, "recorded": False}
    return {
        "rest": Drawn.by("reviews/_rest.html", context | rest),
        "telling": Drawn.by("reviews/_telling.html", context | telling),
    }


def _address(name, competency):
    """Return an address below that of an assessment, whose own is filled in."""
    whole, above = reverse(name, args=[0, competency.pk]), reverse("assessment", args=[0])
    return place("assessment") + whole.removeprefix(above)


def _contents(edition):
    areas: dict[str, list[tuple[Competency, str, str]]] = {}
    for competency in edition.competency_set.select_related("area"):
        places = (place(f"words_{competency.pk}"), place(f"rating_{competency.pk}"))
        areas.setdefault(competency.area, []).append((competency, *places))
    return Drawn.by("reviews/_contents.html", {"areas": areas.items()})


def _scales(edition):
    points = list(edition.scale.points.all())
    return {
        chosen: render_to_string("reviews/_scale_points.html", {"points": points, "chosen": chosen})
        for chosen in (None, *(point.pk for point in points))
    }


def _anchors(edition):
    return render_to_string("reviews/_anchors.html", {"points": edition.scale.points.all()})


def _ratings(edition):
    points = {None: None} | {point.pk: point for point in edition.scale.points.all()}
    return {pk: shown(point) for pk, point in points.items()}


def shown(point):
    """Return how a point, or None for no answer, is shown: `(its words, HTML)`."""
    of = (point.label, point.value) if point else ()
    words = point.label if point else _("Not rated")
    return words, kept("rating", *of, draw=lambda: render_to_string("parts/rating.html", {"point": point}))


def shown_piece(piece):
    """Return how a piece of evidence that a rating rests on is shown, as HTML."""
    places = {name: place(name) for name in ("address", "title", "day", "kind")}
    drawn = kept("piece", draw=lambda: Drawn.by("reviews/_shown_piece.html", places))
    return drawn.filled(**_of_piece(piece))


def choice(piece, *, ticked=False):
    """Return a piece of evidence to choose, as HTML."""
    context = {name: place(name) for name in ("pk", "address", "title", "day", "kind")} | {"checked": ticked}
    drawn = kept("choice", ticked, draw=lambda: Drawn.by("reviews/_piece.html", context))
    return drawn.filled(pk=piece.pk, **_of_piece(piece))


def _of_piece(piece):
    return {
        "address": piece.get_absolute_url(),
        "title": piece.title,
        "day": date_format(piece.happened_on, "j M Y"),
        "kind": Evidence.Kind(piece.kind).label,
    }
