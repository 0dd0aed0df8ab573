"""Form fields that several pages share."""

from django import forms


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

    def __init__(self, **options):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **options)


class Prose(forms.CharField):
    """A text with one kind of line end, however the browser sent it."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")
