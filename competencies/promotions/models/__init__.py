"""The models of promotions."""

from __future__ import annotations

from .ballot import Ballot, Casting
from .case import PromotionCase, Proposal, Sharing, Withdrawal
from .case_text import Claim, Exhibit, Statement, Story
from .committee import Committee, Seat
from .decision import Appeal, Decision, Release
from .decision_draft import DecisionDraft
from .endorsement import (
    Endorsement,
    EndorsementLetter,
    EndorsementRecall,
    EndorsementRefusal,
    EndorsementRequest,
)
from .hearing import Count, Hearing, Remark, Unmasking
from .member import Member, Recusal
from .outcome import Outcome
from .policy import Policy

__all__ = [
    "Appeal",
    "Ballot",
    "Casting",
    "Claim",
    "Committee",
    "Count",
    "Decision",
    "DecisionDraft",
    "Endorsement",
    "EndorsementLetter",
    "EndorsementRecall",
    "EndorsementRefusal",
    "EndorsementRequest",
    "Exhibit",
    "Hearing",
    "Member",
    "Outcome",
    "Policy",
    "PromotionCase",
    "Proposal",
    "Recusal",
    "Release",
    "Remark",
    "Seat",
    "Sharing",
    "Statement",
    "Story",
    "Unmasking",
    "Withdrawal",
]
