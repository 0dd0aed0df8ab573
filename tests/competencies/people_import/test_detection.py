"""What the columns of a file mean, guessed by headings and values."""

from datetime import date

import pytest

from competencies.people_import.dates import NoDay, read_day
from competencies.people_import.detection import are_turned, dates_of, guess, managers_by_name
from competencies.people_import.employment_status import meaning_of

FILES = {
    "numbers under Employee": (
        "Employee #|First Name|Last Name|Work Email|Reporting to",
        "17|Ada|Ng|a@x.example|Zoe Moss",
        "18|Bo|Li|b@x.example|Ada Ng",
        {"number": 0, "first_name": 1, "last_name": 2, "email": 3},
    ),
    "a manager by name and by number": (
        "ID|Name|Manager|Manager number", "1|Ada Ng||", "2|Bo Li|Ada Ng|1",
        {"number": 0, "name": 1, "manager": 3},
    ),
    "names and email of a manager": (
        "Worker|Worker ID|Primary Work Email|Manager|Manager Email",
        "Ada Ng|W1|a@x.example|Zoe Moss|z@x.example",
        "Bo Li|W2|b@x.example|Ada Ng|a@x.example", {"number": 1, "email": 2, "name": 0, "manager": 4},
    ),
    "German": (
        "Personal-Nr.|Name|Vorname|E-Mail (geschäftlich)|Abteilung|Vorgesetzter|Personalnummer Vorgesetzter|"
        "Eintrittsdatum|Austrittsdatum|Beschäftigungsstatus",
        "00017|Ng|Ada|a@x.example|Küche|Moss, Zoe|00001|01.02.2024||Aktiv",
        "00018|Li|Bo|b@x.example|Küche|Ng, Ada|00017|01.03.2024|31.12.2031|Aktiv",
        {"number": 0, "last_name": 1, "first_name": 2, "email": 3, "team": 4, "manager": 6, "joined_on": 7,
         "last_day": 8, "status": 9},
    ),
    "French": (
        "Matricule|Nom|Prénom|Courriel|Service|Matricule responsable|Date d’entrée|Intitulé du poste",
        "M17|Ng|Ada|a@x.example|Cuisine|M1|01/02/2024|Cheffe",
        "M18|Li|Bo|b@x.example|Cuisine|M17|13/02/2024|Commis",
        {"number": 0, "last_name": 1, "first_name": 2, "email": 3, "team": 4, "manager": 5, "joined_on": 6,
         "title": 7},
    ),
    "a whole name beside its parts": (
        "First name|Last name|Display name|Email", "Ada|Ng|Ada Ng|a@x.example", "Bo|Li|Bo Li|b@x.example",
        {"name": 2, "email": 3},
    ),
    "a family name alone": ("Nom|Email", "Ng|a@x.example", "Li|b@x.example", {"name": 0, "email": 1}),
    "salutations under Title": (
        "Title|Position|Email", "Mr|Cook|a@x.example", "Dr.|Baker|b@x.example", {"title": 1, "email": 2},
    ),
    "an email under another heading": ("Kontakt|Name", "a@x.example|Ada Ng", "b@x.example|Bo Li",
    {"email": 0, "name": 1}),
    "a number under another heading": (
        "Emp. Kennung|Phone no|Email", "A17|+49 30 1|a@x.example", "A18|+49 30 2|b@x.example",
        {"number": 0, "email": 2},
    ),
    "names under Email": ("Email|Contact", "Ada Ng|a@x.example", "Bo Li|b@x.example", {"email": 1}),
    "an empty column of the same name": (
        "Email|Work email|Name", "|a@x.example|Ada Ng", "|b@x.example|Bo Li", {"email": 1, "name": 2},
    ),
    "days under Level": ("Email|Level|Start date", "a@x.example||2024-02-01", "b@x.example|L4|n/a",
        {"email": 0, "level": 1, "joined_on": 2},
    ),
    "odd numbers": ("Staff number|Email|Team", "+4711|a@x.example|@Home", "#12|b@x.example|=x",
        {"number": 0, "email": 1, "team": 2},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_columns_are_guessed_by_words_and_values(what):
    headings, one, other, wanted = FILES[what]
    rows = [[2, *one.split("|")], [3, *other.split("|")]]

    assert guess(headings.split("|"), rows) == wanted


def test_columns_that_name_managers_by_name_are_told():
    headings, rows = ["ID", "Reports to", "Boss"], [[2, "1", "Zoe Moss", ""]]

    assert managers_by_name(headings, rows, {"number": 0}) == ["Reports to"]
    assert managers_by_name(headings, rows, {"number": 0, "manager": 1}) == []


@pytest.mark.parametrize(
    ("names", "turned"), [(["Ng, Ada", "Li, Bo"], True), (["Ada Ng", "Bo Li, PhD"], False), ([], False)]
)
def test_names_that_are_turned_round_are_noticed(names, turned):
    assert are_turned([[n, name] for n, name in enumerate(names, 2)], {"name": 0}) == turned


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2024-02-01", "20240201", "1-Feb-2024", "n/a"], "iso"),
        (["01/02/2024", "13/02/2024"], "dmy"),
        (["01/02/2024", "02/13/2024"], "mdy"),
        (["01.02.2024"], "dmy"),
        (["01/02/2024", "2024-02-01"], ""),
        (["13/02/2024", "02/13/2024"], ""),
    ],
)
def test_the_order_of_days_is_guessed_or_asked_for(cells, order):
    assert dates_of([[n, cell] for n, cell in enumerate(cells, 2)], {"joined_on": 0}) == order


