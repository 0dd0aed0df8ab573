"""Nothing final is one click: what cannot be undone stands on a page that says first what it closes."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.urls import get_resolver

from tests.access.table import ROUTES

ROOT = Path(__file__).parents[2]
ROOMS = ("promotions", "endorsements", "committees", "packets", "reviews", "people", "personal_data")


@dataclass(frozen=True)
class Final:
    """A step that nobody takes back: the page on which it is taken, and where that says what it closes."""

    page: str
    file: str
    says: str


PAGES, TEMPLATES = "ladder/pages", "templates"
FINAL = {
    "proposal": Final("proposal", f"{TEMPLATES}/promotions/proposal.html", "nobody can change the text"),
    "withdrawal": Final("withdrawal", f"{PAGES}/promotions/withdrawals.py", "You can’t undo this"),
    "case_sharing": Final(
        "case_sharing", f"{PAGES}/promotions/sharings.py", "will know of the case from now on"
    ),
    "claim_removal": Final("claim_removal", f"{PAGES}/promotions/claims.py", "You can’t undo this"),
    "story_removal": Final("story_removal", f"{PAGES}/promotions/stories.py", "You can’t undo this"),
    "endorsement_recall": Final(
        "endorsement_recall", f"{PAGES}/endorsements/asking.py", "You can’t undo this"
    ),
    "endorsement": Final("endorsement", f"{TEMPLATES}/endorsements/endorsement.html", "nobody can change it"),
    "endorsement_refusal": Final(
        "endorsement", f"{TEMPLATES}/endorsements/endorsement.html", "The link no longer works after that."
    ),
    "convening": Final("convening", f"{TEMPLATES}/committees/convening.html", "You can’t undo this"),
    "members": Final("members", f"{TEMPLATES}/committees/_places.html", "You can’t remove"),
    "casting": Final("casting", f"{TEMPLATES}/committees/casting.html", "nobody can change it"),
    "recusal": Final("recusal", f"{PAGES}/committees/members.py", "reads what you have written so far"),
    "excusal": Final("excusal", f"{PAGES}/committees/members.py", "They can no longer vote on this case"),
    "unmasking": Final("unmasking", f"{PAGES}/committees/unmasking.py", "you can’t undo this"),
    "remarks": Final("hearing", f"{PAGES}/committees/forms.py", "You can’t change it afterwards"),
    "decision_recording": Final(
        "decision_recording", f"{TEMPLATES}/committees/recording.html", "nobody can change it, not even you"
    ),
    "release_new": Final("release_new", f"{TEMPLATES}/committees/release_new.html", "Nobody can undo this"),
    "appeal": Final("appeal", f"{TEMPLATES}/committees/appeal.html", "nobody can change it"),
    "packet_freeze": Final("packet_preview", f"{TEMPLATES}/packets/preview.html", "the packet can’t"),
    "submission": Final("submission", f"{TEMPLATES}/reviews/handing_in.html", "you can’t change it"),
    "opening": Final("cycle", f"{TEMPLATES}/reviews/cycle_plan.html", "You can’t undo this"),
    "erasure": Final("erasure", f"{TEMPLATES}/personal_data/erasure.html", "No one can restore it, not even"),
    "closing": Final("closing", f"{TEMPLATES}/reviews/closing.html", "You can’t reopen a closed cycle"),
}

# What can be done the other way round, or again, or changes nothing that others rely on: how.
NOT_FINAL = {
    "case_new": "the case is withdrawn",
    "case_framing": "it is edited again",
    "case_sharing_removal": "it is shared again",
    "statement": "it is edited again",
    "claims": "the claim is removed",
    "claim": "it is edited again",
    "stories": "the story is removed",
    "story": "it is edited again",
    "story_position": "it is moved back",
    "case_evidence": "it is chosen again",
    "promotion_policy": "it is changed again",
    "endorsements": "the request is withdrawn",
    "endorsement_reminder": "a letter more, once a week at most",
    "committee_new": "a committee without members does nothing",
    "committee_name": "it is renamed again",
    "seats": "the member is removed",
    "seat_chair": "another member is made chair",
    "seat_removal": "the member is added again",
    "ballot": "a draft until it is cast",
    "hearing_decision": "a draft until it is recorded",
    "packet_typesetting": "the same document again",
    "cycle_new": "it is a plan until it is opened",
    "cycle_edit": "it is edited again",
    "yardstick": "it is changed again, until someone begins",
    "hand_over": "it is handed back",
    "rating": "a draft until it is submitted",
    "support": "a draft until it is submitted",
    "reopening": "it is submitted again",
    "person_new": "they are offboarded",
    "person_description": "it is edited again",
    "person_pronouns": "it is edited again",
    "person_line": "it is taken back",
    "person_placement": "it is taken back",
    "person_leaving": "it is called off, or they return",
    "person_return": "they are offboarded again",
    "person_roles": "the role is revoked",
    "record_exports": "a copy more",
    "record_holds": "the hold is lifted",
    "hold_lifting": "the record is held again",
    "grant_revocation": "the role is granted again",
    "line_withdrawal": "the change is planned again",
    "placement_withdrawal": "the change is planned again",
}

# Each signs for themselves alone, below all that they sign for, and the page says what it means.
BELOW_WHAT_IT_CLOSES = {"discussion", "signoff"}


def posted():
    """Return the names of the addresses of these rooms that take a POST."""
    rooms = tuple(f"ladder.pages.{room}." for room in ROOMS)
    found = set()
    for pattern in _patterns(get_resolver().url_patterns):
        if pattern.callback.__module__.startswith(rooms) and "POST" in ROUTES.get(pattern.name, ()):
            found.add(pattern.name)
    return found


def _patterns(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


def test_of_every_step_it_is_said_whether_it_can_be_undone():
    assert posted() == FINAL.keys() | NOT_FINAL.keys() | BELOW_WHAT_IT_CLOSES


@pytest.mark.parametrize("step", sorted(FINAL))
def test_what_is_final_has_a_page_that_says_what_it_closes(step):
    final = FINAL[step]
    text = " ".join((ROOT / final.file).read_text(encoding="utf-8").split())

    assert "GET" in ROUTES[final.page]
    assert final.says in text.replace('" "', "")
