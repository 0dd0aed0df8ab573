"""What a case lacks: what keeps it from being proposed, and what a committee will miss all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competencies.reviews.comparing import Spread

from .contents import CaseContents
from .readiness import BELOW, MET, readiness

if TYPE_CHECKING:
    from .models import Claim, Exhibit, PromotionCase, Story
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


@dataclass(frozen=True)
class Weakness:
    """One competency at which a committee looks twice: where it stands, and what else is thin, in words."""

    readiness: Readiness
    words: list[str]


def blocking(case: PromotionCase, contents: CaseContents | None = None) -> list[Gap]:
    """Return a `Gap` for each thing without which a case is not proposed, in the order of the packet.

    `contents` is what is written in the case, where it was read already.
    """
    contents = contents or CaseContents.of(case)
    texts, policy = contents.texts, contents.policy
    enough = contents.endorsed_from_outside >= policy.endorsements_needed
    gaps = [
        (texts.get("ask"), "ask", _("The summary does not say what you’re asking for.")),
        (contents.claims, "claims", _("No claim names a competency and its result.")),
        (contents.stories, "stories", _("There is no impact story.")),
        (contents.exhibits, "evidence", _("No evidence is chosen.")),
        (
            texts.get("gaps"),
            "gaps",
            _("Gaps and risks are empty. A case without any isn’t credible."),
        ),
        (
            texts.get("need") or not policy.needs_seat(case.to_level),
            "need",
            _("%(level)s needs a business case: say why the business needs someone at this level.")
            % {"level": case.to_level},
        ),
        (texts.get("manager"), "manager", _("The manager’s statement is empty.")),
        (enough, "endorsements", _too_few(policy.endorsements_needed)),
    ]
    return [Gap(words, place) for present, place, words in gaps if not present]


def advice(
    case: PromotionCase,
    rows: Sequence[Readiness] | None = None,
    contents: CaseContents | None = None,
) -> list[Gap]:
    """Return a `Gap` for each thing that a committee will ask about; none of them keeps a case back.

    `rows` is the readiness of the case and `contents` what is written in it, where they were read already.
    """
    contents = contents or CaseContents.of(case)
    rows = readiness(case, contents.exhibits) if rows is None else rows
    shown = {row.lineage for exhibit in contents.exhibits for row in exhibit.evidence.competencies.all()}
    return [
        *_of_claims(contents.claims, shown),
        *_of_stories(contents.stories),
        *_of_evidence(contents.exhibits),
        *_of_texts(contents.texts, rows),
        *_of_endorsements(contents),
    ]


def weaknesses(rows: Sequence[Readiness], contents: CaseContents) -> list[Weakness]:
    """Return a `Weakness` for each competency that is not met, or shown by thin evidence or by no story.

    `rows` is the readiness of a case and `contents` what is written in it. In the order of the ladder.
    """
    told = {row.lineage for story in contents.stories for row in story.competencies.all()}
    found = [Weakness(row, list(_thin(row, told))) for row in rows]
    return [weakness for weakness in found if weakness.words or weakness.readiness.status != MET]


def _thin(row: Readiness, told: Collection[tuple[int, str]]) -> Iterator[str]:
    spread = row.spread
    if not spread.count:
        yield _("No evidence")
    elif spread.count == 1:
        yield _("Only one piece of evidence")
    elif spread.months == 1:
        yield _("All evidence is from one month")
    elif spread.all_recent:
        yield _("All evidence is from the last eight weeks")
    if row.competency.lineage not in told:
        yield _("No impact story shows it")


def _too_few(needed: int) -> str:
    return ngettext(
        "There is no endorsement from outside the team yet.",
        "There are fewer than %(needed)d endorsements from outside the team.",
        needed,
    ) % {"needed": needed}


def _of_claims(claims: Sequence[Claim], shown: Collection[tuple[int, str]]) -> Iterator[Gap]:
    if 0 < len(claims) < CLAIMS:
        yield Gap(_("The summary has room for another claim."), "claims")
    for claim in claims:
        if claim.competency.lineage not in shown:
            yield Gap(
                _("No evidence supports the claim about %(competency)s.") % {"competency": claim.competency},
                "evidence",
            )


def _of_stories(stories: Sequence[Story]) -> Iterator[Gap]:
    if 0 < len(stories) < FEW_STORIES:
        yield Gap(_("A strong case has three to five stories."), "stories")
    for story in stories:
        parts = [
            (any(letter.isdigit() for letter in story.result), _("“%(title)s” does not measure a result.")),
            (
                story.own_role.strip(),
                _("“%(title)s” does not separate the candidate’s part from the team’s."),
            ),
            (story.evidence.all(), _("“%(title)s” has no evidence.")),
        ]
        for present, words in parts:
            if not present:
                yield Gap(words % {"title": story.title}, "story", story.pk)


def _of_evidence(exhibits: Sequence[Exhibit]) -> Iterator[Gap]:
    spread = Spread.of([exhibit.evidence for exhibit in exhibits])
    if spread.all_recent:
        yield Gap(_("All evidence is from the last eight weeks."), "evidence")
    elif spread.months == 1:
        yield Gap(_("All evidence is from one month."), "evidence")


def _of_texts(texts: Mapping[str, str], rows: Sequence[Readiness]) -> Iterator[Gap]:
    if not texts.get("scope"):
        yield Gap(_("Scope and influence are empty."), "scope")
    admitted = texts.get("gaps", "").casefold()
    unnamed = [
        row.competency.title
        for row in rows
        if row.status == BELOW and row.competency.title.casefold() not in admitted
    ]
    if unnamed:
        yield Gap(
            _("Below expectations, but not named in gaps and risks: %(competencies)s.")
            % {"competencies": ", ".join(unnamed)},
            "gaps",
        )


def _of_endorsements(contents: CaseContents) -> Iterator[Gap]:
    waiting = contents.unanswered
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
    if not contents.policy.endorsements_needed and not contents.endorsed_from_outside:
        yield Gap(_("Nobody from outside the team endorses the case."), "endorsements")
