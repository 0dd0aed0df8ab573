"""Closing tables in the database itself: what each app's `triggers.py` declares, and what the trail does.

Python code can forget a rule; a trigger cannot. No migration holds one, because SQLite rebuilds a table to
alter it and the triggers would go with the old one: `migrate` drops them all and installs what is declared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Expression, ForeignKey, QuerySet

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Field, Model
    from django.db.models.sql.compiler import SQLCompiler

Condition = str | QuerySet[Any, Any]  # of a refusal: SQL over a row, or a query that finds something


@dataclass(frozen=True)
class Refuse:
    """Refuse writes to a table, always or while a condition on the row holds.

    `model`: the model's name in the app that declares it. `on`: which of insert, update, delete. `when`: a
    query that finds something where the row is refused, with `Written` for what the row says (the old one for
    update and delete); or SQL over `{row}`, with `{table:app.model}` for the table of a model. `reason`: the
    sentence that the database answers with. An updated row is asked both as it was and as it would be.
    """

    model: str
    on: tuple[str, ...] = ("update", "delete")
    when: Condition = ""
    reason: str = ""

    @property
    def conditional(self) -> bool:
        return isinstance(self.when, QuerySet) or bool(self.when)


class Written(Expression):
    """What the row that is written says in one field of its model, for the query of a `Refuse`."""

    def __init__(self, model: type[Model], name: str) -> None:
        field = cast("Field[Any, Any]", model._meta.get_field(name))
        super().__init__(output_field=field.target_field if isinstance(field, ForeignKey) else field)
        self.column = field.column

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[()]]:
        return f'{{row}}."{self.column}"', ()


@dataclass(frozen=True)
class Yield:
    """Let go of a table that is closed, while a condition holds.

    `model` is `"app.model"`, `on` one event, and `meanwhile` SQL over no row. Of an update it lets go of
    `columns` alone: whatever else would change is refused as before.
    """

    model: str
    columns: tuple[str, ...] = ()
    on: str = "update"
    meanwhile: str = ""


TRIGGERS = [Refuse("entry", reason="A trail entry never changes.")]
