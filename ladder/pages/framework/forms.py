from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.framework.parser import MAX_BYTES


class ImportForm(forms.Form):
    """A framework file, or the text of one that was made of another file.

    Whether it says anything sensible is for the reader of files to tell.
    """

    file = forms.FileField(
        label=_("Framework file"),
        max_length=200,
        required=False,
        help_text=_(
            "YAML in UTF-8, up to 2 MiB. You can also choose a career framework as a table (CSV, XLSX"
            " or Markdown) or as a list (YAML or JSON). Ladder converts it, and you check the result "
            "first."
        ),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json,.csv,.tsv,.xlsx,.md,.markdown"}),
    )
    text = forms.CharField(label=_("Framework file"), required=False, widget=forms.Textarea)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MiB."), code="too-big")
        return file

    def clean(self):
        values = super().clean() or {}
        if not self.errors and not values.get("file") and not values.get("text"):
            self.add_error("file", _("Choose a file first."))
        return values
