"""Importing people: what each row would do or why it is refused, applying it, and taking it back."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest

from competencies.core.clock import now, standing_at, today
from competencies.core.refusals import Denied, NotNow
from competencies.people.models import Organisation, Person, ReportingLine
from competencies.people_import.columns import COLUMNS, known_by
from competencies.people_import.detection import guess
from competencies.people_import.models import Import, Memory, Preview, Run, Sheet, Withdrawal
from competencies.people_import.models.imports import UNDOABLE, ChangedSince, Outdated
from competencies.people_import.parser import BadTable
from competencies.people_import.reporting_cycles import ROUNDS
from competencies.trail.models import Entry

SOON = today() + timedelta(days=10)
LATER = today() + timedelta(days=40)


def verdicts(made):
    return {finding.line: finding.kind for finding in made.preview.findings.all()}


def reasons(made, line=2):
    return " ".join(made.preview.findings.get(line=line).reasons)


def changes(made, line=2):
    return {key: (before, after) for key, before, after in made.preview.findings.get(line=line).changes}


# what a row would do


def test_somebody_new_is_created(bring, hana, noor, levels, tracks):
    made = bring("number,email,name,title,manager,track,level", "77,nia@,Nia New,Engineer,noor@,java,Senior")
    assert verdicts(made) == {2: "create"}
    assert not Person.objects.filter(number="77").exists()

    made.apply(by=hana)
    nia = Person.objects.get(number="77")
    assert (nia.email, nia.name, nia.title) == ("nia@testing.example", "Nia New", "Engineer")
    assert (nia.manager_on(), nia.placement_on().level, nia.placement_on().track) == (
        noor, levels.senior, tracks.java,
    )  # fmt: skip
    assert nia.lines.get().starts_on == today()
    assert not nia.has_usable_password()
    assert noor.below().filter(pk=nia.pk).exists()


@pytest.mark.parametrize("headings", ["number,email,name,team", "team,name,email,number"])
def test_changes_come_in_one_order_whatever_that_of_the_columns(bring, hana, sam, headings):
    row = {"number": "9", "email": "sam@", "name": "Samira", "team": "Payments"}
    made = bring(headings, ",".join(row[key] for key in headings.split(",")))
    new = bring(
        headings, ",".join((row | {"number": "8", "email": "nia@"})[key] for key in headings.split(","))
    )

    assert list(changes(made)) == ["number", "name", "team"]
    assert list(changes(new)) == ["number", "email", "name", "team"]


def test_only_what_the_file_says_differently_is_changed(bring, hana, sam):
    made = bring("email,name,title,team", "SAM@,Sam,Architect,", "stella@,Stella,,")

    assert verdicts(made) == {2: "change", 3: "unchanged"}
    assert changes(made) == {"title": ("", "Architect")}


def test_a_staff_number_is_stronger_than_an_email(bring, hana, sam):
    sam.describe(by=hana, number="12")
    made = bring("number,email", "12,samuel@")

    assert changes(made) == {"email": ("sam@testing.example", "samuel@testing.example")}
    made.apply(by=hana)
    sam.refresh_from_db()
    assert sam.email == "samuel@testing.example"


def test_the_last_day_is_the_last_one_here(bring, hana, sam):
    made = bring("email,last_day", f"sam@,{SOON}")
    assert verdicts(made) == {2: "end"}

    made.apply(by=hana)
    sam.refresh_from_db()
    assert sam.leaves_on == SOON + timedelta(days=1)
    assert sam.lines.get().ends_on == sam.leaves_on


def test_days_of_other_orders_are_read_as_chosen(bring):
    assert changes(bring("email,joined_on", "sam@,03/04/2020", dates="dmy"))["joined_on"][1] == "2020-04-03"
    assert changes(bring("email,joined_on", "sam@,03/04/2020", dates="mdy"))["joined_on"][1] == "2020-03-04"


FOLDED = {
    "no-break spaces": ("email,name", "\u00a0sam@\u00a0,Sam\u00a0\u2003 Solo", "name", "Sam Solo"),
    "lines": ("email,title", 'sam@,"Head of\r\nPayments"', "title", "Head of Payments"),
    "composed": ("email,title", "sam@,Re\u0301viseur", "title", "R\u00e9viseur"),
    "wide digits": ("number,email", "\uff11\uff12,sam@", "number", "12"),
    "Arabic digits": ("email,joined_on", "sam@,\u0662\u0660\u0662\u0664-02-01", "joined_on", "2024-02-01"),
    "a fraction of nothing": ("number,email", "12.0,sam@", "number", "12"),
    "guarded": ("number,email", "'+4711,sam@", "number", "+4711"),
}  # fmt: skip


@pytest.mark.parametrize("what", FOLDED)
def test_a_cell_is_read_as_it_looks(bring, what):
    headings, row, key, value = FOLDED[what]

    assert changes(bring(headings, row))[key][1] == value


def test_titles_are_the_same_however_they_are_spaced(bring):
    assert verdicts(bring("email,name,track,level", "nia@,Nia,jvm\u2003\u00a0BACKEND,\u00a0SENIOR ")) == {
        2: "create"
    }


NOTHING = ("-", "n/a", "N/A", "null", "0000-00-00", "1899-12-30", "31.12.9999", "9999-12-31T00:00:00")


@pytest.mark.parametrize("cell", NOTHING)
def test_what_says_nothing_is_nothing(bring, cell):
    assert verdicts(bring("email,last_day", f"sam@,{cell}", dates="dmy")) == {2: "unchanged"}


def test_somebody_may_be_called_none(bring):
    assert changes(bring("email,name", "sam@,None"))["name"][1] == "None"


def test_first_and_last_name_are_joined(bring, sam):
    new = bring("email,first_name,last_name", "nia@,Nia,van der New", "sam@,Sam,", "zed@,Zed,")

    assert changes(new)["name"][1] == "Nia van der New"
    assert changes(new, 4)["name"][1] == "Zed"
    assert verdicts(new)[3] == "unchanged"  # half a name of somebody who is here is no change


def test_a_name_that_is_written_the_other_way_round_is_turned(hana):
    rows = b'email,name\nnia@testing.example,"van der New,  Nia"\nzed@testing.example,Zed\n'
    made = Import.upload(rows, file="p.csv", within=Organisation.here(), by=hana)
    made.work_out({"columns": {"email": 0, "name": 1}, "turned": True}, by=hana)
    made = Import.objects.get(pk=made.pk)

    assert [changes(made, line)["name"][1] for line in (2, 3)] == ["Nia van der New", "Zed"]


def test_a_whole_name_is_stronger_than_its_parts(bring):
    made = bring("email,name,first_name,last_name", "nia@,Nia New,Antonia,New", "mia@,,Mia,Mew")

    assert [changes(made, line)["name"][1] for line in (2, 3)] == ["Nia New", "Mia Mew"]


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("sam@,Active,", "unchanged"),
        ("sam@,in Elternzeit,", "unchanged"),
        ("sam@,Terminated,2099-12-31", "end"),
        ("gone@,Terminated,", "unchanged"),
        ("gone@,Sorti,2023-12-31", "unchanged"),
        ("sam@,Active,2024-03-01", "refused"),
    ],
)
def test_a_status_is_held_against_the_days(bring, row, verdict):
    assert verdicts(bring("email,status,last_day", row)) == {2: verdict}


def test_statuses_mean_what_was_said(bring, hana):
    made = Import.upload(b"email,s\nsam@testing.example,3\nkit@testing.example,0", file="p.csv",
                         within=Organisation.here(), by=hana)  # fmt: skip
    columns = {"email": 0, "status": 1}
    made.work_out({"columns": columns, "status": {"3": "here", "0": "gone"}}, by=hana)

    assert verdicts(Import.objects.get(pk=made.pk)) == {2: "unchanged", 3: "refused"}


def test_a_number_that_lost_its_zeros_is_nobody_new(bring, hana, sam):
    sam.describe(by=hana, number="0042")
    made = bring("number,email,name", "42,samuel@,Sam")

    assert verdicts(made) == {2: "refused"}
    assert "Nobody has staff number 42, but 0042 is Sam" in reasons(made)


def test_a_file_is_read_another_way(hana):
    text = "Staff list\nemail;name\nł@x.example;x\nlu@x.example;Łukasz\n".encode("cp1250")
    made = Import.upload(text, file="p.csv", within=Organisation.here(), by=hana)
    made.work_out({"columns": {"email": 0, "name": 1}}, by=hana)

    made.reread({"encoding": "cp1252", "heading": 0}, by=hana)
    made = Import.objects.get(pk=made.pk)
    assert (made.state, made.rows, made.sheet.headings) == ("uploaded", 4, ["Column 1", "Column 2"])
    assert made.sheet.rows()[-1] == [4, "lu@x.example", "£ukasz"]
    assert Entry.objects.filter(action="import.reread", row_pk=str(made.pk)).count() == 1


def test_what_cannot_be_read_another_way_stays_as_it_was(hana):
    text = b'email,name\na@x.example,"Bo"\n'
    made = Import.upload(text, file="p.csv", within=Organisation.here(), by=hana)

    with pytest.raises(BadTable):
        made.reread({"heading": 2}, by=hana)  # then there is nothing below
    assert Import.objects.get(pk=made.pk).sheet.headings == ["email", "name"]


def test_a_file_that_is_not_kept_is_not_read_again(bring, hana):
    made = bring("email,title", "sam@,Architect")
    Sheet.objects.forget_files()

    with pytest.raises(NotNow, match="Upload it again"):
        Import.objects.get(pk=made.pk).reread({}, by=hana)


def test_a_history_of_several_rows_is_taken_in_order(bring, hana, levels):
    made = bring(
        "email,name,track,level,level_from",
        "nia@,Nia,java,staff,2024-05-01",
        "nia@,Nia,java,senior,2022-01-01",
    )
    made.apply(by=hana)

    spans = Person.objects.get(name="Nia").placements.values_list("level", "starts_on", "ends_on")
    assert list(spans) == [
        (levels.staff.pk, date(2024, 5, 1), None),
        (levels.senior.pk, date(2022, 1, 1), date(2024, 5, 1)),
    ]


def test_a_manager_may_be_somebody_the_file_brings(bring, hana):
    made = bring("number,email,name,manager", "2,bo@,Bo,1", "1,al@,Al,dora@", "3,cy@,Cy,bo@")
    made.apply(by=hana)

    assert Person.objects.get(name="Cy").manager_on().manager_on().name == "Al"


def test_manager_and_report_change_places_in_one_file(bring, hana, mara, leo, dora):
    made = bring("email,manager", "mara@,leo@", "leo@,dora@")
    made.apply(by=hana)

    assert (mara.manager_on(), leo.manager_on()) == (leo, dora)


def test_a_line_that_is_planned_stays_when_the_file_says_what_holds_today(bring, hana, sam, noor):
    sam.report_to(noor, starts_on=SOON, by=hana)

    assert verdicts(bring("email,manager", "sam@,mara@")) == {2: "unchanged"}


# why a row is refused

REFUSED = {
    "unknown manager": ("email,manager", "sam@,nobody@", "Unknown manager"),
    "unknown number of a manager": ("email,manager", "sam@,4711", "Unknown manager"),
    "manager who left": ("email,manager", "sam@,gone@", "no longer employed from 1 January 2024"),
    "oneself": ("email,manager", "sam@,sam@", "People can’t report to themselves"),
    "circle": ("email,manager", "mara@,sam@", "The reporting line forms a loop: Mara → Sam → Mara"),
    "circle later": ("email,manager,line_from", f"dora@,kit@,{LATER}", "Dora → Kit → Noor → Dora"),
    "unknown level": ("email,level", "sam@,Principal", "“Principal” isn’t a level in"),
    "levels there are": ("email,level", "sam@,Principal", "Lead, Senior, Staff"),
    "unknown track": ("email,track", "sam@,Cobol", "“Cobol” isn’t a track in"),
    "level without a track": ("email,level", "noor@,staff", "Add a track too"),
    "history of lines": ("email,manager,line_from", "sam@,noor@,2023-01-01", "can’t change history"),
    "history of levels": (
        "email,track,level,level_from", "sam@,java,staff,2024-01-01", "can’t change history",
    ),
    "no such day": ("email,joined_on", "sam@,2026-02-30", "“2026-02-30” isn’t a date"),
    "another order": ("email,joined_on", "sam@,30.1.2026", "isn’t a date in the chosen format"),
    "long ago": ("email,joined_on", "sam@,0206-01-01", "isn’t a date"),
    "no address": ("email,name", "sam,Sam", "isn’t an email address"),
    "no name": ("email", "nia@", "a new person needs: Name"),
    "no email": ("number,name", "1,Nia", "a new person needs: Email"),
    "nobody": ("number,email,name", ",,Nia", "This row identifies nobody"),
    "long": ("email,pronouns", f"sam@,{'x' * 41}", "longer than 40"),
    "control": ("email,name", "sam@,Sa\x07m", "invisible character"),
    "turned around": ("email,name", "sam@,Sa\u202em", "invisible character"),
    "lost letter": ("email,name", "sam@,S\ufffdm", "a character was lost when the file was saved, after “S”"),
    "unseen in an email": ("email", "s\u200bam@", "zero width space (U+200B), after “s”"),
    "comma in an email": ("email,name", '"sam@,",Sam', "a comma isn’t allowed, after “sam@testing.example”"),
    "umlaut in an email": ("email", "säm@", "“ä” (latin small letter a with diaeresis) isn’t allowed"),
    "no at": ("email", "sam", "it has no @"),
    "two at": ("email", "sam@@", "more than one @"),
    "dot": ("email", ".sam@", "starts or ends with a dot"),
    "shortened": ("number,email", "1.23E+11,sam@", "a spreadsheet shortened the number"),
    "error of a spreadsheet": ("email,title", "sam@,#REF!", "a formula without a value, or an error"),
    "year of two digits": ("email,joined_on", "sam@,01/02/24", "a two-digit year"),
    "counted day": ("email,joined_on", "sam@,45323", "a date as a spreadsheet stores it"),
    "instant": ("email,joined_on", "sam@,2024-02-01T23:00:00Z", "has a time and time zone"),
    "name of a manager": ("email,manager", "sam@,Noor Nought", "Names aren’t enough"),
    "gone by status": ("email,status", "sam@,Terminated", "The status says Sam has left, but not when"),
    "gone and new": ("email,name,status", "nia@,Nia,ausgeschieden", "doesn’t add people who have left"),
    "gone and here": ("email,status", "gone@,Active", "Their status says they’re employed, but"),
    "status in no words": ("email,status", "sam@,Z4", "Ladder doesn’t know the status “Z4”"),
    "left": ("email,manager", "gone@,mara@", "Gone left on 1 January 2024"),
    "before joining": ("email,joined_on,last_day", "sam@,2026-01-01,2025-01-01", "don’t join until"),
    "oneself leaving": ("email,last_day", f"hana@,{SOON}", "You can’t offboard yourself"),
    "own manager": ("email,manager", "hana@,mara@", "You can’t change your own manager or level"),
    "own level": ("email,track,level", "hana@,java,staff", "You can’t change your own manager or level"),
    "gone by then": ("email,last_day,manager,line_from", f"sam@,{SOON},noor@,{LATER}", "no longer work here"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_row_is_refused_in_words(bring, hana, what):
    headings, row, said = REFUSED[what]
    made = bring(headings, row)

    assert verdicts(made) == {2: "refused"}
    assert said in reasons(made)
    with pytest.raises(NotNow):
        made.apply(by=hana)


def test_several_reasons_are_told_at_once(bring):
    made = bring("email,joined_on,manager,level", "sam@,x,nobody@,Principal")

    assert [word in reasons(made) for word in ("isn’t a date", "Unknown manager", "isn’t a level")] == [
        True
    ] * 3


TOGETHER = {
    "duplicate email": ("number,email,name", "1,nia@,Nia", "2,nia@,Mia", "Duplicate email"),
    "duplicate number": ("number,email,name", "1,nia@,Nia", "1,mia@,Mia", "Duplicate staff number"),
    "duplicate row": ("email,title", "sam@,A", "sam@,A", "is on lines 2, 3"),
    "two names": ("email,title", "sam@,A", "sam@,B", "differ in: Job title"),
    "two open placements": ("email,level", "sam@,lead", "sam@,staff", "Conflicting levels"),
    "two on one day": (
        "email,level,level_from", f"sam@,lead,{SOON}", f"sam@,staff,{SOON}", "Conflicting levels",
    ),
    "two managers": ("email,manager", "sam@,noor@", "sam@,leo@", "Conflicting managers"),
    "a circle of two": ("email,manager", "mara@,noor@", "noor@,mara@", "The reporting line forms a loop"),
    "a circle of new": ("email,name,manager", "a@,A,b@", "b@,B,a@", "The reporting line forms a loop"),
}  # fmt: skip


@pytest.mark.parametrize("what", TOGETHER)
def test_rows_are_refused_together(bring, what):
    headings, one, other, said = TOGETHER[what]
    made = bring(headings, one, other)

    assert verdicts(made) == {2: "refused", 3: "refused"}
    assert said in reasons(made, 2)
    assert said in reasons(made, 3)


def test_number_and_email_of_different_people_are_refused(bring, hana, sam, kit):
    sam.describe(by=hana, number="12")
    kit.describe(by=hana, number="13")

    assert "Staff number 12 is Sam, but kit@testing.example is Kit" in reasons(
        bring("number,email", "12,kit@")
    )
    assert "kit@testing.example is Kit, whose staff number is 13" in reasons(bring("number,email", "14,kit@"))


def test_a_circle_that_would_only_close_next_month_is_seen(bring, hana, mara, noor):
    mara.report_to(noor, starts_on=LATER, by=hana)
    made = bring("email,manager,line_from", f"noor@,mara@,{SOON}")
    assert "loop" in reasons(made)

    apart = bring("email,manager,line_from", f"noor@,mara@,{SOON}", f"noor@,dora@,{LATER}")
    assert set(verdicts(apart).values()) == {"change"}


def test_lines_that_never_hold_together_are_no_circle(bring, hana, mara, noor, dora):
    mara.report_to(noor, starts_on=today(), by=hana)
    mara.report_to(dora, starts_on=SOON, by=hana)

    assert verdicts(bring("email,manager,line_from", f"noor@,mara@,{SOON}")) == {2: "change"}


def test_who_rests_on_a_refused_row_falls_with_it(bring):
    made = bring("email,name,manager", "a@,A,nobody@", "b@,B,a@", "c@,C,b@", "d@,D,dora@")

    assert verdicts(made) == {2: "refused", 3: "refused", 4: "refused", 5: "create"}
    assert "The row of their manager, B (line 3), is rejected" in reasons(made, 4)


def test_circle_after_circle_ends(bring):
    names = [f"n{number}" for number in range(2 * ROUNDS)]
    pairs = [f"{one}@,X,{other}@" for one, other in zip(names, [*names[1:], names[0]], strict=True)]

    assert set(verdicts(bring("email,name,manager", *pairs)).values()) == {"refused"}


def test_a_level_of_another_edition_is_told_apart(bring, edition, levels, aude):
    from competencies.framework.models import Edition, Level

    other = Edition.objects.create(framework=edition.framework, number=edition.number + 1)
    Level.objects.create(edition=other, key="fellow", title="Fellow", rung=4, position=9, scope="All")

    assert "“fellow” is a level from another edition" in reasons(bring("email,level", "sam@,fellow"))


def test_without_an_edition_nobody_is_placed(bring, monkeypatch):
    monkeypatch.setattr("competencies.framework.in_force._editions_in_force", list)

    assert "No career framework is published" in reasons(bring("email,level", "sam@,staff"))


# whoever is not in the file


def test_whoever_is_not_in_the_file_has_left_when_hr_says_so(bring, hana, sam, kit, aude):
    file = [f"{name}@" for name in ("sam", "stella", "leo", "mara", "noor", "dora", "otto", "hana")]
    made = bring("email", *file, leavers=True)

    absent = made.preview.findings.filter(line=0)
    assert {finding.name: finding.kind for finding in absent} == {"Kit": "end", "Aude": "end"}
    assert made.preview.to_confirm == 2
    for confirmed in (None, 1, 3):
        with pytest.raises(NotNow, match="2 people would be offboarded"):
            made.apply(by=hana, confirmed=confirmed)
    made.apply(by=hana, confirmed=2)
    kit.refresh_from_db()
    assert not kit.is_active
    assert Person.objects.active().filter(pk=sam.pk).exists()


def test_never_the_importer_nor_who_joins_later_nor_who_is_on_a_refused_row(bring, hana, sam, kit):
    kit.describe(by=hana, joined_on=SOON)
    made = bring("email,manager", "sam@,nobody@", leavers=True)

    leaving = set(made.preview.findings.filter(line=0).values_list("name", flat=True))
    assert leaving == {"Stella", "Leo", "Mara", "Noor", "Dora", "Aude", "Otto"}


# applying


def test_a_file_with_refused_rows_is_applied_only_when_hr_says_so(bring, hana, sam):
    made = bring("email,title,manager", "sam@,Architect,", "kit@,Architect,nobody@")
    with pytest.raises(NotNow, match="Some rows are rejected"):
        made.apply(by=hana)
    sam.refresh_from_db()
    assert sam.title == ""

    made.apply(by=hana, skip_refused=True)
    sam.refresh_from_db()
    assert sam.title == "Architect"
    assert not Person.objects.filter(email="kit@testing.example", title="Architect").exists()


def test_the_same_file_again_writes_nothing(bring, hana, django_assert_num_queries):
    rows = ("email,name,title,manager", "sam@,Sam,Architect,noor@", "nia@,Nia,Engineer,sam@")
    bring(*rows).apply(by=hana)
    again = bring(*rows)

    assert verdicts(again) == {2: "unchanged", 3: "unchanged"}
    told = Entry.objects.count()
    with pytest.raises(NotNow, match="nothing to apply"):
        again.apply(by=hana)
    assert Entry.objects.count() == told


def test_the_trail_speaks_of_each_person_and_of_the_import(bring, hana, sam, noor):
    made = bring("email,title,manager,level,last_day", f"sam@,Architect,noor@,staff,{SOON}")
    began = Entry.objects.count()
    made.apply(by=hana)

    entries = Entry.objects.order_by("sequence")[began:]
    assert [(entry.action, entry.about) for entry in entries] == [
        ("person.described", sam),
        ("person.placed", sam),
        ("person.moved", sam),
        ("person.left", sam),
        ("import.applied", None),
    ]
    assert entries[2].details == {"manager": noor.pk, "on": today().isoformat()}
    assert entries[4].details["change"] + entries[4].details["end"] == 1


def test_when_the_world_changed_nothing_happens_and_the_preview_is_new(bring, hana, sam, noor):
    made = bring("email,manager", "sam@,noor@")
    old = made.preview.digest
    sam.describe(by=hana, title="Architect")
    made.work_out(made.preview.mapping, by=hana)
    made = Import.objects.get(pk=made.pk)
    assert made.preview.digest == old  # what does not matter does not matter

    sam.report_to(noor, starts_on=today(), by=hana)
    with pytest.raises(Outdated):
        made.apply(by=hana)
    made = Import.objects.get(pk=made.pk)
    assert made.state == "previewed"
    assert verdicts(made) == {2: "unchanged"}


def test_tomorrow_the_preview_of_today_is_old(bring, hana):
    made = bring("email,manager", "sam@,noor@")

    with standing_at(now() + timedelta(days=1)), pytest.raises(Outdated):
        made.apply(by=hana)


def test_a_failure_in_the_middle_leaves_nothing(bring, hana, sam, monkeypatch):
    made = bring("email,name,title,manager", "sam@,Sam,Architect,noor@", "nia@,Nia,,")
    told = Entry.objects.count()

    def fail(*args, **options):
        raise OSError("the disk is full")

    monkeypatch.setattr("competencies.people_import.bulk_changes.relink", fail)
    with pytest.raises(OSError, match="disk"):
        made.apply(by=hana)

    sam.refresh_from_db()
    assert (sam.title, sam.lines.count(), Entry.objects.count()) == ("", 1, told)
    assert not Person.objects.filter(name="Nia").exists()
    assert Import.objects.get(pk=made.pk).state == "previewed"


def test_an_import_is_applied_once(bring, hana):
    made = bring("email,title", "sam@,Architect")
    made.apply(by=hana)

    with pytest.raises(Denied):
        made.apply(by=hana)


@pytest.mark.parametrize("who", ["sam", "mara", "dora", "aude", "otto", "gone"])
def test_only_hr_imports(bring, hana, who, request):
    person = request.getfixturevalue(who)
    made = bring("email,title", "sam@,Architect")
    with pytest.raises(Denied):
        bring("email,title", "sam@,Architect", by=person)
    for deed in (made.apply, made.drop, lambda by: made.work_out(made.preview.mapping, by=by)):
        with pytest.raises(Denied):
            deed(by=person)
    made.apply(by=hana)
    with pytest.raises(Denied):
        Import.objects.get(pk=made.pk).undo(by=person)


@pytest.mark.parametrize("size", [3, 40])
def test_working_out_asks_as_often_for_few_as_for_many(bring, hana, size, django_assert_num_queries):
    rows = [f"p{n}@,P,{'dora' if not n else f'p{(n - 1) // 3}'}@,java,senior" for n in range(size)]
    made = bring("email,name,manager,track,level", *rows)

    with django_assert_num_queries(WORKING_OUT):
        made.work_out(made.preview.mapping, by=hana)


WORKING_OUT = 23


def test_an_import_and_its_undoing_keep_what_people_were_known_by(bring, hana, sam, kit):
    made = bring("number,email,name", "9,sam@,Samira", "8,nia@,Nia New", ",kit@,Kit")
    made.apply(by=hana)
    assert list(sam.former_names.values_list("kind", "text")) == [("name", "Sam")]
    Import.objects.get(pk=made.pk).undo(by=hana)
    assert set(sam.former_names.values_list("kind", "text")) == {
        ("name", "Sam"), ("name", "Samira"), ("number", "9"),
    }  # fmt: skip
    assert not kit.former_names.exists()
    assert not Person.objects.get(email="nia@testing.example").former_names.exists()


# undoing


@pytest.fixture
def applied(bring, hana):
    made = bring(
        "email,name,title,manager,level",
        "sam@,Sam,Architect,noor@,staff",
        "nia@,Nia,Engineer,sam@,",
    )
    made.apply(by=hana)
    return Import.objects.get(pk=made.pk)


def test_undoing_puts_back_what_was(applied, hana, sam, mara, levels):
    applied.undo(by=hana)

    sam.refresh_from_db()
    assert (sam.title, sam.manager_on(), sam.placement_on().level) == ("", mara, levels.senior)
    assert (sam.lines.count(), sam.placements.count()) == (1, 1)
    assert mara.below().filter(pk=sam.pk).exists()


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("email,manager", "hana@,mara@"),
        ("email,track,level", "hana@,backend,staff"),
        ("email,gone_from", "hana@,2099-01-01"),
    ],
)
def test_nobody_undoes_what_changed_their_own_standing(bring, hana, mara, columns, row):
    mara.grant("hr", by=hana)
    made = bring(columns, row, "sam@" + "," * columns.count(","), by=mara)
    made.apply(by=mara)
    made = Import.objects.get(pk=made.pk)

    with pytest.raises(NotNow, match="only another HR administrator"):
        made.undo(by=hana)
    made.undo(by=mara)


def test_one_undoes_what_changed_how_one_is_described(bring, hana, mara):
    mara.grant("hr", by=hana)
    made = bring("email,title", "hana@,Partner", by=mara)
    made.apply(by=mara)

    Import.objects.get(pk=made.pk).undo(by=hana)
    hana.refresh_from_db()
    assert hana.title == ""


def test_who_was_new_stays_on_record_as_gone(applied, hana):
    applied.undo(by=hana)

    nia = Person.objects.get(name="Nia")
    assert (nia.leaves_on, nia.lines.count(), nia.is_active) == (today(), 0, False)
    assert Entry.objects.filter(about=nia, action="person.left").exists()
    assert Withdrawal.objects.get().person == nia


def test_another_import_brings_back_whom_undoing_took_out(applied, bring, hana, noor):
    Person.objects.get(name="Nia").grant("author", by=hana)
    applied.undo(by=hana)
    made = bring("email,name,manager", "nia@,Nia,noor@")
    assert verdicts(made) == {2: "change"}

    made.apply(by=hana)
    nia = Person.objects.get(name="Nia")
    assert (nia.leaves_on, nia.manager_on()) == (None, noor)
    assert Entry.objects.filter(about=nia, action="person.rejoined").exists()
    assert not nia.roles
    assert nia.returned_at
    assert Entry.objects.filter(about=nia, action="role.revoked").exists()


def test_the_sessions_of_a_leaver_stay_closed_when_the_import_that_said_so_is_undone(bring, hana, sam):
    made = bring("email,gone_from", f"sam@,{today()}")
    made.apply(by=hana)
    assert not Person.objects.get(pk=sam.pk).is_active

    Import.objects.get(pk=made.pk).undo(by=hana)

    back = Person.objects.get(pk=sam.pk)
    assert back.is_active
    assert back.get_session_auth_hash() != sam.get_session_auth_hash()


@pytest.mark.parametrize(
    ("deed", "who"),
    [
        (lambda sam, nia, kit, by: sam.describe(by=by, title="Fellow"), "Sam"),
        (lambda sam, nia, kit, by: sam.report_to(kit, starts_on=SOON, by=by), "Sam"),
        (lambda sam, nia, kit, by: nia.leave(on=SOON, by=by), "Nia"),
        (lambda sam, nia, kit, by: kit.report_to(nia, starts_on=SOON, by=by), "Nia"),
    ],
)
def test_what_changed_since_is_named_and_nothing_undone(applied, hana, sam, kit, deed, who):
    deed(sam, Person.objects.get(name="Nia"), kit, hana)

    with pytest.raises(ChangedSince, match=who) as refusal:
        applied.undo(by=hana)
    assert refusal.value.details["names"] == [who]
    sam.refresh_from_db()
    assert sam.placements.count() == 2


def test_what_the_import_did_not_touch_may_change(applied, hana, sam, kit):
    sam.describe(by=hana, team="Blue")
    kit.describe(by=hana, title="Fellow")
    applied.undo(by=hana)

    sam.refresh_from_db()
    assert (sam.team, sam.title) == ("Blue", "")


def test_undoing_does_not_close_a_circle(bring, hana, mara, noor, sam):
    made = bring("email,manager", "sam@,dora@")
    made.apply(by=hana)
    mara.report_to(sam, starts_on=today(), by=hana)

    with pytest.raises(ChangedSince, match="Sam"):
        Import.objects.get(pk=made.pk).undo(by=hana)
    assert ReportingLine.objects.current().get(person=mara).manager == sam


def test_an_email_that_somebody_has_by_now_is_not_given_back(bring, hana, sam, kit):
    sam.describe(by=hana, number="12")
    made = bring("number,email", "12,samuel@")
    made.apply(by=hana)
    kit.describe(by=hana, email="sam@testing.example")

    with pytest.raises(ChangedSince, match="Kit"):
        Import.objects.get(pk=made.pk).undo(by=hana)


@pytest.mark.parametrize(
    ("passed", "answer"),
    [
        (UNDOABLE - timedelta(minutes=1), nullcontext()),
        (UNDOABLE + timedelta(minutes=1), pytest.raises(Denied)),
    ],
)
def test_undoing_is_for_a_day(applied, hana, passed, answer):
    with standing_at(now() + passed), answer:
        applied.undo(by=hana)


def test_undone_once_is_undone(applied, hana):
    applied.undo(by=hana)
    with pytest.raises(Denied):
        Import.objects.get(pk=applied.pk).undo(by=hana)


# what is kept


def test_after_the_day_nothing_of_the_file_is_kept(applied, hana):
    Import.objects.forget_stale()
    assert Sheet.objects.filter(of=applied).exists()

    with standing_at(now() + UNDOABLE + timedelta(minutes=1)):
        Import.objects.forget_stale()
    assert not any(rows.objects.exists() for rows in (Sheet, Preview, Memory))
    assert Import.objects.with_state().get(pk=applied.pk).state == "applied"


def test_a_file_that_nobody_applied_is_forgotten_in_two_weeks(bring, hana):
    made = bring("email,title", "sam@,Architect")
    with standing_at(now() + timedelta(days=15)):
        Import.objects.forget_stale()

    assert Import.objects.with_state().get(pk=made.pk).state == "dropped"


def test_a_dropped_file_leaves_its_name_alone(bring, hana):
    made = bring("email,title", "sam@,Architect")
    made.drop(by=hana)

    assert not Sheet.objects.exists()
    with pytest.raises(Denied):
        made.apply(by=hana)


# runs


def test_a_run_does_what_was_asked_in_the_name_of_who_asked(bring, hana, sam):
    made = bring("email,title", "sam@,Architect")
    Run.ask(made, Run.Kind.APPLY, by=hana, skip_refused=False, confirmed=None).perform()

    assert Import.objects.with_state().get(pk=made.pk).application.by == hana
    sam.refresh_from_db()
    assert sam.title == "Architect"


def test_a_run_of_somebody_who_is_of_hr_no_more_does_nothing(bring, hana, sam, dora):
    dora.grant("hr", by=hana)
    made = bring("email,title", "sam@,Architect", by=dora)
    run = Run.ask(made, Run.Kind.APPLY, by=dora, skip_refused=False, confirmed=None)
    dora.grants.get().revoke(by=hana)

    with pytest.raises(Denied):
        run.perform()
    sam.refresh_from_db()
    assert sam.title == ""


def test_a_newer_run_takes_over(bring, hana):
    made = bring("email,title", "sam@,Architect")
    old = Run.ask(made, Run.Kind.APPLY, by=hana)
    new = Run.ask(made, Run.Kind.APPLY, by=hana)

    assert old.job.take(worker="here:1") is None
    assert new.job.take(worker="here:1")


def test_a_run_that_is_at_work_when_a_newer_one_is_asked_for_still_ends(bring, hana):
    made = bring("email,title", "sam@,Architect")
    old = Run.ask(made, Run.Kind.APPLY, by=hana)
    token = old.job.take(worker="here:1")
    Run.ask(made, Run.Kind.APPLY, by=hana)
    old.fail("Another one came first.", token=token)

    assert Run.objects.get(pk=old.pk).problem == "Another one came first."


# columns


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Employee ID", "number"),
        ("Staff no.", "number"),
        ("Work e-mail", "email"),
        ("Full Name", "name"),
        ("JOB_TITLE", "title"),
        ("Department", "team"),
        ("Hire date", "joined_on"),
        ("Last working day", "last_day"),
        ("Line manager (email)", "manager"),
        ("Manager's email", "manager"),
        ("Reports to", "manager"),
        ("Employee #", "number"),
        ("Matricule", "number"),
        ("Personal-Nr.", "number"),
        ("Email\n(work) *", "email"),
        ("E-Mail geschäftlich", "email"),
        ("Eintrittsdatum", "joined_on"),
        ("Date d’embauche", "joined_on"),
        ("Vorgesetzte(r)", "manager"),
        ("Führungskraft", "manager"),
        ("N+1", "manager"),
        ("Abteilung", "team"),
        ("Intitulé du poste", "title"),
        ("Beschäftigungsstatus", "status"),
        ("Job level", "level"),
        ("Shoe size", None),
    ],
)
def test_headings_are_guessed(heading, key):
    assert guess([heading]) == ({key: 0} if key else {})


def test_every_name_of_a_column_is_its_alone():
    spelt = [spelling for column in COLUMNS.values() for spelling in column.spellings]

    assert len(spelt) == len(set(spelt))
    for column in COLUMNS.values():
        for spelling in column.spellings:
            assert known_by(spelling) == column.key


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"name": 0},
        {"email": 0, "name": 0},
        {"email": 0, "last_day": 1, "gone_from": 2},
        {"email": 0, "line_from": 1},
        {"email": 0, "level_from": 1},
        {"email": 0, "name": 7},
        {"email": 0, "first_name": 1},
    ],
)
def test_a_mapping_that_cannot_be_is_refused(hana, columns):
    made = Import.upload(b"a,b,c\nx@y.example,2,3", file="p.csv", within=Organisation.here(), by=hana)

    with pytest.raises(NotNow):
        made.work_out({"columns": columns, "dates": "iso"}, by=hana)
