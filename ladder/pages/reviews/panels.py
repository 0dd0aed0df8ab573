"""What levels ask, drawn once for all readers: a published edition never changes, so neither does this."""

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.translation import get_language

from competencies.reviews.yardstick import yardsticks

KEPT_FOR = 60 * 60 * 24


def panels(review):
    """Return what stands beside each rating of `review`: `{competency id: HTML}`.

    The same for everybody on that track, yardstick and level held. Six queries the first time.
    """
    held = (review.level.edition.digest, review.track_id, review.level_id, review.held_level_id)
    key = ":".join(map(str, ("yardsticks", *held, get_language())))
    return caches["process"].get_or_set(key, lambda: _draw(review), KEPT_FOR)


def scales(edition):
    """Return the scale of a published edition to answer on: `{id of the point chosen, or None: HTML}`.

    Drawn once for each answer there is: an assessment shows it fifteen times. Two queries the first time.
    """
    key = f"scales:{edition.digest}:{get_language()}"
    return caches["process"].get_or_set(key, lambda: _draw_scales(edition), KEPT_FOR)


def _draw_scales(edition):
    points = list(edition.scale.points.all())
    return {
        chosen: render_to_string("reviews/_scale_points.html", {"points": points, "chosen": chosen})
        for chosen in (None, *(point.pk for point in points))
    }


def _draw(review):
    return {
        yardstick.competency.pk: render_to_string(
            "reviews/_yardstick.html", {"yardstick": yardstick, "review": review}
        )
        for yardstick in yardsticks(review)
    }
