"""The models of people."""

from .credentials import Invitation, Token
from .former_names import FormerName
from .idempotency import IdempotencyKey
from .missing_assignments import Gap
from .organisation import Organisation, RoleGrant
from .person import Person
from .reporting import Placement, ReportingLine
from .reporting_closure import Chain
from .search_index import Word

__all__ = [
    "Chain",
    "FormerName",
    "Gap",
    "IdempotencyKey",
    "Invitation",
    "Organisation",
    "Person",
    "Placement",
    "ReportingLine",
    "RoleGrant",
    "Token",
    "Word",
]