@pytest.mark.parametrize(
    "cell",
    [
        "2024-02-01", "2024-2-1", "2024/02/01", "2024.02.01", "20240201", "2024-02-01T00:00:00Z",
        "2024-02-01T00:00:00+01:00", "2024-02-01 09:30:00", "2024-02-01T09:30", "2/1/2024 9:30 AM",
        "02/01/2024",
        "1-Feb-2024", "1 Feb 2024", "01 February 2024", "1st of February 2024", "Feb 1, 2024",
        "February 1st, 2024",
        "1. Februar 2024", "1 févr. 2024", "1er février 2024", "Thursday, 1 February 2024",
        "Do., 1. Feb. 2024",
        "２/１/２０２４",
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(cell):
    assert read_day(cell, "mdy") == date(2024, 2, 1)


@pytest.mark.parametrize("cell", ["1. 2. 2024", "01.02.2024", "1/2/2024", "1-2-2024"])
def test_numbers_alone_are_read_in_the_order_that_was_said(cell):
    assert read_day(cell, "dmy") == date(2024, 2, 1)
    assert read_day(cell, "mdy") == date(2024, 1, 2)
    with pytest.raises(NoDay, match="isn’t a date in the chosen format"):
        read_day(cell, "iso")


@pytest.mark.parametrize(
    "cell",
    ["2024-02-30", "30 Feb 2024", "2024-13-01", "1939-12-31", "2101-01-01", "1/2", "Februar 2024", "x"],
)
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(NoDay, match="isn’t a date"):
        read_day(cell, "dmy")


@pytest.mark.parametrize(
    ("word", "heading", "means"),
    [
        ("Active", "", "here"), ("AKTIV", "", "here"), ("on leave", "", "here"), ("In Elternzeit", "",
        "here"),
        ("Terminated", "", "gone"), ("ausgeschieden", "", "gone"), ("Inactif", "", "gone"), ("décédé",
        "", "gone"),
        ("yes", "Active?", "here"), ("Nein", "aktiv", "gone"), ("yes", "Terminated?", None), ("3",
        "Status", None),
        ("unknown", "Status", None),
    ],
)  # fmt: skip
def test_a_status_is_known_by_its_word(word, heading, means):
    assert meaning_of(word, heading) == means
