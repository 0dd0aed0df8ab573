"""The shape of what is typed about committees and hearings. Whether it is allowed is the domain's to say."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from competencies.promotions.limits import TEXT_LIMIT
from competencies.promotions.models import Committee, Decision, Outcome
from competencies.promotions.recusal import GROUNDS
from ladder.web.autosave import AutosavedForm
from ladder.web.form_fields import Day, PersonField, Prose, Rows, field_of

NOTE = "note-"
NAME_LIMIT = Committee._meta.get_field("name").max_length


def prose(*, rows=4, required=False, limit=TEXT_LIMIT, **options):
    return Prose(widget=forms.Textarea(attrs={"rows": rows}), max_length=limit, required=required, **options)


def take(form, refusal):
    """Put a refusal of the domain beside the field it is about, or above the form."""
    missing = refusal.details.get("missing") or [refusal.details.get("field")]
    form.add_error(missing[0] if missing[0] in form.fields else None, str(refusal))


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=NAME_LIMIT, help_text=_("Such as “Platform, spring”. Members read it.")
    )


class SomebodyForm(forms.Form):
    """Somebody who is here. `chosen` is the email of one of the people offered."""

    person = PersonField(
        label=_("Who"),
        max_length=200,
        help_text=_("Email, staff number or name. People who fit are offered below as you type."),
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
        label=_("In the chair"),
        help_text=_("The chair records what was decided. A former chair keeps the seat."),
    )


class ConveningForm(forms.Form):
    committee = forms.ModelChoiceField(
        Committee.objects.none(), label=_("Committee"), empty_label=None, widget=forms.RadioSelect
    )
    masked = forms.BooleanField(
        required=False,
        label=_("Without names"),
        help_text=_(
            "Members read the case without name, pronouns, photo and team. Whoever has to know gives a "
            "reason, which stays on record. HR reads every case by name, so nobody of HR answers."
        ),
    )

    def __init__(self, *args, committees, **options):
        super().__init__(*args, **options)
        field_of(self, "committee", forms.ModelChoiceField).queryset = committees


class BallotForm(AutosavedForm):
    """A vote, its reason, and a reason for each competency of `bar` (rows of a packet) that has one."""

    vote = forms.ChoiceField(
        label=_("Your vote"), choices=Outcome.choices, required=False, widget=forms.RadioSelect
    )
    reason = prose(
        rows=5,
        label=_("Your reason"),
        help_text=_("What in the case decided it for you. Reasons per competency below can stand instead."),
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
        label=_("A note"),
        help_text=_("Everybody here reads it. It stays as you write it."),
    )


class DecisionForm(forms.Form):
    """What was decided. Where the last ballots have a majority, `winner`, the outcome is that."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    rationale = prose(
        rows=6,
        label=_("Reasons"),
        help_text=_(
            "Why, as the committee sees it. Read by those who sit, HR and those above; not by the candidate."
        ),
    )
    conditions = prose(
        rows=4,
        label=_("What is missing, or conditions"),
        help_text=_("For not yet: what the next case has to show. The candidate reads this."),
    )
    look_again_on = Day(
        required=False, label=_("Look again on"), help_text=_("For not yet: a day that lies ahead.")
    )
    effective_on = Day(
        required=False, label=_("Holds from"), help_text=_("For a promotion. Today when it is left empty.")
    )
    feedback = prose(
        rows=6,
        label=_("Feedback to the candidate"),
        help_text=_(
            "What was strong, and what to work on. Nobody outside reads it before HR releases the decision; "
            "from then on the candidate does, with those who may read the case."
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
        """Return what `Hearing.decide` takes, after the outcome."""
        names = ("rationale", "conditions", "feedback", "look_again_on", "effective_on")
        return {name: self.cleaned_data.get(name) for name in names} | {
            "per_competency": notes_in(self.cleaned_data)
        }


class ReleaseForm(forms.Form):
    """Which decisions go out, and how many they are, typed by whoever lets them go."""

    decisions = Rows(Decision.objects.none(), label=_("Decisions"), widget=forms.CheckboxSelectMultiple)
    count = forms.IntegerField(min_value=1, label=_("How many decisions go out?"))

    def __init__(self, *args, decisions, **options):
        super().__init__(*args, **options)
        field_of(self, "decisions", forms.ModelMultipleChoiceField).queryset = decisions

    def clean(self):
        chosen, count = self.cleaned_data.get("decisions"), self.cleaned_data.get("count")
        if chosen is not None and count is not None and count != len(chosen):
            self.add_error(
                "count",
                _("%(chosen)d are chosen. Type that number to release them.") % {"chosen": len(chosen)},
            )


class AppealForm(forms.Form):
    grounds = prose(
        rows=8,
        required=True,
        label=_("Grounds"),
        help_text=_(
            "What was overlooked or misjudged. The people of the new panel read it, and those who may read "
            "your case."
        ),
    )
