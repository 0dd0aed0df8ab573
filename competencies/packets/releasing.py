"""Releasing: decisions go out at one instant, and with each the copies that stay."""

from django.db import transaction

from competencies.promotions.models.decision import release as release_at_once

from .models import Packet

COPIES = (Packet.Variant.CANDIDATE, Packet.Variant.ARCHIVE)


@transaction.atomic
def release(decisions, *, by):
    """Release `decisions` at one instant, and freeze the candidate's copy and the archive's of each case.

    Returns the packets. All of them, or nothing: refuses as `Decision.publish` does.
    """
    release_at_once(decisions, by=by)
    return [
        Packet.freeze(decision.case, by=by, variant=variant, hearing=decision.hearing)
        for decision in decisions
        for variant in COPIES
    ]
