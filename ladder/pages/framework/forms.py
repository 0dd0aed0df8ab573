from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.framework.reading import MAX_BYTES


class ImportForm(forms.Form):
    """A framework file. Whether it says anything sensible is for the reader of files to tell."""

    file = forms.FileField(
        label=_("Framework file"),
        max_length=200,
        help_text=_("YAML in UTF-8, at most 2 MiB."),
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MiB."), code="too-big")
        return file
