from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import today
from competencies.core.prepared import prepared
from competencies.evidence.models import Evidence
from competencies.framework.models import Area, Competency
from competencies.framework.titles import told_apart
from ladder.web.form_fields import Day, Link, Prose, Rows, add_refusal, field_of


class EvidenceForm(forms.Form):
    """A piece of somebody's work."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_(
            "What was done and its outcome: “Split the ledger so that two teams release on their own”."
        ),
    )
    happened_on = Day(label=_("Date"), initial=today)
    kind = forms.ChoiceField(label=_("Kind"), choices=Evidence.Kind.choices)
    text = Prose(
        label=_("What happened"),
        required=False,
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "The situation, who did what, the outcome, and who can confirm it. "
            "You can use Markdown: **bold**, - lists, [links](https://…)."
        ),
    )
    link = Link(
        label=_("Link"),
        required=False,
        help_text=_("Where readers can see it: a design, a merge request or an incident report."),
    )
    competencies = Rows(
        queryset=Competency.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label=_("Competencies"),
        required=False,
        help_text=_("One to three is usual. Evidence of everything is evidence of nothing."),
    )

    def __init__(self, *args, editions, **kwargs):
        super().__init__(*args, **kwargs)
        self.several = len(editions) > 1
        rows = _competencies_of(editions)
        titles = told_apart(rows)
        field = field_of(self, "competencies", forms.ModelMultipleChoiceField)
        field.queryset = rows
        field.label_from_instance = lambda obj: titles[obj.pk]  # type: ignore[method-assign]

    @classmethod
    def of(cls, evidence, editions):
        """Return the form filled with what is recorded, its competencies found by key in `editions`."""
        lineages = {tag.competency.lineage for tag in evidence.tags.all()}
        competencies = [row for row in _competencies_of(editions) if row.lineage in lineages]
        fields = ("version", "title", "happened_on", "kind", "text", "link")
        return cls(
            editions=editions,
            initial={
                **{field: getattr(evidence, field) for field in fields},
                "competencies": competencies,
            },
        )

    def clean(self):
        values = super().clean() or {}
        competencies = values.get("competencies", [None])  # one that is unknown has its error already
        for refusal in Evidence.faults(values.get("happened_on"), competencies):
            add_refusal(self, refusal)
        return values

    def by_area(self):
        """Return the boxes to tick under the areas they belong to: `[(area title, boxes), …]`.

        The title names the framework too where there are several.
        """
        grouped: dict[Area, list[BoundWidget]] = {}
        for box in self["competencies"]:
            grouped.setdefault(box.data["value"].instance.area, []).append(box)
        return [(self._heading(area), boxes) for area, boxes in grouped.items()]

    def _heading(self, area):
        return f"{area.edition.framework}: {area.title}" if self.several else area.title

    def answers(self):
        """Return what `Evidence.log` and `Evidence.rewrite` take, the version apart."""
        return {field: value for field, value in self.cleaned_data.items() if field != "version"}


def _competencies_of(editions: list[int]):
    """Return the competencies of some editions, framework by framework."""
    rows = Competency.objects.filter(edition__in=editions).select_related(
        "area__edition__framework", "edition"
    )
    return rows.order_by("edition__framework__title", "edition", "position")


_competencies_to_choose = prepared(_competencies_of)


class FilterForm(forms.Form):
    """What a timeline is narrowed to. Of one framework a competency is asked for by key, of several by id."""

    competency = forms.ModelChoiceField(
        queryset=Competency.objects.none(), to_field_name="key", required=False, empty_label=_("All")
    )
    kind = forms.ChoiceField(choices=[("", _("All")), *Evidence.Kind.choices], required=False)

    def __init__(self, *args, editions, **kwargs):
        super().__init__(*args, **kwargs)
        competency = field_of(self, "competency", forms.ModelChoiceField)
        competency.to_field_name = "key" if len(editions) == 1 else None
        competency.queryset = _competencies_of(editions)
        competency.label = _("Competency")
        rows = _competencies_to_choose(sorted(edition.pk for edition in editions))
        several, titles = len(editions) > 1, told_apart(rows)
        named = [
            (
                row.pk if several else row.key,
                f"{row.edition.framework}: {titles[row.pk]}" if several else titles[row.pk],
            )
            for row in rows
        ]
        competency.choices = [("", competency.empty_label), *named]
        self.fields["kind"].label = _("Kind")

    def narrow(self, rows):
        """Keep the evidence that the form asks for; a value that it does not know asks for nothing."""
        self.is_valid()
        if competency := self.cleaned_data.get("competency"):
            rows = rows.about(competency)
        if kind := self.cleaned_data.get("kind"):
            rows = rows.filter(kind=kind)
        return rows
