from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competencies.people_import.cells import FORMULA, is_nothing, spaced
from competencies.people_import.column_mapping import faults_of
from competencies.people_import.columns import COLUMNS
from competencies.people_import.dates import DATES
from competencies.people_import.detection import are_turned, dates_of, guess, managers_by_name
from competencies.people_import.employment_status import GONE, HERE, meaning_of
from competencies.people_import.encodings import ENCODINGS
from competencies.people_import.parser import MAX_BYTES
from ladder.web.form_fields import field_of

SAMPLES = 3
LOOKED_AT = 200
MOST_STATUSES = 20


class UploadForm(forms.Form):
    """A table of people. Whether it can be read is for the reader of tables to tell."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("CSV or XLSX with a heading row, up to 10 MiB, 50,000 rows and 200 columns."),
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MiB."), code="too-big")
        return file


class ReadingForm(forms.Form):
    """How a file is read, where the guess was wrong: sheet, encoding, delimiter, the row of the headings."""

    DELIMITERS = ((",", _("commas")), (";", _("semicolons")), ("\t", _("tabs")), ("|", _("pipes")))

    def __init__(self, people_import, data=None):
        super().__init__(data)
        read_as, about = people_import.read_as, people_import.sheet.about
        if len(about.get("sheets", ())) > 1:
            self._choose(
                "sheet",
                _("Sheet"),
                [(one["title"], _sheet_text(one)) for one in about["sheets"]],
                read_as["sheet"],
            )
        if about.get("encodings"):
            choices = [(key, f"{ENCODINGS[key]}: {text}") for key, text in about["encodings"]]
            self._choose("encoding", _("Accented letters read as"), choices, read_as["encoding"])
        if read_as["kind"] == "csv":
            self._choose("delimiter", _("Separator"), self.DELIMITERS, read_as["delimiter"])
        if about.get("top"):
            lines = [(str(line), _line_text(line, cells)) for line, *cells in about["top"]]
            choices = [*lines, ("0", _now("None of them: the file has no headings"))]
            self._choose("heading", _("Heading row"), choices, str(read_as.get("heading", "")))

    def _choose(self, name, label, choices, initial):
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, initial=initial, required=False, widget=forms.RadioSelect
        )

    def clean(self):
        self.how = {name: value for name, value in self.cleaned_data.items() if value}
        if "heading" in self.how:
            self.how["heading"] = int(self.how["heading"])
        if {"sheet", "delimiter", "encoding"} & set(self.changed_data) and "heading" not in self.changed_data:
            self.how.pop("heading", None)  # the lines are others now
        return self.cleaned_data


def _sheet_text(sheet):
    return _now("%(title)s (hidden)") % sheet if sheet["hidden"] else sheet["title"]


def _line_text(line, cells):
    text = " · ".join(cell for cell in cells if cell)
    return _now("Line %(line)d: %(cells)s") % {"line": line, "cells": text}


class MappingForm(forms.Form):
    """What each column of a file means, how it writes days and statuses, and whether it names everybody."""

    dates = forms.ChoiceField(
        label=_("Date format"),
        choices=DATES.items(),
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Dates with the year first, dates with the month as a word and spreadsheet dates are always read."
        ),
    )
    turned = forms.BooleanField(
        label=_("Names are written as “Ng, Ada”: read them as Ada Ng"),
        required=False,
    )
    leavers = forms.BooleanField(
        label=_("Offboard everyone who isn’t in the file"),
        required=False,
        help_text=_(
            "Only use this for a file that lists everyone. The preview shows who would be offboarded "
            "as of today. That never includes you, anyone who joins later or anyone named in a "
            "rejected row."
        ),
    )

    def __init__(self, sheet, mapping, data=None):
        every = sheet.rows()
        rows = every[:LOOKED_AT]
        columns = mapping["columns"] if mapping else guess(sheet.headings, rows)
        meanings = {place: key for key, place in columns.items()}
        super().__init__(
            data,
            initial={
                "dates": mapping["dates"] if mapping else dates_of(rows, columns),
                "leavers": bool(mapping and mapping.get("leavers")),
                "turned": mapping.get("turned", False) if mapping else are_turned(rows, columns),
            },
        )
        choices = [("", _("not used")), *((column.key, column.label) for column in COLUMNS.values())]
        self.headings = sheet.headings
        for place, heading in enumerate(sheet.headings):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=heading, choices=choices, required=False, initial=meanings.get(place, "")
            )
        self.samples = [_samples(rows, place) for place in range(len(sheet.headings))]
        self.named_managers = managers_by_name(sheet.headings, rows, columns)
        self.statuses = self._statuses(every, columns, mapping or {})
        self.in_question = self.initial["dates"] == ""

    def _statuses(self, rows, columns, mapping):
        """Add a field for each word of the column of statuses; return the words."""
        place = columns.get("status")
        if self.is_bound:
            chosen = (n for n in range(len(self.headings)) if self.data.get(f"column-{n}") == "status")
            place = next(chosen, None)
        if place is None:
            return []
        words = _different(rows, place, MOST_STATUSES + 1)
        if len(words) > MOST_STATUSES:
            return []
        for number, word in enumerate(words):
            known = mapping.get("status", {}).get(word) or meaning_of(word, self.headings[place])
            self.fields[f"status-{number}"] = forms.ChoiceField(
                label=_now("“%(word)s” means") % {"word": word[:60]},
                choices=[(HERE, _("still employed")), (GONE, _("has left"))],
                initial=known,
                required=False,
                widget=forms.RadioSelect,
            )
        return words

    @property
    def status_fields(self):
        return [self[f"status-{number}"] for number in range(len(self.statuses))]

    @property
    def columns(self):
        """Return the columns of the file: `(heading, samples, field)` each."""
        for place, heading in enumerate(self.headings):
            yield heading, self.samples[place], self[f"column-{place}"]

    def clean(self):
        chosen = {}
        for place in range(len(self.headings)):
            if key := self.cleaned_data.get(f"column-{place}"):
                if key in chosen:
                    twice = _("You chose “%(label)s” twice. Choose it for one column only.") % {
                        "label": COLUMNS[key].label
                    }
                    self.add_error(f"column-{place}", twice)
                chosen[key] = place
        for fault in faults_of(chosen):
            self.add_error(None, fault)
        self.mapping = {
            "columns": chosen,
            "dates": self._dates(chosen),
            "leavers": self.cleaned_data.get("leavers", False),
            "turned": self.cleaned_data.get("turned", False),
        }
        if self.statuses:
            self.mapping["status"] = self._status()
        return self.cleaned_data

    def _dates(self, chosen):
        order = self.cleaned_data.get("dates")
        if not order and "dates" not in self.errors and any(COLUMNS[key].is_day for key in chosen):
            self.add_error("dates", _("Choose a date format: 02/01/2024 can be read in two ways."))
        return order or "iso"

    def _status(self):
        meanings = {}
        for number, word in enumerate(self.statuses):
            name = f"status-{number}"
            meanings[word] = self.cleaned_data.get(name) or self.fields[name].initial
            if not meanings[word] and name not in self.errors:
                self.add_error(name, _("Choose whether someone with this status is still employed."))
        return meanings


def _different(rows, place, most):
    """Return the first few different values of a column that say something."""
    found: dict[str, None] = {}
    for row in rows:
        cell = row[place + 1]
        if cell is not FORMULA and (text := spaced(cell)) and not is_nothing(text):
            found.setdefault(text, None)
            if len(found) == most:
                break
    return list(found)


def _samples(rows, place):
    """Return the first few different values of a column as they are shown."""
    values = (str(_("a formula")) if row[place + 1] is FORMULA else spaced(row[place + 1]) for row in rows)
    return list(dict.fromkeys(value[:60] for value in values if value))[:SAMPLES]


class DroppingForm(forms.Form):
    """The rows that may be anybody, of which somebody says that they are nobody who is here."""

    MOST = 50
    lines = forms.TypedMultipleChoiceField(
        label=_("Rows to skip"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the rows to skip first.")},
    )

    def __init__(self, preview, rows, data=None):
        super().__init__(data)
        unread = preview.findings.filter(is_unread=True).values_list("line", flat=True)[: self.MOST]
        cells = {row[0]: row[1:] for row in rows}
        field_of(self, "lines", forms.TypedMultipleChoiceField).choices = [
            (line, _line_text(line, _shown(cells.get(line, ())))) for line in unread
        ]


def _shown(cells):
    return [spaced(cell)[:60] for cell in cells if cell is not FORMULA][:12]


class ApplyForm(forms.Form):
    """What HR has to say before an import is applied."""

    skip_refused = forms.BooleanField(required=False)
    confirmed = forms.IntegerField(required=False, min_value=0, widget=forms.TextInput)

    def __init__(self, preview, data=None):
        super().__init__(data)
        refused = preview.counts["refused"]
        self.fields["skip_refused"].label = _("Skip the rejected rows (%(number)d) and apply the rest") % {
            "number": refused
        }
        self.fields["confirmed"].label = _(
            "Type %(number)d to confirm that this many people will be offboarded"
        ) % {"number": preview.to_confirm}
        if not refused:
            del self.fields["skip_refused"]
        if not preview.to_confirm:
            del self.fields["confirmed"]
