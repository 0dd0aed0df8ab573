"""What is typed by those who ask for an endorsement, and by those who are asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.promotions.models.endorsement import NOTE_LIMIT, WORDS_LIMIT, EndorsementRequest
from ladder.web.form_fields import Prose

OUTSIDE, INSIDE = "outside", "inside"


class Side(forms.TypedChoiceField):
    """Whether somebody works outside the candidate's team: a plain choice, so that nobody overlooks it."""

    widget = forms.RadioSelect

    def __init__(self, *, label, outside, inside):
        choices = [(OUTSIDE, outside), (INSIDE, inside)]
        super().__init__(label=label, choices=choices, coerce=lambda value: value == OUTSIDE)

    def prepare_value(self, value):
        return {True: OUTSIDE, False: INSIDE}.get(value, value)


class AskForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("The link goes to this address and works without an account."),
    )
    relation = forms.ChoiceField(
        label=_("Relation to the candidate"),
        choices=[("", _("Choose one")), *EndorsementRequest.Relation.choices],
        help_text=_("They can see this and correct it."),
    )
    outside = Side(
        label=_("Where they work"),
        outside=_("Outside the candidate’s team"),
        inside=_("In the candidate’s team"),
    )
    note = Prose(
        label=_("Message"),
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you would like them to write about. The email includes it."),
    )


class AnswerForm(forms.Form):
    text = Prose(
        label=_("Your observations"),
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_(
            "What they did, what the outcome was, and how you know. An example or two says more than praise. "
            "You can use Markdown."
        ),
    )
    relation = forms.ChoiceField(
        label=_("Your relation to them"), choices=EndorsementRequest.Relation.choices
    )
    outside = Side(label=_("Where you work"), outside=_("Outside their team"), inside=_("In their team"))


class DeclineForm(forms.Form):
    reason = Prose(
        label=_("Reason"),
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Everyone who may read the case can read it, the candidate only after the decision is released."
        ),
    )
