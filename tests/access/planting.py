"""Canaries: a text of its own in every field that not everybody may read, so that a leak names its field."""

import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from .fields import DIGESTS, EDITION, PLANTED

TOKEN = re.compile(r"cnry-[0-9a-f]{10}", re.IGNORECASE)
DIGITS = 12  # of a digest: that many are not there by chance
DIGEST = re.compile(rf"(?<![0-9a-f])[0-9a-f]{{{DIGITS},}}(?![0-9a-f])", re.IGNORECASE)
IN_PLACE = {"people.Person", "reviews.Cycle"}  # looked up by email and name while they are made: filled after


@dataclass(frozen=True, eq=False)
class Canary:
    """One text that was planted: in which field of which row."""

    row: models.Model
    field: str

    def __str__(self):
        return f"{self.row._meta.label}.{self.field} of {self.row.pk}"


class Canaries:
    """All that were planted, by token."""

    def __init__(self):
        self.by_token = {}
        self.by_digits = {}

    def token(self, row, field):
        token = f"cnry-{secrets.token_hex(5)}"
        self.by_token[token] = Canary(row, field)
        return token

    def found_in(self, text):
        """Return the canaries that `text` holds, each once."""
        found = {self.by_token[token.lower()] for token in set(TOKEN.findall(text))}
        for digits in set(DIGEST.findall(text)):
            ends = digits[:DIGITS].lower(), digits[-DIGITS:].lower()
            found.update(self.by_digits[end] for end in ends if end in self.by_digits)
        return found

    def take_digests(self):
        """Know the first and the last digits of every digest that is there, in place of a planted text."""
        for name in sorted(DIGESTS):
            label, _dot, field = name.rpartition(".")
            for row in apps.get_model(label)._base_manager.all():
                if digest := getattr(row, field):
                    canary = Canary(row, field)
                    self.by_digits |= {digest[:DIGITS]: canary, digest[-DIGITS:]: canary}

    def found_in_row(self, row):
        """Return the tokens that were planted in a row."""
        return [token for token, canary in self.by_token.items() if canary.row == row]

    @contextmanager
    def planted(self, fields=PLANTED):
        """Fill `fields` (`"app.Model.field"`) of every row that is made inside the block."""
        original = models.Field.pre_save

        def pre_save(field, row, add):
            if add and f"{row._meta.label}.{field.name}" in fields and row._meta.label not in IN_PLACE:
                setattr(row, field.attname, self.text_for(row, field))
            return original(field, row, add)

        models.Field.pre_save = pre_save
        try:
            yield self
        finally:
            models.Field.pre_save = original

    def plant(self, rows, **written):
        """Fill the classified fields of rows that are there; `written` gives a field its own form."""
        for row in rows:
            for field in row._meta.concrete_fields:
                if f"{row._meta.label}.{field.name}" in PLANTED:
                    told = written.get(field.name, "{token}")
                    token = self.text_for(row, field)
                    setattr(row, field.attname, told.format(token=token, row=row))
                    type(row)._base_manager.filter(pk=row.pk).update(
                        **{field.name: getattr(row, field.attname)}
                    )

    def text_for(self, row, field):
        token = self.token(row, field.name)
        if isinstance(field, models.EmailField):
            return f"{token}@testing.example"
        return f"https://testing.example/{token}" if isinstance(field, models.URLField) else token


def planted_in_a_draft(canaries):
    """Fill the texts of an edition that is loaded inside the block: they are its authors' until published."""
    return canaries.planted(EDITION)
