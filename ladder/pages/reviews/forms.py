from email.utils import parseaddr
from operator import attrgetter

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import zone
from competencies.evidence.models import Evidence
from competencies.framework.models import Edition, Level, ScalePoint
from competencies.framework.titles import told_apart
from competencies.people.models import Person
from competencies.people.search import called
from competencies.reviews.models import Cycle
from ladder.web.form_fields import Day, Link, Prose, Rows, add_refusal, field_of

LINES = 5_000
INSTANT = "%Y-%m-%dT%H:%M"


class InstantField(forms.DateTimeField):
    """A day and time in the organisation's zone, which the page names, whatever zone its reader has."""

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=INSTANT)
        super().__init__(widget=widget, input_formats=[INSTANT, f"{INSTANT}:%S"], **kwargs)

    def to_python(self, value):
        with timezone.override(zone()):
            return super().to_python(value)

    def prepare_value(self, value):
        with timezone.override(zone()):
            return super().prepare_value(value)


class PeopleField(forms.CharField):
    """People by email address or full name, one a line; errors name the line."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}), **kwargs)

    def clean(self, value):
        lines = [(number, line.strip()) for number, line in enumerate(super().clean(value).splitlines(), 1)]
        named = [(number, _address(line)) for number, line in lines if line]
        if len(named) > LINES:
            raise forms.ValidationError(_("Enter at most %(limit)d lines.") % {"limit": LINES})
        found = _people([key for _number, key in named])
        faults = [_fault(number, key, found) for number, key in named if len(found.get(key, ())) != 1]
        if faults:
            raise forms.ValidationError(faults)
        return list({found[key][0].pk: found[key][0] for _number, key in named}.values())


def _address(line):
    """Return what a line names somebody by: the address in `Name <address>`, or all of it; small letters."""
    return (parseaddr(line)[1] if "<" in line else line).strip().lower()


def _people(keys):
    """Return the active people with these addresses or names: `{key: [person, …]}`."""
    found: dict[str, list[Person]] = {}
    here = Person.objects.active()
    by_email = here.filter(email__in=keys)
    by_name = called(keys).filter(pk__in=here.values("pk"))
    for person in sorted({*by_email, *by_name}, key=attrgetter("pk")):
        for key in (person.email.lower(), person.name.lower()):
            found.setdefault(key, []).append(person)
    return found


def _fault(number, key, found):
    words = (
        gettext("Line %(line)d: more than one person is called %(key)s. Enter the email address instead.")
        if found.get(key)
        else gettext("Line %(line)d: nobody here is known as %(key)s.")
    )
    return forms.ValidationError(words % {"line": number, "key": key}, code="unknown-person")


def _zone():
    return gettext("Time zone: %(zone)s.") % {"zone": zone()}


class CycleForm(forms.Form):
    """What HR says about a cycle before it opens.

    Where several frameworks are published, each has a field of its own in place of `edition`.
    """

    EVERYONE, CHOSEN = "everyone", "chosen"
    time_zone = property(lambda self: zone())  # in which the deadlines are typed

    version = forms.IntegerField(min_value=0, initial=0, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("Everyone in the cycle sees this name, such as “Half-year review, autumn 2026”."),
    )
    edition = forms.ModelChoiceField(
        queryset=Edition.objects.none(),
        label=_("Framework"),
        empty_label=None,
        help_text=_("Every review in this cycle uses this edition."),
    )
    self_due_at = InstantField(label=_("Self-assessments due"), help_text=lazy(_zone, str)())
    manager_due_at = InstantField(
        label=_("Manager assessments due"), help_text=_("On or after the date for self-assessments.")
    )
    blind = forms.BooleanField(
        label=_("Double blind"),
        required=False,
        initial=True,
        help_text=_(
            "On: neither side sees the other’s ratings until both have submitted, so neither influences the "
            "other. Off: each side sees the other’s ratings as soon as those are submitted."
        ),
    )
    who = forms.ChoiceField(
        label=_("Who takes part"),
        choices=[
            (EVERYONE, _("Everyone with a level and a manager")),
            (CHOSEN, _("The people and teams named below")),
        ],
        initial=EVERYONE,
        widget=forms.RadioSelect,
    )
    people = PeopleField(
        label=_("People"),
        required=False,
        help_text=_("One per line: email address or full name. You can paste a column from a spreadsheet."),
    )
    teams = PeopleField(
        label=_("Whole teams"),
        required=False,
        help_text=_(
            "Managers, one per line. Everyone who reports to them, directly or indirectly, takes part."
        ),
    )

    def __init__(self, *args, cycle=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        editions = Edition.objects.published().select_related("framework", "publication")
        frameworks = dict.fromkeys(edition.framework for edition in editions.order_by("framework__title"))
        self.edition_names = ["edition"]
        field_of(self, "edition", forms.ModelChoiceField).queryset = editions
        if len(frameworks) > 1:
            self._ask_for_each(frameworks, editions)

    def _ask_for_each(self, frameworks, editions):
        """Put a field for each framework in the place of the one for an edition."""
        order = list(self.fields)
        one = self.fields.pop("edition")
        for framework in frameworks:
            name = self.name_of(framework.pk)
            rows = editions.filter(framework=framework).order_by("-number")
            self.fields[name] = forms.ModelChoiceField(
                rows,
                label=str(framework),
                required=False,
                empty_label=_("Not in this cycle"),
                initial=rows[0],
            )
        self.edition_names = [self.name_of(framework.pk) for framework in frameworks]
        self.fields[self.edition_names[-1]].help_text = one.help_text
        place = order.index("edition")
        self.order_fields([*order[:place], *self.edition_names, *order[place + 1 :]])

    @staticmethod
    def name_of(framework):
        return f"edition-{framework}"

    @property
    def edition_fields(self):
        """The bound fields in which editions are chosen."""
        return [self[name] for name in self.edition_names]

    @classmethod
    def of(cls, cycle):
        """Return the form filled with what `cycle` says now."""
        chosen = (
            ""
            if cycle.everyone
            else "\n".join(cycle.people.order_by("email").values_list("email", flat=True))
        )
        held = dict(cycle.spannings.values_list("framework", "edition"))
        form = cls(
            cycle=cycle,
            initial={
                "version": cycle.version,
                "name": cycle.name,
                "edition": next(iter(held.values()), None),
                **{cls.name_of(framework): edition for framework, edition in held.items()},
                "self_due_at": cycle.self_due_at,
                "manager_due_at": cycle.manager_due_at,
                "blind": cycle.blind,
                "who": cls.EVERYONE if cycle.everyone else cls.CHOSEN,
                "people": chosen,
            },
        )
        for name in form.edition_names:
            form.initial.setdefault(name, None)
        return form

    def clean_name(self):
        name = self.cleaned_data["name"]
        others = Cycle.objects.exclude(pk=self.cycle and self.cycle.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(
                _("There’s already a cycle of this name. Choose another name."), code="taken"
            )
        return name

    def clean(self):
        values = super().clean() or {}
        for refusal in Cycle.faults_of_days(values.get("self_due_at"), values.get("manager_due_at")):
            add_refusal(self, refusal)
        named = [values[name] for name in ("people", "teams") if name in values]
        if values.get("who") == self.CHOSEN and len(named) == 2 and not any(named):
            self.add_error("people", _("Name at least one person or team, or choose everyone."))
        if len(self.edition_names) > 1 and not any(values.get(name) for name in self.edition_names):
            self.add_error(self.edition_names[0], _("Choose an edition of at least one framework."))
        return values

    def answers(self):
        """Return what `Cycle.prepare` and `Cycle.change` take."""
        values = self.cleaned_data
        everyone = values["who"] == self.EVERYONE
        chosen = {person.pk: person for person in values["people"]}
        for manager in values["teams"]:
            chosen |= {person.pk: person for person in manager.below().active()}
        fields = ("name", "self_due_at", "manager_due_at", "blind")
        return {
            **{field: values[field] for field in fields},
            "editions": [values[name] for name in self.edition_names if values[name]],
            "everyone": everyone,
            "people": [] if everyone else list(chosen.values()),
        }


class ClosingForm(forms.Form):
    """The name of the cycle, typed: closing cannot be undone."""

    name = forms.CharField(label=_("Cycle name"), max_length=120)

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        self.fields["name"].help_text = _("Type “%(name)s” to close it.") % {"name": cycle.name}

    def clean_name(self):
        if self.cleaned_data["name"].strip() != self.cycle.name:
            raise forms.ValidationError(_("That isn’t the name of this cycle."), code="mismatch")
        return self.cycle.name


class AimForm(forms.Form):
    """The level that a review reads against."""

    level = forms.ModelChoiceField(queryset=Level.objects.none(), label=_("Level"), empty_label=None)

    def __init__(self, data=None, *, review):
        super().__init__(data, initial={"level": review.level_id})
        levels = Level.objects.filter(edition=review.level.edition_id)
        titles = told_apart(levels)
        field = field_of(self, "level", forms.ModelChoiceField)
        field.queryset = levels
        field.label_from_instance = lambda obj: titles[obj.pk]  # type: ignore[method-assign]


class ReasonForm(forms.Form):
    """Why an assessment is given back."""

    reason = forms.CharField(
        label=_("Reason for reopening"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The author will read this."),
    )


class RatingForm(forms.Form):
    """The answer for one competency.

    `known` is the stored version that a conflict on the page already shows, `over` the one that the
    writer has chosen to write over.
    """

    version = forms.IntegerField(min_value=0)
    known = forms.IntegerField(min_value=0, required=False)
    over = forms.IntegerField(min_value=0, required=False)
    point = forms.ModelChoiceField(queryset=ScalePoint.objects.none(), required=False)
    comment = Prose(required=False, strip=False)
    evidence = Rows(queryset=Evidence.objects.none(), required=False)

    def __init__(self, *args, assessment, by, **kwargs):
        super().__init__(*args, **kwargs)
        review = assessment.review
        points = ScalePoint.objects.filter(edition=review.level.edition_id)
        pieces = Evidence.objects.allowing(by, "evidence.read_evidence").filter(person=review.subject_id)
        field_of(self, "point", forms.ModelChoiceField).queryset = points
        field_of(self, "evidence", forms.ModelMultipleChoiceField).queryset = pieces

    def answer(self, *, over=False):
        """Return what `Assessment.rate` takes, written over the version in `over` when asked to."""
        values = {field: self.cleaned_data[field] for field in ("version", "point", "comment", "evidence")}
        if over and self.cleaned_data["over"] is not None:
            values["version"] = self.cleaned_data["over"]
        return values


class PieceForm(forms.Form):
    """A piece of evidence, told in place."""

    title = forms.CharField(
        label=_("What happened"),
        max_length=200,
        widget=forms.TextInput(attrs={"autofocus": True}),
        help_text=_("One piece of work and its outcome, in the past tense."),
    )
    happened_on = Day(label=_("Date"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Evidence.Kind.choices)
    link = Link(label=_("Link"), required=False)

    @classmethod
    def beside(cls, competency, data=None):
        """Return the form that stands beside one competency, its ids apart from those of the others."""
        return cls(data, auto_id=f"piece-{competency.pk}-%s")
