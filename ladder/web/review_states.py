"""The state of a review as its chip names it, the same on every page."""

from competencies.reviews.models import Review


def chip_of(review: Review) -> str:
    """Return the state by which a review is coloured. Drafts change nothing. Needs `with_state()`."""
    if review.state in ("signed", "discussed"):
        return review.state
    if review.is_revealed:
        return "revealed" if review.self_in and review.manager_in else "reopened"
    if review.cycle.state == "closed":
        return "closed"
    return "waiting" if review.state == "half" else "open"
