"""The shape of what is typed about a promotion case. Whether it is allowed is the domain's to say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.evidence.models import Evidence
from competencies.framework.models import Competency, Level
from competencies.framework.titles import told_apart
from competencies.people.models import Person
from competencies.promotions.limits import TEXT_LIMIT
from competencies.promotions.models import Claim, Policy, Story
from competencies.reviews.models import Cycle
from ladder.web.autosave import AutosavedForm
from ladder.web.form_fields import Day, Prose, Rows, field_of

CLAIM_LIMIT = Claim._meta.get_field("text").max_length
TITLE_LIMIT = Story._meta.get_field("title").max_length


def written(*, rows=4, limit=TEXT_LIMIT, required=False, **options):
    return Prose(widget=forms.Textarea(attrs={"rows": rows}), max_length=limit, required=required, **options)


def by_area(competencies, *, empty=None):
    """Return the choices of a select: the competencies under their areas, in the order of the ladder."""
    rows = competencies.select_related("area")
    areas: dict[str, list[tuple[int, str]]] = {}
    titles = told_apart(rows)
    for competency in rows:
        areas.setdefault(competency.area.title, []).append((competency.pk, titles[competency.pk]))
    return [*([("", empty)] if empty else []), *areas.items()]


class FramingForm(forms.Form):
    """From when the level is wanted, for which cycle, and who speaks for the case."""

    wanted_from = Day(
        required=False,
        label=_("Proposed start"),
        help_text=_("When the new level should start. You can leave this empty."),
    )
    cycle = forms.ModelChoiceField(
        Cycle.objects.none(),
        required=False,
        label=_("Target cycle"),
        empty_label=_("Not tied to a cycle"),
        help_text=_("The cycle in which a committee should decide on the case."),
    )
    presenter = forms.ModelChoiceField(
        Person.objects.none(),
        required=False,
        label=_("Presenter"),
        empty_label=_("The sponsor"),
        help_text=_("Who presents the case to the committee. They can read it once it is proposed."),
    )

    def __init__(self, *args, sponsor, subject, **options):
        super().__init__(*args, **options)
        field_of(self, "cycle", forms.ModelChoiceField).queryset = Cycle.objects.allowing(
            sponsor, "promotions.choose_cycle"
        )
        around = Person.objects.allowing(sponsor, "promotions.choose_presenter")
        field_of(self, "presenter", forms.ModelChoiceField).queryset = around.exclude(pk=subject.pk)

    @property
    def framing(self):
        """Return what the domain takes of it."""
        return {name: self.cleaned_data[name] for name in FramingForm.base_fields}


class Nomination(FramingForm):
    level = forms.ModelChoiceField(
        Level.objects.none(), label=_("Next level"), empty_label=None, widget=forms.RadioSelect
    )

    field_order = ["level"]

    def __init__(self, *args, steps, **options):
        super().__init__(*args, **options)
        field_of(self, "level", forms.ModelChoiceField).queryset = Level.objects.filter(
            pk__in=[level.pk for level in steps]
        )
        self.fields["level"].initial = steps[0].pk if len(steps) == 1 else None


class PolicyForm(forms.Form):
    """How promotions go here, as HR decides it."""

    together = forms.BooleanField(
        required=False,
        label=_("Sponsors can share the draft with the candidate"),
        help_text=_("They then write it together, except for the manager’s statement."),
    )
    endorsements_needed = forms.IntegerField(
        min_value=0,
        max_value=Policy.MOST_ENDORSEMENTS,
        label=_("Endorsements from outside the team"),
        help_text=_("How many a case needs before it can be proposed."),
    )
    seats = forms.MultipleChoiceField(
        required=False,
        label=_("Levels that need a business case"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A case for one of these levels has to say why the business needs someone there."),
    )
    quorum = forms.IntegerField(
        min_value=Policy.FEWEST_MEMBERS,
        max_value=Policy.MOST_MEMBERS,
        label=_("Quorum"),
        help_text=_("How many members have to vote."),
    )
    second_ballot = forms.ChoiceField(
        label=_("Second ballot"), choices=Policy.SecondBallot.choices, widget=forms.RadioSelect
    )
    appeal_days = forms.IntegerField(
        min_value=0,
        max_value=Policy.LONGEST_APPEAL,
        label=_("Days to appeal"),
        help_text=_("Counted from the release of the decision. Enter 0 for no appeals."),
    )
    masked = forms.BooleanField(
        required=False,
        label=_("Anonymise cases for committees"),
        help_text=_(
            "The candidate’s name, pronouns and team are hidden. A member can see them by giving a reason."
        ),
    )

    def __init__(self, *args, levels, **options):
        super().__init__(*args, **options)
        field_of(self, "seats", forms.MultipleChoiceField).choices = levels


class StatementForm(AutosavedForm):
    text = written()

    def __init__(self, *args, label, **options):
        super().__init__(*args, **options)
        self.fields["text"].label = label


class ClaimForm(AutosavedForm):
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
        help_text=_("The outcome, measured where possible."),
    )

    def __init__(self, *args, competencies, choices, hints=False, **options):
        super().__init__(*args, **options)
        if not hints:
            self.fields["text"].help_text = self.fields["result"].help_text = ""
        field_of(self, "competency", forms.ModelChoiceField).queryset = competencies
        field_of(self, "competency", forms.ModelChoiceField).choices = choices


class StoryForm(AutosavedForm):
    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_LIMIT,
        help_text=_("The piece of work, as a colleague would name it."),
    )
    context = written(
        rows=3, label=_("Context"), help_text=_("What a reader from elsewhere needs to know first.")
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
        help_text=_("What the candidate did, as distinct from what the team did."),
    )
    decisions = written(
        rows=3, label=_("Decisions"), help_text=_("What was decided, what was rejected, and why.")
    )
    result = written(rows=3, label=_("Result"), help_text=_("What changed, measured where possible."))
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
        field_of(self, "competencies", forms.ModelMultipleChoiceField).queryset = competencies
        field_of(self, "evidence", forms.ModelMultipleChoiceField).queryset = evidence

    @property
    def texts(self):
        """Return the six texts as bound fields, in the order in which they are told."""
        return [self[name] for name in Story.TEXTS]


class Exhibition(forms.Form):
    evidence = Rows(Evidence.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, evidence, **options):
        super().__init__(*args, **options)
        field_of(self, "evidence", forms.ModelMultipleChoiceField).queryset = evidence


class WithdrawalForm(forms.Form):
    """Why a case is taken back; `is_read` says whether others read it, who then hear the reason."""

    reason = written(rows=2, limit=2_000, label=_("Reason"))

    def __init__(self, *args, is_read, **options):
        super().__init__(*args, **options)
        self.fields["reason"].required = is_read
