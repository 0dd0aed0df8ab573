from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from competencies.framework.models import Framework
from competencies.packets.models import Packet
from competencies.packets.models.export import PacketLink
from competencies.packets.selection import OUTCOMES, Choice
from competencies.promotions.models import PromotionCase
from competencies.reviews.models import Cycle
from ladder.web.form_fields import PersonField, field_of

NO_MATTER = lazystr(_("Any"))


class ChoiceForm(forms.Form):
    """Of which cases an export is, and which copy. What is offered is taken from cases one may export."""

    cycle = forms.ModelChoiceField(
        queryset=Cycle.objects.none(), label=_("Cycle"), required=False, empty_label=NO_MATTER
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    below = PersonField(label=_("Everyone reporting to"), max_length=200, required=False)
    level = forms.ChoiceField(label=_("Target level"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", NO_MATTER), *OUTCOMES.items()]
    )
    variant = forms.ChoiceField(label=_("Copy"), choices=Packet.Variant.choices)

    def __init__(self, data=None, *, by):
        super().__init__(data)
        cases = PromotionCase.objects.allowing(by, "packets.export_case").order_by()
        teams = cases.exclude(subject__team="").values_list("subject__team", flat=True).distinct()
        levels = cases.values_list(
            "to_level__edition__framework__key", "to_level__key", "to_level__title"
        ).distinct()
        self.fields["below"].widget.attrs["placeholder"] = _("Email or name")
        field_of(self, "cycle", forms.ModelChoiceField).queryset = Cycle.objects.allowing(
            by, "reviews.read_cycle"
        ).filter(opening__isnull=False)
        field_of(self, "team", forms.ChoiceField).choices = [
            ("", NO_MATTER),
            *((team, team) for team in sorted(teams)),
        ]
        field_of(self, "level", forms.ChoiceField).choices = [("", NO_MATTER), *_named(levels)]

    @property
    def choice(self):
        """What was asked for, once the form is valid."""
        found = self.cleaned_data
        return Choice(
            cycle=found["cycle"] and found["cycle"].pk,
            team=found["team"],
            below=found["below"] and found["below"].pk,
            level=found["level"],
            outcome=found["outcome"],
        )


def _named(levels):
    """Return the choices of levels `(framework, level, title)`, naming frameworks where there are several."""
    levels = sorted(levels)
    several = len({framework for framework, _level, _title in levels}) > 1
    titles = {f"{framework}/{level}": (framework, title) for framework, level, title in levels}
    if not several:
        return [(name, title) for name, (_framework, title) in titles.items()]
    called = {row.key: str(row) for row in Framework.objects.all()}
    return [(name, f"{called[framework]}: {title}") for name, (framework, title) in titles.items()]


class LinkForm(forms.Form):
    """For whom a link to one packet is, and for how long."""

    person = PersonField(
        label=_("Person"),
        max_length=200,
        help_text=_("Enter the email, staff number or name of someone who may read the packet."),
    )
    days = forms.IntegerField(
        label=_("Days valid"), min_value=1, max_value=PacketLink.MOST_DAYS, initial=PacketLink.MOST_DAYS
    )
