from django import forms
from django.utils.translation import gettext_lazy as _

from ladder.web.form_fields import TimeZoneField, field_of


class NameForm(forms.Form):
    """What the company is called."""

    name = forms.CharField(label=_("Company name"), max_length=200)


class SecondFactorForm(forms.Form):
    """Of whom a second step is asked; `coverage` is `[(value, label, all, none)]`."""

    roles = forms.MultipleChoiceField(
        label=_("Required for"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, coverage=(), **kwargs):
        super().__init__(*args, **kwargs)
        field_of(self, "roles", forms.MultipleChoiceField).choices = [
            (value, label) for value, label, _all, _none in coverage
        ]


class TimeZoneForm(forms.Form):
    """The time zone in which days begin; `current` is the one that counts."""

    zone = TimeZoneField()

    def __init__(self, data=None, *, current):
        super().__init__(data, initial={"zone": current})
        field_of(self, "zone", TimeZoneField).offer(current)
