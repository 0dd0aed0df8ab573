"""The ways in which the domain says no, each in words a person can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Refusal(Exception):
    """The domain declines a transition.

    `code` is stable and machine-readable, `str()` is a sentence for the person who asked, and
    `details` holds what the sentence leaves out (plain JSON values).
    """

    code = "refused"

    def __init__(self, message: StrOrPromise, **details: Any) -> None:
        super().__init__(message)
        self.details = details
        self.others: tuple[Refusal, ...] = ()

    @property
    def by_field(self) -> list[tuple[str | None, str]]:
        """Return each field that is at fault, None for none of them, with the sentence about it."""
        missing: Sequence[str] = self.details.get("missing") or [None]
        own = self.details.get("field") or missing[0]
        return [(own, str(self)), *(fault for other in self.others for fault in other.by_field)]


def refuse(found: Sequence[Refusal]) -> None:
    """Raise the first of the refusals that were found, if any, with the others in its `by_field`."""
    if found:
        first, *others = found
        first.others = tuple(others)
        raise first


class Denied(Refusal):
    """The person may not do this to that row. Outside the domain it looks like a missing row."""

    code = "denied"

    def __init__(self, action: str) -> None:
        super().__init__(_("You don’t have permission to do this."), action=action)


class NotNow(Refusal):
    """The row is in a state in which this transition does not exist."""

    code = "not-now"


class Incomplete(Refusal):
    """Something that the transition needs is missing; `details["missing"]` names it."""

    code = "incomplete"


class Stale(Refusal):
    """The text was changed since the writer last saw it. Holds both, so that neither is lost."""

    code = "stale"

    def __init__(self, *, stored: Mapping[str, object], offered: Mapping[str, object], version: int) -> None:
        super().__init__(
            _("This was changed elsewhere since you opened it. Both texts are kept: choose which one stays."),
            stored=stored,
            offered=offered,
            version=version,
        )
