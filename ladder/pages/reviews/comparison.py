"""A comparison as its page shows it: the pictures, and the figures behind them."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.framework.models import Area
from ladder.charts import Series, bars, radar, spread
from ladder.web.drawn_once import kept

from .panels import shown, shown_piece
from .sheet import counted

MOST_APART = 3


class Line:
    """One row of a comparison with what is drawn of it: ratings, gap, change and evidence, as HTML.

    `words` names each side.
    """

    def __init__(self, row, words):
        self.row = row
        self.competency = row.competency
        self.address = row.competency.get_absolute_url()
        self.sides = [
            (side, words[side], rating, _rated(rating))
            for side, rating in (("self", row.self_rating), ("manager", row.manager_rating))
        ]
        self.earlier = [_rated(rating) for rating in (row.earlier_self, row.earlier_manager)]
        self.gap = kept("gap", row.gap, draw=lambda: _drawn("reviews/_gap.html", gap=row.gap))
        self.change = kept(
            "change", row.change, draw=lambda: _drawn("reviews/_change.html", change=row.change)
        )
        self.spread = row.spread
        self.counted = _counted(row.spread)
        self.evidence = [shown_piece(piece) for piece in row.evidence]


def _counted(spread):
    """Say how much evidence there is under a row, and over how long."""
    words = counted(spread)
    return f"{words} · {_('all from the last eight weeks')}" if spread.all_recent else words


def _rated(rating):
    return shown(rating.point if rating else None)[1]


def _drawn(template, **context):
    return render_to_string(template, context)


def lay_side_by_side(comparison):
    """Return the context of the comparison page for a `Comparison`."""
    edition = comparison.review.level.edition
    rings, bar = kept("rings", edition.pk, edition.digest, draw=lambda: _rings(edition.scale))
    lines = _lines(comparison)
    return {
        "comparison": comparison,
        "lines": lines,
        "areas": _by_area(lines),
        "apart": comparison.apart[:MOST_APART],
        "agreed": sum(1 for row in comparison.rows if row.gap == 0),
        "compared": sum(1 for row in comparison.rows if row.gap is not None),
        "below": _below_the_bar(comparison, bar),
        "recent": [row for row in comparison.rows if row.spread.all_recent],
        "bare": [row for row in comparison.rows if not row.evidence],
        **_pictures(comparison, rings, bar),
    }


def _lines(comparison):
    review = comparison.review
    words = {
        "self": _("Self: %(who)s") % {"who": review.subject.name},
        "manager": _("Manager: %(who)s") % {"who": review.manager.name},
    }
    return [Line(row, words) for row in comparison.rows]


def _by_area(lines):
    grouped: dict[Area, list[Line]] = {}
    for line in lines:
        grouped.setdefault(line.competency.area, []).append(line)
    return list(grouped.items())


def _rings(scale):
    """Return the labels of the points that have a value, the lowest first, and the bar."""
    return [point.label for point in scale.points.all() if point.value is not None], scale.bar


def _below_the_bar(comparison, bar):
    """Return the rows that the manager rates below the bar of the scale."""
    return [
        row
        for row in comparison.rows
        if (value := _value(row.manager_rating)) is not None and value < (bar or 0)
    ]


def _pictures(comparison, rings, bar):
    axes = [row.competency.title for row in comparison.rows]
    name = comparison.review.subject.name
    series = _series(comparison, bar)
    months = [{"month": f"{month:%Y-%m}", "count": count} for month, count in comparison.months]
    return {
        "radar": radar(
            axes,
            series,
            rings=rings,
            title=_("%(name)s: all competencies at a glance") % {"name": name},
            description=_in_words(comparison),
        ),
        "bars": bars(
            axes,
            series,
            rings=rings,
            title=_("%(name)s: self and manager for each competency") % {"name": name},
            description=_in_words(comparison),
        ),
        "spread": spread(
            months,
            title=_("Evidence by month"),
            description=", ".join(f"{row['month']}: {row['count']}" for row in months),
        ),
        "months": comparison.months,
    }


def _series(comparison, bar):
    """Return the series to draw: the target, the cycle before where there was one, self and manager."""
    rows = comparison.rows
    series = [Series(_("Expected"), [bar for _row in rows], "target")]
    if comparison.earlier:
        earlier = [_value(row.earlier_manager) for row in rows]
        series.append(Series(_("Manager, previous cycle"), earlier, "previous"))
    return [
        *series,
        Series(_("Self"), [_value(row.self_rating) for row in rows], "self"),
        Series(_("Manager"), [_value(row.manager_rating) for row in rows], "manager"),
    ]


def _value(rating):
    return rating.point.value if rating and rating.point else None


def _in_words(comparison):
    apart = len(comparison.apart)
    return ngettext(
        "Self and manager differ on %(count)d competency. The table has every value.",
        "Self and manager differ on %(count)d competencies. The table has every value.",
        apart,
    ) % {"count": apart}
