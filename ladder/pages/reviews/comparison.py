"""A comparison as its page shows it: the pictures, and the figures behind them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.framework.models import Area
from competencies.reviews.comparing import Row
from ladder.charts import Series, bars, radar, spread

MOST_APART = 3


def lay_side_by_side(comparison):
    """Return the context of the comparison page for a `Comparison`."""
    points = [
        point for point in comparison.review.level.edition.scale.points.all() if point.value is not None
    ]
    return {
        "comparison": comparison,
        "areas": _by_area(comparison.rows),
        "apart": comparison.apart[:MOST_APART],
        "agreed": sum(1 for row in comparison.rows if row.gap == 0),
        "compared": sum(1 for row in comparison.rows if row.gap is not None),
        "below": _below_the_bar(comparison),
        "recent": [row for row in comparison.rows if row.spread.all_recent],
        "bare": [row for row in comparison.rows if not row.evidence],
        **_pictures(comparison, points),
    }


def _by_area(rows):
    grouped: dict[Area, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.competency.area, []).append(row)
    return list(grouped.items())


def _below_the_bar(comparison):
    """Return the rows that the manager rates below the bar of the scale."""
    bar = comparison.review.level.edition.scale.bar
    return [
        row
        for row in comparison.rows
        if (value := _value(row.manager_rating)) is not None and value < (bar or 0)
    ]


def _pictures(comparison, points):
    axes = [row.competency.title for row in comparison.rows]
    rings = [point.label for point in points]
    name = comparison.review.subject.name
    series = _series(comparison)
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
            title=_("Pieces of evidence in each month"),
            description=", ".join(f"{row['month']}: {row['count']}" for row in months),
        ),
        "months": comparison.months,
    }


def _series(comparison):
    """Return the series to draw: the target, the cycle before where there was one, self and manager."""
    rows, bar = comparison.rows, comparison.review.level.edition.scale.bar
    series = [Series(_("Expected"), [bar for _row in rows], "target")]
    if comparison.earlier:
        earlier = [_value(row.earlier_manager) for row in rows]
        series.append(Series(_("Manager before"), earlier, "previous"))
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
