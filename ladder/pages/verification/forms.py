from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.packets.codes import CODE_LENGTH, read_code

LARGEST = 20 << 20  # bytes of a document; ours have a few hundred thousand


class VerificationForm(forms.Form):
    """A document, or the code that is printed on it."""

    file = forms.FileField(
        label=_("PDF file"),
        required=False,
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        help_text=_("At most 20 MB. It is read once and kept nowhere, and nothing in it is shown."),
    )
    code = forms.CharField(
        label=_("Or the packet’s code"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("The 16 letters and digits on the cover and the last page."),
    )

    def clean_code(self):
        code = self.cleaned_data["code"].strip()
        if code and not read_code(code):
            raise forms.ValidationError(
                _("A code has %(length)d letters and digits."), code="no-code", params={"length": CODE_LENGTH}
            )
        return read_code(code)

    def clean(self):
        values = super().clean() or {}
        if not self.errors and not values.get("file") and not values.get("code"):
            raise forms.ValidationError(_("Choose a PDF or enter a code."), code="empty")
        return values
