"""The shape of what is typed about committees and hearings. Whether it is allowed is the domain's to say."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from competencies.people.models import Person
from competencies.promotions.limits import TEXT_LIMIT
from competencies.promotions.models import Committee, Decision, DecisionDraft, Outcome
from competencies.promotions.recusal import GROUNDS
from ladder.web.autosave import AutosavedForm
from ladder.web.form_fields import Day, PersonField, Prose, Rows, field_of

NOTE = "note-"
NAME_LIMIT = Committee._meta.get_field("name").max_length


def prose(*, rows=4, required=False, limit=TEXT_LIMIT, **options):
    return Prose(widget=forms.Textarea(attrs={"rows": rows}), max_length=limit, required=required, **options)


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LIMIT,
        help_text=_("For example “Platform, spring”. Members can see it."),
    )


class SomebodyForm(forms.Form):
    """Somebody who is here. `chosen` is the email of one of the people offered."""

    person = PersonField(
        label=_("Person"),
        max_length=200,
        help_text=_("Enter an email, staff number or name. Matches appear below as you type."),
    )
    chosen = forms.CharField(max_length=254, required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, **options):
        if data is not None and data.get("chosen"):
            data = data.copy()
            data["person"] = data["chosen"]
        super().__init__(data, **options)


class SeatForm(SomebodyForm):
    chair = forms.BooleanField(
        required=False,
        label=_("Make chair"),
        help_text=_("The chair records the decision. The previous chair stays a member."),
    )


class ConveningForm(forms.Form):
    committee = forms.ModelChoiceField(
        Committee.objects.none(), label=_("Committee"), empty_label=None, widget=forms.RadioSelect
    )
    masked = forms.BooleanField(
        required=False,
        label=_("Anonymise the case"),
        help_text=_(
            "Members read the case without the candidate’s name, pronouns, photo and team. A member who "
            "needs to know who it is gives a reason, which stays on record. HR administrators can’t vote, "
            "because they read every case by name."
        ),
    )

    also = Rows(Person.objects.none(), required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args, committees, **options):
        super().__init__(*args, **options)
        field_of(self, "committee", forms.ModelChoiceField).queryset = committees
        field_of(self, "also", forms.ModelMultipleChoiceField).queryset = Person.objects.active()


class BallotForm(AutosavedForm):
    """A vote, its reason, and a reason for each competency of `bar` (rows of a packet) that has one."""

    vote = forms.ChoiceField(
        label=_("Your vote"), choices=Outcome.choices, required=False, widget=forms.RadioSelect
    )
    reason = prose(
        rows=5,
        label=_("Your reason"),
        help_text=_("What in the case decided your vote. You can give reasons per competency below instead."),
    )

    def __init__(self, *args, bar, **options):
        super().__init__(*args, **options)
        for row in bar:
            self.fields[f"{NOTE}{row['key']}"] = prose(rows=3, label=row["title"])

    @property
    def values(self):
        """Return what `Hearing.write` takes."""
        values = super().values
        return {"vote": values["vote"], "reason": values["reason"], "per_competency": notes_in(values)}


def notes_in(values):
    """Return the reasons per competency in the values of a form: `{key: text}`."""
    return {
        name.removeprefix(NOTE): text
        for name, text in values.items()
        if name.startswith(NOTE) and text.strip()
    }


class ReasonForm(forms.Form):
    reason = prose(rows=3, required=True, limit=2_000, label=_("Reason"))

    def __init__(self, *args, help_text="", **options):
        super().__init__(*args, **options)
        self.fields["reason"].help_text = help_text


class ExcusalForm(ReasonForm):
    ground = forms.ChoiceField(
        label=_("Why"),
        choices=[(ground, capfirst(GROUNDS[ground])) for ground in ("absent", "declared")],
        initial="absent",
        widget=forms.RadioSelect,
    )

    field_order = ["ground", "reason"]


class RemarkForm(forms.Form):
    text = prose(
        rows=3,
        required=True,
        label=_("Note"),
        help_text=_("The members on this case and HR can read it. You can’t change it afterwards."),
    )


class DecisionForm(AutosavedForm):
    """What was decided. Where the last ballots have a majority, `winner`, the outcome is that."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, required=False, widget=forms.RadioSelect
    )
    rationale = prose(
        rows=6,
        label=_("Reasons"),
        help_text=_(
            "Why the committee decided this. The members and HR can read it and, after the release, everyone "
            "who may read the case except the candidate."
        ),
    )
    conditions = prose(
        rows=4,
        label=_("What is missing, or conditions"),
        help_text=_("For “Not yet”: what the next case has to show. The candidate can read this."),
    )
    look_again_on = Day(
        required=False, label=_("Revisit on"), help_text=_("For “Not yet”: a date in the future.")
    )
    effective_on = Day(
        required=False, label=_("Effective from"), help_text=_("For a promotion. Leave empty for today.")
    )
    feedback = prose(
        rows=6,
        label=_("Feedback for the candidate"),
        help_text=_(
            "What was strong, and what to work on. Nobody outside reads it until HR releases the decision. "
            "Then the candidate can, and everyone else who may read the case."
        ),
    )

    def __init__(self, *args, bar, winner, **options):
        super().__init__(*args, **options)
        allowed = [winner] if winner else [Outcome.NOT_YET, Outcome.DECLINE]
        field_of(self, "outcome", forms.ChoiceField).choices = [
            (each, Outcome(each).label) for each in allowed
        ]
        del self.fields["look_again_on" if winner == Outcome.PROMOTE else "effective_on"]
        for row in bar:
            self.fields[f"{NOTE}{row['key']}"] = prose(rows=2, label=row["title"])

    @property
    def values(self):
        """Return what `Hearing.draft_decision` takes."""
        said = {name: self.cleaned_data[name] for name in DecisionDraft.SAID if name in self.fields}
        notes = notes_in(self.cleaned_data)
        return {"outcome": self.cleaned_data["outcome"], "per_competency": notes, **said}


class ReleaseForm(forms.Form):
    """Which decisions go out, and how many they are, typed by whoever lets them go."""

    decisions = Rows(Decision.objects.none(), label=_("Decisions"), widget=forms.CheckboxSelectMultiple)
    count = forms.IntegerField(min_value=1, label=_("How many decisions are you releasing?"))

    def __init__(self, *args, decisions, **options):
        super().__init__(*args, **options)
        field_of(self, "decisions", forms.ModelMultipleChoiceField).queryset = decisions

    def clean(self):
        chosen, count = self.cleaned_data.get("decisions"), self.cleaned_data.get("count")
        if chosen is not None and count is not None and count != len(chosen):
            self.add_error(
                "count",
                _("You selected %(chosen)d. Enter that number to release them.") % {"chosen": len(chosen)},
            )


class AppealForm(forms.Form):
    grounds = prose(
        rows=8,
        required=True,
        label=_("Grounds"),
        help_text=_(
            "What was overlooked or misjudged. The people who hear your appeal can read it, and everyone who "
            "may read your case."
        ),
    )
