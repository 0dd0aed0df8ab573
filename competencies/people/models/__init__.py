"""The models of people."""

from __future__ import annotations

from .credentials import Invitation, Token
from .former_names import FormerName
from .idempotency import IdempotencyKey
from .missing_assignments import MissingAssignment
from .organisation import Organisation, RoleGrant
from .person import Person
from .reporting import Placement, ReportingLine
from .reporting_closure import ManagerPath
from .search_index import Word

__all__ = [
    "FormerName",
    "IdempotencyKey",
    "Invitation",
    "ManagerPath",
    "MissingAssignment",
    "Organisation",
    "Person",
    "Placement",
    "ReportingLine",
    "RoleGrant",
    "Token",
    "Word",
]
