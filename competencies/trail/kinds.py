"""Kinds of record: the names by which entries tell of which model a row is.

An entry is sealed, so it keeps the name that the model had when it was written. A model that moves to
another app goes on under its first name, and is named here: entries of before and after are of one kind.
"""

from __future__ import annotations

from django.db.models import Model

IMPORTS = (
    "import", "sheet", "preview", "finding", "application", "memory", "undoing", "withdrawal", "run",
)  # fmt: skip
FIRST_LABELS = {
    **{f"people_import.{name}": f"people.{name}" for name in IMPORTS},
    "packets.document": "packets.typesetting",
    "packets.packetexport": "packets.exportjob",
    "people.managerpath": "people.chain",
    "people.missingassignment": "people.gap",
}


def kind_of(model: Model | type[Model]) -> str:
    """Return the kind under which entries keep the rows of a model, given as a class or an instance."""
    label = model._meta.label_lower
    return FIRST_LABELS.get(label, label)
