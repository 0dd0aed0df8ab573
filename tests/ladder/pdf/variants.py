"""The copies of one packet, as they are frozen from one case."""

import copy

from competencies.packets.masking import Alias, masked, without_instants

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
LEVELS = ("Staff", "", "Senior", "Lead")  # of those who endorse, where it is known
NEWEST = 4


def of_today(whole):
    """Return a packet of the second format as it would be frozen today, whoever it is for."""
    content = copy.deepcopy(whole)
    content |= {"format": NEWEST, "provenance": without_instants(content)["provenance"]}
    content["packet"]["program"] = "0.2.0"
    for endorsement, level in zip(content["endorsements"], LEVELS, strict=True):
        endorsement["level"] = level
    return content


def variant_of(whole, variant):
    """Return the copy of that `variant`, as of today, of a packet of which the archive copy is given."""
    content = _shown_to(variant, of_today(whole))
    for endorsement in content["endorsements"] if variant == "candidate" else []:
        endorsement["level"] = ""
    return masked(content, known=KNOWN) if variant == "masked" else content


def earlier_variant_of(whole, variant, format):
    """Return the copy of that `variant` in a `format` before today's: 2 as it is given, or 3."""
    content = _shown_to(variant, copy.deepcopy(whole))
    if format == 2:
        return content
    content |= {"provenance": without_instants(content)["provenance"]}
    return (masked(content, known=KNOWN) if variant == "masked" else content) | {"format": format}


def _shown_to(variant, content):
    content["packet"]["variant"] = "committee" if variant == "masked" else variant
    if variant in ("committee", "masked"):
        content |= BEFORE_THE_HEARING
    if variant == "candidate":
        content["decision"] |= KEPT_FROM_THE_CANDIDATE
        content["appeal"]["decision"] |= KEPT_FROM_THE_CANDIDATE
    return content


def shortened(content):
    """Return a packet with one of all that it has several of."""
    rows = {several: content[several][:1] for several in ("stories", "evidence", "bar", "matrix")}
    return content | rows | {"trajectory": None}
