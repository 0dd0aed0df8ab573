"""The copies of one packet, as they are frozen from one case."""

import copy

from competencies.packets.masking import Alias, masked

BEFORE_THE_HEARING = {"decision": None, "appeal": None}
KEPT_FROM_THE_CANDIDATE = {"rationale": "", "per_competency": [], "by": "", "quorum": None} | {
    "members": [],
    "recusals": [],
    "rounds": [],
}
KNOWN = [
    Alias(
        "candidate",
        names=("Łucja Markiewicz",),
        emails=("lucja.markiewicz@kestrel.example",),
        numbers=("K-12044",),
    )
]


def variant_of(whole, variant):
    """Return the copy of that `variant` of a packet of which the archive copy is given.

    A masked one is of today's format: what is masked today tells days alone.
    """
    content = copy.deepcopy(whole)
    content["packet"]["variant"] = "committee" if variant == "masked" else variant
    if variant in ("committee", "masked"):
        content |= BEFORE_THE_HEARING
    if variant == "candidate":
        content["decision"] |= KEPT_FROM_THE_CANDIDATE
        content["appeal"]["decision"] |= KEPT_FROM_THE_CANDIDATE
    return masked(content, known=KNOWN) | {"format": 3} if variant == "masked" else content


def shortened(content):
    """Return a packet with one of all that it has several of."""
    rows = {several: content[several][:1] for several in ("stories", "evidence", "bar", "matrix")}
    return content | rows | {"trajectory": None}
