from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.access.clock import today
from competencies.evidence.models import Evidence
from competencies.framework.models import Competency
from ladder.fields import Day, Link, Prose, Rows


class EvidenceForm(forms.Form):
    """A piece of somebody's work."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("What was done and what came of it: “Split the ledger so that two teams release alone”."),
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
            "The situation, your own part, the result, and who can confirm it. "
            "Markdown works: **bold**, - lists, [links](https://…)."
        ),
    )
    link = Link(
        label=_("Link"),
        required=False,
        help_text=_("A design, a merge request, an incident report: where a reader can see it."),
    )
    competencies = Rows(
        queryset=Competency.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label=_("What it speaks for"),
        required=False,
        help_text=_("One to three is usual. A piece that speaks for everything speaks for nothing."),
    )

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        competencies = Competency.objects.filter(edition=edition).select_related("area")
        self.fields["competencies"].queryset = competencies

    @classmethod
    def of(cls, evidence, edition):
        """Return the form filled with what is recorded, its competencies found by key in `edition`."""
        keys = [tag.competency.key for tag in evidence.tags.all()]
        fields = ("version", "title", "happened_on", "kind", "text", "link")
        return cls(
            edition=edition,
            initial={
                **{field: getattr(evidence, field) for field in fields},
                "competencies": Competency.objects.filter(edition=edition, key__in=keys),
            },
        )

    def by_area(self):
        """Return the boxes to tick under the areas they belong to: `[(area title, boxes), …]`."""
        grouped = {}
        for box in self["competencies"]:
            grouped.setdefault(box.data["value"].instance.area.title, []).append(box)
        return list(grouped.items())

    def answers(self):
        """Return what `Evidence.log` and `Evidence.rewrite` take, the version apart."""
        return {field: value for field, value in self.cleaned_data.items() if field != "version"}


class FilterForm(forms.Form):
    """What a timeline is narrowed to."""

    competency = forms.ModelChoiceField(
        queryset=Competency.objects.none(), to_field_name="key", required=False, empty_label=_("All")
    )
    kind = forms.ChoiceField(choices=[("", _("All")), *Evidence.Kind.choices], required=False)

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["competency"].queryset = Competency.objects.filter(edition=edition)
        self.fields["competency"].label = _("Competency")
        self.fields["kind"].label = _("Kind")

    def narrow(self, rows):
        """Keep the evidence that the form asks for; a value that it does not know asks for nothing."""
        self.is_valid()
        if competency := self.cleaned_data.get("competency"):
            rows = rows.about(competency.key)
        if kind := self.cleaned_data.get("kind"):
            rows = rows.filter(kind=kind)
        return rows
