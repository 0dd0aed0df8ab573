"""What a case lacks: what keeps it from being proposed, and what a committee will miss all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.reviews.comparing import Spread

from .models.policy import Policy
from .readiness import BELOW, readiness

if TYPE_CHECKING:
    from .models import Exhibit, PromotionCase
    from .readiness import Readiness


FEW_STORIES, CLAIMS = 3, 3


@dataclass(frozen=True)
class Gap:
    """One thing that is not there, in words, and where it is mended.

    `place` is the kind of a statement, `claims`, `stories`, `story` (the one with the id `row`),
    `evidence` or `endorsements`.
    """

    words: str
    place: str
    row: int | None = None


def blocking(case: PromotionCase) -> list[Gap]:
    """Return a `Gap` for each thing without which a case is not proposed, in the order of the packet."""
    policy = Policy.here()
    texts = _texts(case)
    gaps = [
        (texts.get("ask"), "ask", _("The summary does not say what is asked for.")),
        (case.claims.exists(), "claims", _("No claim names a competency and its result.")),
        (case.stories.exists(), "stories", _("There is no impact story.")),
        (case.exhibits.exists(), "evidence", _("No evidence is chosen.")),
        (
            texts.get("gaps"),
            "gaps",
            _("Gaps and risks are not written; a case without any is not believed."),
        ),
        (
            texts.get("need") or not policy.needs_seat(case.to_level),
            "need",
            _("%(level)s needs a seat: say why the business needs one.") % {"level": case.to_level},
        ),
        (texts.get("manager"), "manager", _("The manager's statement is empty.")),
        (_outside(case) >= policy.endorsements_needed, "endorsements", _too_few(policy.endorsements_needed)),
    ]
    return [Gap(words, place) for present, place, words in gaps if not present]


def advice(case: PromotionCase, rows: Sequence[Readiness] | None = None) -> list[Gap]:
    """Return a `Gap` for each thing that a committee will ask about; none of them keeps a case back.

    `rows` is the readiness of the case, where it was worked out already.
    """
    exhibits = list(
        case.exhibits.select_related("evidence").prefetch_related("evidence__competencies__edition")
    )
    shown = {row.lineage for exhibit in exhibits for row in exhibit.evidence.competencies.all()}
    return [
        *_of_claims(case, shown),
        *_of_stories(case),
        *_of_evidence(exhibits),
        *_of_texts(case, readiness(case) if rows is None else rows),
        *_of_endorsements(case),
    ]


def _texts(case: PromotionCase) -> dict[str, str]:
    return {row.kind: row.text.strip() for row in case.statements.all()}


def _outside(case: PromotionCase) -> int:
    return case.endorsement_requests.filter(endorsement__isnull=False, outside=True).count()


def _too_few(needed: int) -> str:
    return ngettext(
        "No endorsement from outside the team is in yet.",
        "Fewer than %(needed)d endorsements from outside the team are in.",
        needed,
    ) % {"needed": needed}


def _of_claims(case: PromotionCase, shown: Collection[tuple[int, str]]) -> Iterator[Gap]:
    claims = list(case.claims.select_related("competency__edition"))
    if 0 < len(claims) < CLAIMS:
        yield Gap(_("The summary has room for a further claim."), "claims")
    for claim in claims:
        if claim.competency.lineage not in shown:
            yield Gap(
                _("No evidence speaks for the claim about %(competency)s.")
                % {"competency": claim.competency},
                "evidence",
            )


def _of_stories(case: PromotionCase) -> Iterator[Gap]:
    stories = list(case.stories.prefetch_related("evidence"))
    if 0 < len(stories) < FEW_STORIES:
        yield Gap(_("Three to five stories carry a case."), "stories")
    for story in stories:
        told = [
            (any(letter.isdigit() for letter in story.result), _("“%(title)s” measures no result.")),
            (story.own_role.strip(), _("“%(title)s” does not tell the candidate’s part from the team’s.")),
            (story.evidence.all(), _("“%(title)s” rests on no evidence.")),
        ]
        for present, words in told:
            if not present:
                yield Gap(words % {"title": story.title}, "story", story.pk)


def _of_evidence(exhibits: Sequence[Exhibit]) -> Iterator[Gap]:
    if Spread.of([exhibit.evidence for exhibit in exhibits]).all_recent:
        yield Gap(_("All evidence is of the last eight weeks."), "evidence")


def _of_texts(case: PromotionCase, rows: Sequence[Readiness]) -> Iterator[Gap]:
    texts = _texts(case)
    if not texts.get("scope"):
        yield Gap(_("Nothing is said of scope and influence."), "scope")
    admitted = texts.get("gaps", "").casefold()
    unnamed = [
        row.competency.title
        for row in rows
        if row.status == BELOW and row.competency.title.casefold() not in admitted
    ]
    if unnamed:
        yield Gap(
            _("Below the bar, and not named in gaps and risks: %(competencies)s.")
            % {"competencies": ", ".join(unnamed)},
            "gaps",
        )


def _of_endorsements(case: PromotionCase) -> Iterator[Gap]:
    waiting = case.endorsement_requests.open().count()
    if waiting:
        yield Gap(
            ngettext(
                "%(n)d person who was asked has not answered.",
                "%(n)d people who were asked have not answered.",
                waiting,
            )
            % {"n": waiting},
            "endorsements",
        )
    if not Policy.here().endorsements_needed and not _outside(case):
        yield Gap(_("Nobody from outside the team endorses the case."), "endorsements")
