"""Rows that several tabs may edit: each carries a version token that a writer must hand back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .refusals import Stale


class Versioned(models.Model):
    """A row whose writers prove that they saw its latest text."""

    version = models.PositiveIntegerField(_("version"), default=0)

    class Meta:
        abstract = True

    def expect(self, version: int, *, offered: Mapping[str, object]) -> None:
        """Refuse with `Stale` unless `version` is the stored one. Call with the row locked.

        `offered` maps field names to the texts the writer brings; the refusal carries them beside
        the stored ones.
        """
        if int(version) != self.version:
            stored = {field: getattr(self, field) for field in offered}
            raise Stale(stored=stored, offered=offered, version=self.version)

    def advance(self, **values: Any) -> None:
        """Write `values` and step the version by one; a row that is new is made."""
        for field, value in values.items():
            setattr(self, field, value)
        self.version += 1
        self.save(update_fields=None if self._state.adding else [*values, "version"])
