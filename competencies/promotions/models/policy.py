"""How promotions go here: what the company decided about its cases and committees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.core.permissions import locked
from competencies.core.querysets import Guarded
from competencies.core.refusals import NotNow
from competencies.framework.models import Edition, Level
from competencies.trail.models import record

if TYPE_CHECKING:
    from competencies.people.models import Person


class Policy(models.Model):
    """What holds for every promotion case. One row.

    `seats` lists the levels that need a seat, each as `framework/level` by keys, between commas: a case for
    one of them says why the business needs it.
    """

    class SecondBallot(models.TextChoices):
        NEVER = "never", _("Never")
        IF_SPLIT = "if-split", _("When the first was split")
        ALWAYS = "always", _("Always")

    MOST_ENDORSEMENTS, MOST_MEMBERS, LONGEST_APPEAL = 5, 15, 90
    FEWEST_MEMBERS = 2  # one alone is no committee

    together = models.BooleanField(_("manager and candidate may write together"), default=True)
    seats = models.TextField(_("levels that need a seat"), blank=True)
    endorsements_needed = models.PositiveSmallIntegerField(
        _("endorsements from outside the team"), default=1, validators=[MaxValueValidator(MOST_ENDORSEMENTS)]
    )
    quorum = models.PositiveSmallIntegerField(
        _("quorum"), default=3, validators=[MinValueValidator(2), MaxValueValidator(MOST_MEMBERS)]
    )
    second_ballot = models.CharField(
        _("second ballot"), max_length=20, choices=SecondBallot, default=SecondBallot.IF_SPLIT
    )
    appeal_days = models.PositiveSmallIntegerField(
        _("days to appeal"), default=14, validators=[MaxValueValidator(LONGEST_APPEAL)]
    )
    masked = models.BooleanField(_("masked"), default=False)

    objects = Guarded.as_manager()

    class Meta:
        verbose_name = _("policy of promotions")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="promotions_one_policy"),
            models.CheckConstraint(condition=Q(quorum__gte=2), name="promotions_quorum_of_two_or_more"),
        ]

    DECIDED = ("together", "seats", "endorsements_needed", "quorum", "second_ballot", "appeal_days", "masked")

    @classmethod
    def here(cls) -> Policy:
        """Return the policy, making one with the usual values on first use."""
        policy, _created = cls.objects.get_or_create(pk=1)
        return policy

    @property
    def levels_with_seat(self) -> list[str]:
        """Return the levels that need a seat, as `framework/level`."""
        return [name for name in self.seats.split(",") if name]

    def needs_seat(self, level: Level) -> bool:
        return seat_of(level) in self.levels_with_seat

    @transaction.atomic
    def change(self, *, by: Person, **fields: Any) -> Policy:
        """Decide any of `DECIDED` anew; `seats` is a list of levels as `framework/level`. Returns the policy.

        Refuses levels that no edition in force knows, and a quorum of one. What was decided for a framework
        without an edition in force stays. Drafts that are open to their candidates
        stay so when `together` ends: it holds for those that are opened from then on.
        """
        policy = locked(by, "promotions.govern_policy", self)
        if unknown := set(fields) - set(self.DECIDED):
            raise TypeError(f"not decided here: {sorted(unknown)}")
        if "seats" in fields:
            fields["seats"] = ",".join(self._seats(fields["seats"]))
        if fields.get("quorum", policy.quorum) < self.FEWEST_MEMBERS:
            raise NotNow(_now("The quorum must be at least two people."), field="quorum")
        changed = {name: value for name, value in fields.items() if getattr(policy, name) != value}
        for name, value in changed.items():
            setattr(policy, name, value)
        if changed:
            policy.save(update_fields=list(changed))
            record("policy.changed", policy, by=by, **changed)
        return policy

    def _seats(self, names: Sequence[str]) -> list[str]:
        """Return the seats `wanted`, each once, in the order of the ladders, and those that stay."""
        offered = levels_to_seat()
        known = [seat_of(level) for level in offered]
        asked = {level.edition.framework.key for level in offered}
        stay = [name for name in self.levels_with_seat if name.partition("/")[0] not in asked]
        if unknown := sorted(set(names) - set(known) - set(stay)):
            raise NotNow(
                _now("The framework has no such level: %(keys)s.") % {"keys": ", ".join(unknown)},
                field="seats",
            )
        return [*(name for name in known if name in names), *stay]


def levels_to_seat() -> list[Level]:
    """Return the levels of the editions in force, framework by framework. One query."""
    levels = Level.objects.filter(edition__in=Edition.objects.in_force().order_by().values("pk"))
    return list(
        levels.select_related("edition__framework").order_by(
            "edition__framework__title", "edition", "position"
        )
    )


def seat_of(level: Level) -> str:
    """Return what a level is called in the policy. Needs `edition__framework`."""
    return f"{level.edition.framework.key}/{level.key}"
