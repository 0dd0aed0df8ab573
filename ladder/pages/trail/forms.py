"""What a reader of the trail looks for."""

from datetime import timedelta

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import today_for_reader
from competencies.people.models import Person
from competencies.people.search import search
from competencies.trail.kinds import kind_of
from ladder.web.form_fields import Day, field_of

from .sentences import KINDS, by_noun

MOST_PEOPLE = 20
LARGEST = 2**63 - 1


class Someone(forms.CharField):
    """People by words of their name or email, or one by `#id`; gives a list of them, None when left empty."""

    def clean(self, value):
        words = super().clean(value)
        if not words:
            return None
        if words.startswith("#") and words[1:].isdecimal():
            return list(Person.objects.filter(pk=min(int(words[1:]), LARGEST)))
        found, more = search(Person.objects.all(), words, most=MOST_PEOPLE)
        if more:
            raise forms.ValidationError(_("More than 20 people match. Enter more of the name, or the email."))
        return Person.objects.in_order(found)


class Record(forms.CharField):
    """A record as the trail names it, `review 7`; gives the label of its model and its key."""

    def clean(self, value):
        words = super().clean(value).lower().split()
        if not words:
            return None
        label = _label_of(words[0])
        if label is None or len(words) != 2:
            raise forms.ValidationError(_("Enter the kind and the number, such as “review 7”."))
        return label, words[1]


class DaysForm(forms.Form):
    """The days of which a reader wants the entries, both included."""

    since = Day(label=_("From"), required=False)
    until = Day(label=_("Until"), required=False)

    @property
    def criteria(self):
        """Return what `Entries.matching` takes, once the form is valid."""
        return {"since": self.cleaned_data["since"], "until": self.cleaned_data["until"]}


class KindForm(DaysForm):
    """Which kind of entry of a person's record, in which days."""

    kind = forms.ChoiceField(choices=list(KINDS.items()), required=False, widget=forms.HiddenInput)


class SearchForm(DaysForm):
    """Whose entries, about whom, what was done, to which record."""

    actor = Someone(label=_("Who"), required=False, max_length=100)
    about = Someone(label=_("About"), required=False, max_length=100)
    action = forms.ChoiceField(label=_("What"), required=False)
    record = Record(label=_("Record"), required=False, max_length=100)

    field_order = ("actor", "about", "action", "record", "since", "until")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field_of(self, "action", forms.ChoiceField).choices = [("", _("Any action")), *by_noun()]
        self.fields["record"].widget.attrs["placeholder"] = _("review 7")

    @property
    def criteria(self):
        found = self.cleaned_data
        return super().criteria | {
            "actors": found["actor"],
            "about": found["about"],
            "actions": [found["action"]] if found["action"] else None,
            "record": found["record"],
        }


def spans():
    """Return the spans of days that are asked for most: `[(label, since)]`."""
    return [
        (_("Today"), today_for_reader()),
        (_("Last 7 days"), today_for_reader() - timedelta(days=6)),
        (_("Last 30 days"), today_for_reader() - timedelta(days=29)),
        (_("Last year"), today_for_reader() - timedelta(days=364)),
    ]


def _label_of(word):
    """Return the kind of record that `word` names, whole or by its last part; None when none does."""
    labels = [kind_of(model) for model in apps.get_models()]
    return next((label for label in labels if word in (label, label.partition(".")[2])), None)
