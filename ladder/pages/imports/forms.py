from django import forms
from django.utils.translation import gettext_lazy as _

from competencies.people.mapping import COLUMNS, DATES, WRITTEN, faults_of, guess
from competencies.people.reading import FORMULA, MAX_BYTES

SAMPLES = 3
LOOKED_AT = 200


class UploadForm(forms.Form):
    """A table of people. Whether it can be read is for the reader of tables to tell."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_(
            "CSV or XLSX, at most 10 MiB, 50,000 rows and 60 columns; the first line holds the headings."
        ),
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MiB."), code="too-big")
        return file


class MappingForm(forms.Form):
    """What each column of a file means, how it writes days, and whether it names everybody."""

    dates = forms.ChoiceField(
        label=_("How the file writes days"),
        choices=DATES.items(),
        widget=forms.RadioSelect,
        help_text=_("ISO days and the days of a spreadsheet are always understood."),
    )
    leavers = forms.BooleanField(
        label=_("Whoever is here and not in the file has left"),
        required=False,
        help_text=_(
            "Only for a file that names everybody. The preview says who would be gone from today; never you "
            "yourself, and nobody who only joins later."
        ),
    )

    def __init__(self, sheet, mapping, data=None):
        rows = sheet.rows()[:LOOKED_AT]
        columns = mapping["columns"] if mapping else guess(sheet.headings)
        meanings = {place: key for key, place in columns.items()}
        super().__init__(
            data,
            initial={
                "dates": mapping["dates"] if mapping else _dates_of(rows, columns),
                "leavers": bool(mapping and mapping.get("leavers")),
            },
        )
        choices = [("", _("not used")), *((column.key, column.label) for column in COLUMNS.values())]
        self.headings = sheet.headings
        for place, heading in enumerate(sheet.headings):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=heading, choices=choices, required=False, initial=meanings.get(place, "")
            )
        self.samples = [_samples(rows, place) for place in range(len(sheet.headings))]

    @property
    def columns(self):
        """The columns of the file: `(heading, samples, field)` each."""
        for place, heading in enumerate(self.headings):
            yield heading, self.samples[place], self[f"column-{place}"]

    def clean(self):
        chosen = {}
        for place in range(len(self.headings)):
            if key := self.cleaned_data.get(f"column-{place}"):
                if key in chosen:
                    twice = _("“%(label)s” is chosen twice.") % {"label": COLUMNS[key].label}
                    self.add_error(f"column-{place}", twice)
                chosen[key] = place
        for fault in faults_of(chosen):
            self.add_error(None, fault)
        self.mapping = {
            "columns": chosen,
            "dates": self.cleaned_data.get("dates", "iso"),
            "leavers": self.cleaned_data.get("leavers", False),
        }
        return self.cleaned_data


def _samples(rows, place):
    """Return the first few different values of a column."""
    values = (str(_("a formula")) if row[place + 1] is FORMULA else row[place + 1] for row in rows)
    return list(dict.fromkeys(value[:60] for value in values if value))[:SAMPLES]


def _dates_of(rows, columns):
    """Guess how days are written: the month stands first where the second number is too large for one."""
    order = "iso"
    for key, place in columns.items():
        if not COLUMNS[key].is_day:
            continue
        for row in rows:
            if row[place + 1] and (found := WRITTEN.match(row[place + 1])):
                if int(found[3]) > 12:
                    return "mdy"
                order = "dmy"
    return order


class ApplyForm(forms.Form):
    """What HR has to say before an import is applied."""

    skip_refused = forms.BooleanField(required=False)
    confirmed = forms.IntegerField(required=False, min_value=0, widget=forms.TextInput)

    def __init__(self, preview, data=None):
        super().__init__(data)
        refused = preview.counts["refused"]
        self.fields["skip_refused"].label = _(
            "Leave out the refused rows (%(number)d) and apply the rest"
        ) % {"number": refused}
        self.fields["confirmed"].label = _("Type %(number)d to confirm that so many people leave") % {
            "number": preview.to_confirm
        }
        if not refused:
            del self.fields["skip_refused"]
        if not preview.to_confirm:
            del self.fields["confirmed"]
