"""Form fields that several pages share."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(1940, 1, 1), date(2100, 12, 31)  # as imports have it: further out is a slip


class Rows(forms.ModelMultipleChoiceField):
    """Several rows by their ids. A number too large for an id is no row, as any other that is unknown."""

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError:  # SQLite cannot even be asked
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": max(value, key=len)},
            ) from None


class Day(forms.DateField):
    """A day, picked from the browser's calendar."""

    default_validators = [
        MinValueValidator(FIRST_DAY, _("Days begin here with the year 1940.")),
        MaxValueValidator(LAST_DAY, _("Days end here with the year 2100.")),
    ]

    def __init__(self, **options):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **options)


class Prose(forms.CharField):
    """A text with one kind of line end, however the browser sent it."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")
