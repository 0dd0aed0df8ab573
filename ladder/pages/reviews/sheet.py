"""An assessment laid out for its page: each competency with its yardstick, its answer, its evidence."""

from dataclasses import dataclass, field

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.core.prepared import prepared
from competencies.core.refusals import Refusal
from competencies.evidence.models import Evidence, Tag
from competencies.framework.models import Area, Competency
from competencies.people.models import Person
from competencies.reviews.comparing import Spread
from competencies.reviews.models import Assessment, Rating

from .forms import PieceForm
from .panels import Panels, shown_piece

OTHERS_SHOWN = 30
LEFT_NAMED = 3


@dataclass
class Row:
    """One competency of the sheet.

    `typed` is what was sent and not kept, with the `refusal` that says why; `telling` the form for one more
    piece of evidence, while it is open. The rest of the evidence is shown when it is asked for: drawn for
    every competency it would weigh more than the page.
    """

    competency: Competency
    panels: Panels
    rating: Rating | None
    tagged: list
    others: list
    typed: dict = field(default_factory=dict)
    refusal: Refusal | None = None
    telling: PieceForm | None = None
    rest_shown: bool = False

    @cached_property
    def kept(self):
        """The answer as it is kept: point id, comment, ids of the evidence, version."""
        if self.rating is None:
            return {"point": None, "comment": "", "evidence": set(), "version": 0}
        return {
            "point": self.rating.point_id,
            "comment": self.rating.comment,
            "evidence": {support.evidence_id for support in self.rating.supports.all()},
            "version": self.rating.version,
        }

    @property
    def shown(self):
        """The answer as the form shows it: what was typed goes before what is kept."""
        return {**self.kept, **self.typed}

    @property
    def panel(self):
        """What the level of the review asks, as HTML."""
        return self.panels.asked[self.competency.pk]

    @property
    def scale(self):
        """What one answers on, as HTML, with the point that is chosen."""
        scales = self.panels.scales
        return scales.get(self.shown["point"], scales[None])

    @property
    def mark(self):
        """How saving stands, `(state, words)`."""
        if self.refusal:
            return "failed", _("Not saved")
        if self.typed:
            return "unsaved", _("Not saved yet")
        return ("saved", _("Saved")) if self.kept["version"] else ("idle", "")

    @property
    def chosen(self):
        """The pieces of evidence that the kept answer rests on."""
        return [piece for piece in (*self.tagged, *self.others) if piece.pk in self.kept["evidence"]]

    @property
    def chosen_shown(self):
        """How these are shown to whoever only reads."""
        return [shown_piece(piece) for piece in self.chosen]

    @property
    def choices(self):
        """The pieces tagged with this competency and all that are ticked: `[(piece, ticked), …]`."""
        ticked = self.shown["evidence"]
        untagged = [piece for piece in self.others if piece.pk in ticked]
        return [(piece, piece.pk in ticked) for piece in (*self.tagged, *untagged)]

    @cached_property
    def rest(self):
        """The latest of the pieces that are neither tagged with this competency nor ticked."""
        ticked = self.shown["evidence"]
        return [piece for piece in self.others if piece.pk not in ticked][:OTHERS_SHOWN]

    @property
    def spread(self):
        return Spread.of(self.chosen)

    @property
    def resting(self):
        return resting(self.spread)


@dataclass
class Sheet:
    """All competencies of one assessment, in the order of the ladder."""

    assessment: Assessment
    panels: Panels
    rows: list

    @cached_property
    def points(self):
        return list(self.assessment.review.level.edition.scale.points.all())

    @property
    def comment_label(self):
        """What the author is asked to write beside a rating."""
        of_self = self.assessment.kind == Assessment.Kind.SELF
        return _("What you did") if of_self else _("Your observations")

    @property
    def areas(self):
        """The rows by area: `[(area, rows), …]`."""
        grouped: dict[Area, list[Row]] = {}
        for row in self.rows:
            grouped.setdefault(row.competency.area, []).append(row)
        return list(grouped.items())

    @property
    def left(self):
        """The competencies that have no answer yet."""
        return [row.competency for row in self.rows if row.kept["point"] is None]

    @property
    def progress(self):
        return progress(len(self.rows), self.left)

    def row(self, competency):
        return next(row for row in self.rows if row.competency.pk == competency.pk)


def lay_out(assessment, *, reader):
    """Return the `Sheet` of `assessment` with the evidence that `reader` may see. Five queries."""
    review = assessment.review
    ratings = {rating.competency_id: rating for rating in _ratings(assessment.pk)}
    tagged: dict[int, set[tuple[int, str]]] = {}
    for piece, *lineage in _tags(review.subject_id):
        tagged.setdefault(piece, set()).add(tuple(lineage))
    pieces = [(piece, tagged.get(piece.pk, set())) for piece in _evidence(review.subject_id, reader)]
    panels = Panels(review)
    rows = [
        Row(
            competency,
            panels,
            ratings.get(competency.pk),
            [piece for piece, keys in pieces if competency.lineage in keys],
            [piece for piece, keys in pieces if competency.lineage not in keys],
        )
        for competency in _competencies(review.level.edition_id)
    ]
    return Sheet(assessment, panels, rows)


def progress(total, left):
    """Return what the progress line shows, from the number of competencies and those not rated yet."""
    return {
        "total": total,
        "done": total - len(left),
        "left": left,
        "first": left[:LEFT_NAMED],
        "more": len(left[LEFT_NAMED:]),
    }


def resting(spread):
    """Say on how much evidence an answer is based, and over how long."""
    if not spread.count:
        return _("No evidence yet")
    if not spread.all_recent:
        return counted(spread)
    return f"{counted(spread)} · {_('all from the last eight weeks: is there anything earlier?')}"


def counted(spread):
    """Say how many pieces of evidence there are, and from how many months."""
    pieces = ngettext("%(counter)s piece of evidence", "%(counter)s pieces of evidence", spread.count)
    pieces %= {"counter": spread.count}
    if spread.count > 1 and spread.months == 1:
        return _("%(pieces)s, all from one month") % {"pieces": pieces}
    months = ngettext("from %(counter)s month", "from %(counter)s months", spread.months)
    return f"{pieces} {months % {'counter': spread.months}}"


@prepared
def _ratings(assessment: int):
    return Rating.objects.filter(assessment=assessment).select_related("point").prefetch_related("supports")


@prepared
def _evidence(subject: int, reader: Person):
    """Return the evidence of somebody's work (their id) that `reader` may see, latest first."""
    return Evidence.objects.allowing(reader, "evidence.read_evidence").filter(person=subject)


@prepared
def _tags(subject: int):
    """Return what the pieces of somebody (their id) speak for: `[(piece, framework, key)]`, by id and key."""
    tags = Tag.objects.filter(evidence__person=subject).order_by()
    return tags.values_list("evidence", "competency__edition__framework", "competency__key")


@prepared
def _competencies(edition: int):
    return Competency.objects.filter(edition=edition).select_related("area", "edition")
