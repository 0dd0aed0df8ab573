"""What the columns of a table of people mean, and what a row of it says once they are known."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from .reading import FORMULA

FIRST_YEAR, LAST_YEAR = 1940, 2100
JOINERS = "\u200c\u200d"  # names in Persian and Hindi are written with them
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True)
class Column:
    """Something that a column can hold: what it is called on pages, its longest text, and its other names."""

    key: str
    label: str | Promise
    longest: int = 200
    spellings: tuple = ()
    is_day: bool = False


def _column(key, label, spellings, **options):
    return Column(key, label, spellings=tuple(spellings.split()), **options)


COLUMNS = {
    column.key: column
    for column in (
        _column(
            "number",
            gettext_lazy("Staff number"),
            "staffnumber staffno staffid number employeenumber employeeno employeeid personnelnumber "
            "personnelno workerid personid payrollnumber badge personalnummer "
            "personalnr mitarbeiternummer matricule id",
            longest=40,
        ),
        _column(
            "email",
            gettext_lazy("Email"),
            "email emailaddress workemail mail businessemail companyemail primaryemail adressemail courriel",
            longest=254,
        ),
        _column(
            "name",
            gettext_lazy("Name"),
            "name fullname displayname employeename employee person worker workername preferredname "
            "legalname",
        ),
        _column(
            "title",
            gettext_lazy("Job title"),
            "jobtitle title position positiontitle role businesstitle function",
        ),
        _column(
            "team",
            gettext_lazy("Team"),
            "team teamname squad department dept departmentname orgunit organisationunit organizationunit "
            "costcentre costcenter unit group",
            longest=120,
        ),
        _column("pronouns", gettext_lazy("Pronouns"), "pronouns pronoun preferredpronouns", longest=40),
        _column(
            "joined_on",
            gettext_lazy("Joined"),
            "joined joinedon joindate joiningdate hiredate hiredon hired startdate startedon employmentstart "
            "entrydate dateofjoining dateofhire originalhiredate eintritt",
            is_day=True,
        ),
        _column(
            "last_day",
            gettext_lazy("Last day here"),
            "lastday lastworkingday lastdayofwork lastdayhere terminationdate enddate employmentend "
            "leavingdate leavedate leaveson dateleft exitdate austritt",
            is_day=True,
        ),
        _column(
            "gone_from",
            gettext_lazy("First day no longer here"),
            "gonefrom firstdaygone firstdaynolongerhere inactivefrom deactivatedon",
            is_day=True,
        ),
        _column(
            "manager",
            gettext_lazy("Manager (staff number or email)"),
            "manager manageremail managernumber managerid managerstaffnumber managerstaffno "
            "manageremployeeid manageremployeenumber managersemail reportsto "
            "reportstoemail reportstoid supervisor supervisoremail supervisorid linemanager "
            "linemanageremail linemanagerid "
            "manageraddress vorgesetzter",
            longest=254,
        ),
        _column(
            "line_from",
            gettext_lazy("Reports to them from"),
            "linefrom managersince managerfrom reportstosince reportstofrom reportingsince reportingfrom "
            "linesince managerstartdate",
            is_day=True,
        ),
        _column(
            "track",
            gettext_lazy("Track"),
            "track careertrack ladder profile roleprofile jobfamily family discipline",
            longest=200,
        ),
        _column(
            "level",
            gettext_lazy("Level"),
            "level careerlevel joblevel grade seniority band jobgrade",
            longest=200,
        ),
        _column(
            "level_from",
            pgettext_lazy("a day", "At that level from"),
            "levelfrom levelsince lastpromotion lastpromotiondate promotedon placementfrom placedfrom "
            "gradesince gradefrom levelstartdate leveleffectivedate",
            is_day=True,
        ),
    )
}
DESCRIBING = ("number", "email", "name", "title", "team", "pronouns", "joined_on")
DATES = {
    "iso": gettext_lazy("2026-03-31 (ISO) only"),
    "dmy": gettext_lazy("31/03/2026 or 31.3.2026: the day first"),
    "mdy": gettext_lazy("03/31/2026: the month first"),
}
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$")
WRITTEN = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\.?$")


def guess(headings):
    """Return which heading says what, by its spelling: `{column key: place from 0}`."""
    bare = [re.sub(r"[\W_]+", "", heading.casefold()) for heading in headings]
    found = {}
    for column in COLUMNS.values():
        for spelling in column.spellings:  # the surest first
            if spelling in bare and bare.index(spelling) not in found.values():
                found[column.key] = bare.index(spelling)
                break
    if "last_day" in found:
        found.pop("gone_from", None)
    return found


def faults_of(columns):
    """Say in sentences why a mapping (`{column key: place}`) cannot be used; empty when it can."""
    faults = []
    if not {"number", "email"} & set(columns):
        faults.append(_("Say which column holds the staff number or the email: people are known by them."))
    if {"last_day", "gone_from"} <= set(columns):
        faults.append(_("Take either the last day or the first day gone, not both."))
    if len(set(columns.values())) < len(columns):
        faults.append(_("One column of the file cannot mean two things."))
    for needing, needed in (("line_from", "manager"), ("level_from", "level")):
        if needing in columns and needed not in columns:
            faults.append(
                _("“%(day)s” says nothing without “%(what)s”.")
                % {"day": COLUMNS[needing].label, "what": COLUMNS[needed].label}
            )
    return faults


@dataclass(slots=True)
class Said:
    """What one row of the file says: its line, a value for each cell that is filled, and what is wrong.

    `spoilt` names the columns whose cell cannot be read: what they would have said is not missing.
    """

    line: int
    values: dict
    faults: list = field(default_factory=list)
    spoilt: set = field(default_factory=set)


class Reader:
    """Turns rows into what they say, by a mapping `{"columns": {key: place}, "dates": "iso"}`."""

    def __init__(self, mapping):
        self.columns = [(COLUMNS[key], place + 1) for key, place in mapping["columns"].items()]
        self.dates = mapping.get("dates", "iso")
        self.days = {}

    def said(self, row):
        """Take a row `[line, cell, …]`; return a `Said`. Empty cells say nothing."""
        said = Said(row[0], {})
        for column, place in self.columns:
            cell = row[place]
            if cell == "":
                continue
            try:
                said.values[column.key] = self._value(column, cell)
            except ValueError as fault:
                said.faults.append(f"{column.label}: {fault}")
                said.spoilt.add(column.key)
        return said

    def _value(self, column, cell):
        if cell is FORMULA:
            raise ValueError(_("a formula, or the error it came to: paste it as a value"))
        if column.is_day:
            return self._day(cell)
        if not cell.isascii() or not cell.isprintable():
            cell = unicodedata.normalize("NFC", cell)
            if any(unicodedata.category(c) in UNSEEN and c not in JOINERS for c in cell):
                raise ValueError(_("holds characters that cannot be seen"))
        if len(cell) > column.longest:
            raise ValueError(_("longer than %(most)d characters") % {"most": column.longest})
        if column.key == "email":
            cell = cell.lower()
            try:
                validate_email(cell)
            except ValidationError:
                raise ValueError(_("“%(cell)s” is no email address") % {"cell": cell}) from None
        return cell

    def _day(self, cell):
        if cell not in self.days:
            self.days[cell] = self._read_day(cell)
        if self.days[cell] is None:
            raise ValueError(
                _("“%(cell)s” is not a day as the file writes them (%(order)s)")
                % {"cell": cell[:40], "order": DATES[self.dates]}
            )
        return self.days[cell]

    def _read_day(self, cell):
        """Return the date, or None. Years of two digits and days in words are not guessed at."""
        if found := ISO.match(cell):
            parts = [int(part) for part in found.groups()]
        elif self.dates != "iso" and (found := WRITTEN.match(cell)):
            one, other, year = int(found[1]), int(found[3]), int(found[4])
            parts = [year, other, one] if self.dates == "dmy" else [year, one, other]
        else:
            return None
        try:
            day = date(*parts)
        except ValueError:
            return None
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
