"""Opening a cycle: a review for each person who takes part, pinned to what holds that day."""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from competencies.access.clock import today
from competencies.access.refusal import NotNow
from competencies.access.rules import locked
from competencies.framework.models import Level, Track
from competencies.people.models import Placement, ReportingLine
from competencies.trail.models import record, record_each

from .models import Assessment, Opening, Review, Tally


@dataclass
class Outcome:
    """What opening would do or did: the reviews, and who is left out with the reason in words."""

    reviews: list = field(default_factory=list)
    left_out: list = field(default_factory=list)


@transaction.atomic
def open_cycle(cycle, *, by):
    """Open `cycle`: make its reviews with two empty assessments each, and return the `Outcome`.

    Refuses with `NotNow` when nobody would be reviewed, and when the edition was retired since the
    cycle was prepared. A second opening is `Denied`.
    """
    cycle = locked(by, "reviews.open_cycle", cycle)
    if cycle.edition.state != "published":
        raise NotNow(_("The edition of this cycle is no longer in use: choose another."))
    outcome = plan(cycle)
    if not outcome.reviews:
        raise NotNow(_("Nobody would take part: each person needs a level and a manager."))

    Opening.objects.create(cycle=cycle, by=by)
    reviews = Review.objects.bulk_create(outcome.reviews)
    Assessment.objects.bulk_create(
        Assessment(review=review, kind=kind, author=author)
        for review in reviews
        for kind, author in (
            (Assessment.Kind.SELF, review.subject),
            (Assessment.Kind.MANAGER, review.manager),
        )
    )
    Tally.objects.create(cycle=cycle, reviews=len(reviews))
    record("cycle.opened", cycle, by=by, reviews=len(reviews))
    record_each("review.opened", [(review, review.subject, {}) for review in reviews], by=by)
    return outcome


def plan(cycle):
    """Return the `Outcome` that opening `cycle` today would have, with nothing saved."""
    people = get_user_model().objects.active()
    if not cycle.everyone:
        people = people.filter(pk__in=cycle.people.values("pk"))
    lines = ReportingLine.objects.current().select_related("manager")
    placements = Placement.objects.current().select_related("track", "level")
    managers = {line.person_id: line.manager for line in lines}
    placed = {placement.person_id: placement for placement in placements}
    levels = {level.key: level for level in Level.objects.filter(edition=cycle.edition_id)}
    tracks = {track.key: track for track in Track.objects.filter(edition=cycle.edition_id)}

    outcome = Outcome()
    for person in people:
        placement, manager = placed.get(person.pk), managers.get(person.pk)
        level = placement and levels.get(placement.level.key)
        track = placement and tracks.get(placement.track.key)
        if reason := _reason_to_leave_out(cycle, placement, manager, level, track):
            outcome.left_out.append((person, reason))
        else:
            outcome.reviews.append(
                Review(cycle=cycle, subject=person, manager=manager, track=track, level=level, standing=level)
            )
    return outcome


def _reason_to_leave_out(cycle, placement, manager, level, track):
    if placement is None:
        return _("no level on %(day)s") % {"day": today()}
    if manager is None:
        return _("no manager on %(day)s") % {"day": today()}
    if not manager.is_active:
        return _("the manager has left")
    if level is None or track is None:
        return _("their level or track is not in %(edition)s") % {"edition": cycle.edition}
    return ""
