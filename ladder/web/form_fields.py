"""Form fields that several pages share."""

from datetime import date
from functools import cache
from typing import TypeVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import zone_names
from competencies.core.refusals import Refusal
from competencies.evidence.links import LONGEST, check_link
from competencies.framework.titles import told_apart
from competencies.people.models import Person

FIRST_DAY, LAST_DAY = date(1940, 1, 1), date(2100, 12, 31)  # as imports have it: further out is a slip
AREAS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)

Kind = TypeVar("Kind", bound=forms.Field)


def field_of(form: forms.BaseForm, name: str, kind: type[Kind]) -> Kind:
    """Return the field `name` of a form, which is of that kind; refuse one of another with `TypeError`."""
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{name} is no {kind.__name__}")
    return field


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put each fault that the domain found beside the field it is about, or above the form."""
    for field, sentence in refusal.by_field:
        form.add_error(field if field in form.fields else None, sentence)


class Rows(forms.ModelMultipleChoiceField):
    """Several rows by their ids. A number too large for an id is no row, as any other that is unknown."""

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError:  # SQLite cannot even be asked
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": max(value, key=len)},
            ) from None


class OneOfFrameworks(forms.ModelChoiceField):
    """A level or track of some editions, under the names of their frameworks where there are several."""

    def __init__(self, model, **options):
        self.model = model
        super().__init__(model.objects.none(), empty_label=None, **options)

    def offer(self, editions):
        """Let one of the rows of `editions` be chosen."""
        rows = self.model.objects.filter(edition__in=editions).select_related("edition__framework")
        self.queryset = rows.order_by("edition__framework__title", "edition", "position")
        titles = told_apart(self.queryset)
        groups: dict[str, list[tuple[int, str]]] = {}
        for row in self.queryset:
            groups.setdefault(str(row.edition.framework), []).append((row.pk, titles[row.pk]))
        self.choices = list(groups.items()) if len(groups) > 1 else list(titles.items())


class TimeZoneField(forms.ChoiceField):
    """A time zone by its name, offered by areas. `offer` adds one that is used already and not listed."""

    def __init__(self, **options):
        super().__init__(label=_("Time zone"), choices=zones_by_area, **options)

    def offer(self, name, label=""):
        """Put a zone, or with an empty name the want of one, before all others."""
        listed = {value for _area, group in zones_by_area() for value, _label in group}
        if name not in listed:
            self.choices = [(name, label or name), *zones_by_area()]


@cache
def zones_by_area():
    """Return the time zones that somebody may live in: `[(area, [(name, label), …])]`."""
    areas: dict[str, list[tuple[str, str]]] = {area: [] for area in AREAS}
    for name in sorted(zone_names()):
        area, slash, place = name.partition("/")
        if slash and area in areas:
            areas[area].append((name, place.replace("_", " ").replace("/", ", ")))
    return [*areas.items(), (_("Other"), [("UTC", "UTC")])]


class Day(forms.DateField):
    """A day, picked from the browser's calendar."""

    default_validators = [
        MinValueValidator(FIRST_DAY, _("Enter a date from 1940 onwards.")),
        MaxValueValidator(LAST_DAY, _("Enter a date no later than 2100.")),
    ]

    def __init__(self, **options):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **options)


class Link(forms.URLField):
    """The address of a page on the web or in the company's own network; https where no scheme is typed."""

    default_validators = [check_link]

    def __init__(self, **options):
        super().__init__(max_length=LONGEST, assume_scheme="https", **options)


class Prose(forms.CharField):
    """A text with one kind of line end, however the browser sent it."""

    widget = forms.Textarea

    def to_python(self, value):
        return (super().to_python(value) or "").replace("\r\n", "\n")


class PersonField(forms.CharField):
    """Somebody who is here, by email, staff number or full name. A miss keeps whom it may have meant."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def clean(self, value):
        words = super().clean(value)
        if not words:
            return None
        found = known_as(words)
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(
            gettext("More than one person has this name. Choose one of them.")
            if found
            else gettext("Nobody here has exactly this email, staff number or name."),
            code="unknown-person",
        )


def known_as(words):
    """Return the people who are here with this email or staff number or, failing both, with this name."""
    people = Person.objects.active()
    return list(people.filter(email=words.lower())[:1] or people.filter(number=words)[:1]) or list(
        people.filter(name=words)[:2]
    )
