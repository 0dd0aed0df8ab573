"""Opening a cycle: a review for each person who takes part, pinned to what holds that day.

Everybody is read on the edition of the framework they are placed on, and on no other: what is called the
same in two frameworks is not the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from competencies.core.clock import today
from competencies.core.permissions import locked
from competencies.core.refusals import NotNow
from competencies.framework.models import Edition, Framework, Level, Track
from competencies.people.models import Person, Placement, ReportingLine
from competencies.trail.models import record, record_each

from .models import Assessment, Cycle, Opening, Review, Tally


@dataclass
class Outcome:
    """What opening would do or did: the reviews, and who is left out with the reason in words."""

    reviews: list[Review] = field(default_factory=list)
    left_out: list[tuple[Person, str]] = field(default_factory=list)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """The reasons and how many are left out for each, the most frequent first: `[(reason, number)]`."""
        return Counter(reason for _person, reason in self.left_out).most_common()


@transaction.atomic
def open_cycle(cycle: Cycle, *, by: Person) -> Outcome:
    """Open `cycle`: make its reviews with two empty assessments each, and return the `Outcome`.

    Refuses with `NotNow` when nobody would be reviewed, and when one of its editions was retired since the
    cycle was prepared. A second opening is `Denied`.
    """
    cycle = locked(by, "reviews.open_cycle", cycle)
    editions = Edition.objects.filter(cycles=cycle).with_standing()
    if retired := [edition for edition in editions if edition.state != "published"]:
        raise NotNow(_retired(editions, retired[0]))
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


def plan(cycle: Cycle) -> Outcome:
    """Return the `Outcome` that opening `cycle` today would have, with nothing saved."""
    people = get_user_model().objects.active()
    if not cycle.everyone:
        people = people.filter(pk__in=cycle.people.values("pk"))
    lines = ReportingLine.objects.current().select_related("manager")
    placements = Placement.objects.current().select_related("track", "level__edition__framework")
    managers = {line.person_id: line.manager for line in lines}
    placed = {placement.person_id: placement for placement in placements}
    editions = {edition.framework_id: edition for edition in cycle.editions.select_related("framework")}
    within = Q(edition__in=editions.values())
    levels = {row.lineage: row for row in Level.objects.filter(within).select_related("edition__framework")}
    tracks = {row.lineage: row for row in Track.objects.filter(within).select_related("edition__framework")}

    outcome = Outcome()
    for person in people:
        placement, manager = placed.get(person.pk), managers.get(person.pk)
        framework = placement.level.edition.framework if placement else None
        level = levels.get((framework.pk, placement.level.key)) if placement and framework else None
        track = tracks.get((framework.pk, placement.track.key)) if placement and framework else None
        edition = editions.get(framework.pk) if framework else None
        reason = _reason_to_leave_out(framework, manager, edition, track if level else None)
        if reason or manager is None or level is None or track is None:
            outcome.left_out.append((person, reason))
        else:
            outcome.reviews.append(
                Review(
                    cycle=cycle, subject=person, manager=manager, track=track, level=level, held_level=level
                )
            )
    return outcome


def _reason_to_leave_out(
    framework: Framework | None, manager: Person | None, edition: Edition | None, found: Track | None
) -> str:
    """Return why somebody takes no part, empty when they do. `framework` None: they have no placement."""
    if framework is None:
        return _("no level on %(day)s") % {"day": today()}
    if manager is None:
        return _("no manager on %(day)s") % {"day": today()}
    if not manager.is_active:
        return _("their manager has left")
    if edition is None:
        return _("their framework, %(framework)s, is not part of this cycle") % {"framework": framework}
    if not found:
        return _("their level or track is not in %(edition)s") % {"edition": edition}
    return ""


def _retired(editions: Collection[Edition], edition: Edition) -> str:
    if len(editions) == 1:
        return _("The edition of this cycle has been retired. Choose another.")
    return _("%(edition)s has been retired. Choose another.") % {"edition": edition}
