from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import today, zone
from competencies.framework.models import Level, Track
from competencies.people.models import Person, RoleGrant
from ladder.web.form_fields import Day, OneOfFrameworks, PersonField, add_refusal, field_of

MATCHES = 8


def _zone():
    return gettext("Starts at midnight in the company’s time zone, %(zone)s.") % {"zone": zone()}


class FromDay(Day):
    """The day from which a change holds; the hint names the zone in which that day begins."""

    def __init__(self, **options):
        super().__init__(**{"initial": today, "help_text": lazy(_zone, str)(), **options})


class MoveForm(forms.Form):
    """Under whom somebody is from a day on. `chosen` is the email of one of the people offered."""

    manager = PersonField(
        label=_("Manager"),
        max_length=200,
        help_text=_("Enter an email, a staff number or a name. Matches appear below as you type."),
    )
    chosen = forms.CharField(max_length=254, required=False, widget=forms.HiddenInput)
    starts_on = FromDay(label=_("From"))

    def __init__(self, data=None, **options):
        if data is not None and data.get("chosen"):
            data = data.copy()
            data["manager"] = data["chosen"]
        super().__init__(data, **options)


class PlacementForm(forms.Form):
    """The track and level somebody is on from a day on."""

    level = OneOfFrameworks(Level, label=_("Level"))
    track = OneOfFrameworks(Track, label=_("Track"))
    starts_on = FromDay(label=_("From"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_(
            "A few words, such as “Promotion” or “Changed teams”. The person can read this from that date."
        ),
    )

    def __init__(self, *args, in_force, **kwargs):
        super().__init__(*args, **kwargs)
        for field in ("level", "track"):
            field_of(self, field, OneOfFrameworks).offer(in_force.editions)

    @classmethod
    def of(cls, placement, in_force):
        """Return the form with the track and level of today chosen, as far as what is in force has them."""
        edition = placement and in_force.of(placement)
        if not edition:
            return cls(in_force=in_force)
        initial = {
            "level": edition.level_set.filter(key=placement.level.key).first(),
            "track": edition.track_set.filter(key=placement.track.key).first(),
        }
        return cls(in_force=in_force, initial=initial)

    def clean(self):
        values = super().clean() or {}
        level, track = values.get("level"), values.get("track")
        if level and track and level.edition_id != track.edition_id:
            words = gettext(
                "The track is from %(track)s, the level from %(level)s. Choose both from one framework."
            )
            frameworks = {"track": track.edition.framework, "level": level.edition.framework}
            self.add_error("track", words % frameworks)
        return values


class DescriptionForm(forms.Form):
    """What HR says of a person."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("Email"), max_length=254, help_text=_("They sign in with this email."))
    number = forms.CharField(
        label=_("Staff number"),
        max_length=40,
        required=False,
        help_text=_("Their number in your own HR lists. Imports match people by it."),
    )
    title = forms.CharField(label=_("Job title"), max_length=200, required=False)
    team = forms.CharField(label=_("Team"), max_length=120, required=False)
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    joined_on = Day(label=_("Joined"), required=False)

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    @classmethod
    def of(cls, person):
        return cls(initial={field: getattr(person, field) for field in Person.DESCRIBED})

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean_number(self):
        return self.cleaned_data["number"] or None

    def clean(self):
        values = super().clean() or {}
        named = {field: values[field] for field in ("email", "number") if values.get(field)}
        for refusal in Person(pk=self.person and self.person.pk, **named).taken(named):
            add_refusal(self, refusal)
        return values


class PronounsForm(forms.Form):
    """What somebody says of themselves."""

    pronouns = forms.CharField(
        label=_("Pronouns"),
        max_length=40,
        required=False,
        help_text=_("Shown next to your name, such as “she/her”. Leave this empty to show none."),
    )


class LeavingForm(forms.Form):
    """The first day on which somebody is no longer here."""

    on = FromDay(label=_("First day they no longer work here"))


class RoleForm(forms.Form):
    """A role to be granted."""

    role = forms.ChoiceField(label=_("Role"), choices=RoleGrant.Role.choices)

    def __init__(self, *args, held=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = [(value, label) for value, label in RoleGrant.Role.choices if value not in held]
        field_of(self, "role", forms.ChoiceField).choices = [("", _("Choose a role")), *self.offered]
