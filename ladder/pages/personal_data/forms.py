from django import forms
from django.utils.translation import gettext_lazy as _


class HoldForm(forms.Form):
    """Why a record has to be kept."""

    reason = forms.CharField(
        label=_("Why the record must be kept"),
        max_length=500,
        help_text=_("Only HR reads this. The person can see that their record is on hold, and since when."),
    )


class LiftForm(forms.Form):
    """Why a record need not be kept any more."""

    reason = forms.CharField(label=_("Why the hold is lifted"), max_length=500)


class ErasureForm(forms.Form):
    """The name of the person, typed: erasing cannot be taken back."""

    name = forms.CharField(label=_("Name of the person"), max_length=200)

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["name"].help_text = _("Type “%(name)s” to erase this person.") % {"name": person.name}
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_name(self):
        if self.cleaned_data["name"].strip() != self.person.name:
            raise forms.ValidationError(_("That isn’t the person’s name."), code="mismatch")
        return self.person.name
