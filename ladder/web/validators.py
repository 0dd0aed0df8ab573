"""What stands on one line has no line breaks and nothing that turns the order of letters around.

Every form and every body of the API is asked by the same check. That of forms is added to Django's own field,
so that those of libraries, and those that are written later, have it too:
`tests/ladder/web/test_validators.py` walks them all.
"""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Marks of direction that single letters need are let through; what embeds, overrides or isolates is not.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
BREAKING = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


def fits_on_one_line(text):
    """Refuse, with a sentence that says which and where, what does not belong on one line."""
    for place, letter in enumerate(str(text), 1):
        if letter in BREAKING:
            raise ValidationError(_("Remove the line break."), code="line-break")
        if letter in TURNING or (unicodedata.category(letter) == "Cc" and letter != "\0"):
            details = {"code": f"U+{ord(letter):04X}", "place": place}
            raise ValidationError(
                _("Character %(place)d is an invisible control character (%(code)s). Type this again.")
                % details,
                code="control-character",
            )


def fits_in(model, **texts):
    """Refuse what does not belong on one line, or is longer than its column in `model`."""
    for name, text in texts.items():
        fits_on_one_line(text)
        field = model._meta.get_field(name)
        try:
            field.run_validators(text)
        except ValidationError as refused:
            raise ValidationError(
                [f"{field.verbose_name}: {message}" for message in refused.messages]
            ) from None


def is_one_line(field):
    """Return True if a field of a form is typed on one line, and read by people."""
    return isinstance(field, forms.CharField) and not isinstance(
        field.widget, forms.Textarea | forms.PasswordInput
    )


def ask_every_field():
    """Have each text field of each form ask it when it is made. Called once, before any form is read."""
    make = forms.CharField.__init__

    def init(self, *args, **kwargs):
        make(self, *args, **kwargs)
        if is_one_line(self) and fits_on_one_line not in self.validators:
            self.validators.append(fits_on_one_line)

    init.__dict__["asks_one_line"] = True
    if not hasattr(make, "asks_one_line"):
        forms.CharField.__init__ = init  # type: ignore[method-assign]
