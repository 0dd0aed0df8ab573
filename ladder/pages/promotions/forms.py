"""The shape of what is typed about a promotion case. Whether it is allowed is the domain's to say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.evidence.models import Evidence
from competencies.framework.models import Competency, Level
from competencies.promotions.models import TEXT_LIMIT, Claim, Decision, Story
from ladder.fields import Day, Prose, Rows

CLAIM_LIMIT = Claim._meta.get_field("text").max_length
TITLE_LIMIT = Story._meta.get_field("title").max_length


def written(*, rows=4, limit=TEXT_LIMIT, required=False, **options):
    return Prose(widget=forms.Textarea(attrs={"rows": rows}), max_length=limit, required=required, **options)


def by_area(competencies, *, empty=None):
    """Return the choices of a select: the competencies under their areas, in the order of the ladder."""
    areas = {}
    for competency in competencies.select_related("area"):
        areas.setdefault(competency.area.title, []).append((competency.pk, competency.title))
    return [*([("", empty)] if empty else []), *areas.items()]


class Nomination(forms.Form):
    level = forms.ModelChoiceField(
        Level.objects.none(), label=_("Next step"), empty_label=None, widget=forms.RadioSelect
    )
    wanted_from = Day(
        required=False,
        label=_("Wanted from"),
        help_text=_("When the new level should begin. It can be left open."),
    )

    def __init__(self, *args, steps, **options):
        super().__init__(*args, **options)
        self.fields["level"].queryset = Level.objects.filter(pk__in=[level.pk for level in steps])
        self.fields["level"].initial = steps[0].pk if len(steps) == 1 else None


class Kept(forms.Form):
    """A form that saves itself: `version` is the one its writer saw, `over` one to write over knowingly."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    over = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    @property
    def seen(self):
        over, version = self.cleaned_data["over"], self.cleaned_data["version"]
        return over if over is not None else version or 0

    @property
    def said(self):
        """What the domain takes: what was typed, without its version."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "over")}

    @property
    def labels(self):
        return {name: field.label for name, field in self.fields.items()}


class StatementForm(Kept):
    text = written()

    def __init__(self, *args, label, **options):
        super().__init__(*args, **options)
        self.fields["text"].label = label


class ClaimForm(Kept):
    competency = forms.ModelChoiceField(Competency.objects.none(), label=_("Competency"))
    text = written(
        rows=2,
        limit=CLAIM_LIMIT,
        required=True,
        label=_("Claim"),
        help_text=_("What the candidate does at the next level, in one sentence."),
    )
    result = written(
        rows=2,
        limit=CLAIM_LIMIT,
        required=True,
        label=_("Result"),
        help_text=_("What came of it, measured where it can be."),
    )

    def __init__(self, *args, competencies, choices, hints=False, **options):
        super().__init__(*args, **options)
        if not hints:
            self.fields["text"].help_text = self.fields["result"].help_text = ""
        self.fields["competency"].queryset = competencies
        self.fields["competency"].choices = choices


class StoryForm(Kept):
    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_LIMIT,
        help_text=_("The piece of work, as a colleague would name it."),
    )
    context = written(
        rows=3, label=_("Context"), help_text=_("What a reader from elsewhere has to know first.")
    )
    problem = written(rows=3, label=_("Problem"), help_text=_("What was wrong or missing, and for whom."))
    scope = written(
        rows=3,
        label=_("Scope"),
        help_text=_("How many people and systems it touched, and how much was unclear at the start."),
    )
    own_role = written(
        rows=3,
        label=_("Own role"),
        help_text=_("What the candidate did, told apart from what the team did."),
    )
    decisions = written(
        rows=3, label=_("Decisions"), help_text=_("What was decided and what was turned down, and why.")
    )
    result = written(rows=3, label=_("Result"), help_text=_("What changed, measured where it can be."))
    competencies = Rows(
        Competency.objects.none(),
        required=False,
        label=_("Competencies"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Which expectations of the next level it shows."),
    )
    evidence = Rows(
        Evidence.objects.none(), required=False, label=_("Evidence"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, competencies, evidence, **options):
        super().__init__(*args, **options)
        self.fields["competencies"].queryset = competencies
        self.fields["evidence"].queryset = evidence

    @property
    def texts(self):
        """The six texts as bound fields, in the order in which they are told."""
        return [self[name] for name in Story.TEXTS]


class Exhibition(forms.Form):
    evidence = Rows(Evidence.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, evidence, **options):
        super().__init__(*args, **options)
        self.fields["evidence"].queryset = evidence


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Decision.Outcome.choices, widget=forms.RadioSelect
    )
    effective_on = Day(
        required=False,
        label=_("New level from"),
        help_text=_("For a promotion. Today when it is left empty."),
    )
    look_again_on = Day(
        required=False, label=_("Look again on"), help_text=_("For not yet: a day that lies ahead.")
    )
    rationale = written(
        rows=6,
        label=_("Reasons"),
        help_text=_("Per competency where you can. Markdown works. The candidate does not read this."),
    )
    feedback = written(
        rows=5,
        label=_("Feedback to the candidate"),
        help_text=_("What was strong, and what the next case should show. The candidate reads this."),
    )

    def take(self, refusal):
        """Put a refusal of the domain beside the field it is about."""
        missing = refusal.details.get("missing")
        at_start = self.cleaned_data["outcome"] == Decision.Outcome.PROMOTE
        self.add_error(missing[0] if missing else "effective_on" if at_start else None, str(refusal))


class WithdrawalForm(forms.Form):
    reason = written(rows=2, limit=2_000, label=_("Reason"))
