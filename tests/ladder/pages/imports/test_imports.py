"""The import in the browser: file, columns, preview, apply and undo."""

import csv
import io
from datetime import timedelta
from html import unescape
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openpyxl import Workbook

from competencies.core.clock import now, standing_at
from competencies.people.models import Organisation, Person
from competencies.people_import.cells import unguarded
from competencies.people_import.models import Import, Run, Sheet
from competencies.people_import.models.imports import UNDOABLE
from competencies.trail.models import Entry
from ladder.jobs import import_runs
from ladder.jobs.performing import perform
from ladder.pages.imports.previews import harmless

HTMX = {"HX-Request": "true"}
KEYS = ("number", "email", "name", "title", "manager")
ROWS = (
    "1,sam@testing.example,Sam,Architect,noor@testing.example",
    "2,nia@testing.example,Nia,Engineer,1",
    "3,bad@testing.example,Bad,=1+1,nobody@testing.example",
)
CHANGES = ("import_application", "import_undoing", "import_removal", "import_reading", "import_dropped_rows")
STRANGERS = ("sam", "mara", "dora", "aude", "otto")


def words(response):
    return " ".join(unescape(response.content.decode()).split())


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """How far a run is stands in a folder of the test's own, and nothing is handed to a worker."""
    settings.CACHES = settings.CACHES | {
        "progress": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path,
        }
    }
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def browser(signed_in, hana):
    return signed_in(hana)


def file(*rows, headings=KEYS, name="people.csv"):
    return SimpleUploadedFile(name, "\n".join([",".join(headings), *rows]).encode())


@pytest.fixture
def uploaded(hana):
    """Three rows: one changes Sam, one is new, one is refused. What its columns mean is not said yet."""
    return Import.upload(file(*ROWS).read(), file="people.csv", within=Organisation.here(), by=hana)


@pytest.fixture
def previewed(uploaded, hana):
    mapping = {"columns": {key: place for place, key in enumerate(KEYS)}, "dates": "iso", "leavers": False}
    uploaded.work_out(mapping, by=hana)
    return Import.objects.get(pk=uploaded.pk)


@pytest.fixture
def applied(previewed, hana):
    previewed.apply(by=hana, skip_refused=True)
    return Import.objects.get(pk=previewed.pk)


def mapped(**more):
    return {f"column-{place}": key for place, key in enumerate(KEYS)} | {"dates": "iso"} | more


# who


@pytest.mark.parametrize("who", STRANGERS)
def test_all_of_it_is_missing_for_whoever_is_not_of_hr(signed_in, applied, who, request):
    browser = signed_in(request.getfixturevalue(who))
    for name in ("imports", "import_new", "import_example"):
        assert browser.get(reverse(name)).status_code == 404
    assert browser.post(reverse("import_new"), {"file": file(*ROWS)}).status_code == 404
    for name in ("import_preview", "import_mapping", "import_refused"):
        assert browser.get(reverse(name, args=[applied.pk])).status_code == 404
    for name in (*CHANGES, "import_mapping"):
        assert browser.post(reverse(name, args=[applied.pk])).status_code == 404


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_a_post(browser, previewed, name):
    assert browser.get(reverse(name, args=[previewed.pk])).status_code == 302


# file


def test_an_upload_leads_to_its_columns(browser):
    response = browser.post(reverse("import_new"), {"file": file(*ROWS)})

    made = Import.objects.get()
    assert response["Location"] == reverse("import_mapping", args=[made.pk])
    assert made.rows == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The submitted file is empty"),
        (b'Name,Email\nBo,"a,b"\n"Al,c', "Line 3: a quote in the row that starts on line 3"),
        (b"Name\n" + b"x," * 201, "Line 2, column 201: more than 200 columns"),
        (b"PK\x03\x04nothing", "this workbook can’t be read"),
        (b"Name\0", "this isn’t a text file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(browser, content, said):
    response = browser.post(reverse("import_new"), {"file": SimpleUploadedFile("p.xlsx", content)})

    assert response.status_code == 422
    assert said in words(response)
    assert not Import.objects.exists()


def test_without_a_file_the_form_says_so(browser):
    response = browser.post(reverse("import_new"))

    assert response.status_code == 422
    assert "Choose a file first." in words(response)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "p\u202excod.csv", '"><script>alert(1)</script>.csv', "x" * 150 + ".csv"]
)
def test_a_hostile_name_is_only_a_name(browser, name):
    browser.post(reverse("import_new"), {"file": file(*ROWS, name=name)})
    made = Import.objects.get()
    body = browser.get(reverse("import_mapping", args=[made.pk])).content.decode()

    assert "<script>alert" not in body
    assert "/" not in made.file


def test_the_example_can_be_imported(browser, hana):
    response = browser.get(reverse("import_example"))
    assert response["Content-Disposition"].startswith("attachment")
    browser.post(reverse("import_new"), {"file": SimpleUploadedFile("e.csv", response.content)})
    made = Import.objects.get()
    page = browser.get(reverse("import_mapping", args=[made.pk]))
    columns = dict(_chosen(page.context["form"]))
    browser.post(reverse("import_mapping", args=[made.pk]), columns | {"dates": "iso"})

    assert Import.objects.get().preview.counts["create"] == 4


def _chosen(form):
    return [(name, form[name].value()) for name in form.fields if name.startswith("column-")]


# columns


def test_columns_are_guessed_and_shown_with_what_is_in_them(browser, uploaded):
    page = words(browser.get(reverse("import_mapping", args=[uploaded.pk])))

    assert '<option value="email" selected>Email</option>' in page
    assert "sam@testing.example" in page


def test_the_preview_is_worked_out_at_once_for_few_rows(browser, uploaded):
    response = browser.post(reverse("import_mapping", args=[uploaded.pk]), mapped())

    assert response["Location"] == reverse("import_preview", args=[uploaded.pk])
    assert Import.objects.get(pk=uploaded.pk).preview.counts["refused"] == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"column-1": "number"}, "You chose “Staff number” twice."),
        ({"column-0": "", "column-1": ""}, "Choose the column with the staff number or the email"),
        ({"column-3": "line_from", "column-4": ""}, "also needs"),
        ({"column-3": "salary"}, "Select a valid choice"),
        ({"dates": "ymd"}, "Select a valid choice"),
        ({"column-2": "first_name"}, "First and last name go together"),
    ],
)
def test_columns_that_make_no_sense_are_refused_beside_them(browser, uploaded, more, said):
    response = browser.post(reverse("import_mapping", args=[uploaded.pk]), mapped(**more))

    assert response.status_code == 422
    assert said in words(response)


@pytest.fixture
def uploading(browser):
    """A function that uploads a file in the browser; it returns the import and the page of its columns."""

    def uploading(content, name="p.csv"):
        content = content.encode() if isinstance(content, str) else content
        response = browser.post(reverse("import_new"), {"file": SimpleUploadedFile(name, content)})
        assert response.status_code == 302, words(response)
        made = Import.objects.first()
        return made, browser.get(response["Location"])

    return uploading


def test_what_was_guessed_of_the_letters_is_asked_about_and_can_be_chosen(browser, uploading):
    made, page = uploading("email,name\nlu@testing.example,Łukasz Żółć".encode("cp1250"))
    assert "so Ladder guessed its encoding" in words(page)
    assert "Central European (Windows): Łukasz, Żółć" in words(page)
    assert "Western European (Windows): £ukasz, ¯ó³æ" in words(page)

    response = browser.post(reverse("import_reading", args=[made.pk]), {"encoding": "cp1252"})
    assert response["Location"] == reverse("import_mapping", args=[made.pk])
    assert "£ukasz" in words(browser.get(response["Location"]))


def test_the_row_of_headings_is_shown_and_can_be_chosen(browser, uploading):
    made, page = uploading("Our,staff\nwho,where\nsam@testing.example,Sam\nkit@testing.example,Kit")
    assert "Ladder isn’t sure which row has the headings" in words(page)
    assert "Line 2: who · where" in words(page)

    browser.post(reverse("import_reading", args=[made.pk]), {"heading": "2"})
    page = browser.get(reverse("import_mapping", args=[made.pk]))
    assert [heading for heading, _samples, _field in page.context["form"].columns] == ["who", "where"]
    assert "Ladder isn’t sure" not in words(page)
    browser.post(reverse("import_reading", args=[made.pk]), {"heading": "0"})
    assert Import.objects.get(pk=made.pk).rows == 4


def test_another_delimiter_forgets_the_line_of_the_headings(browser, uploading):
    made, _page = uploading("a;b\nemail,name;x\nsam@testing.example,Sam;y")

    browser.post(reverse("import_reading", args=[made.pk]), {"delimiter": ",", "heading": "1"})
    assert Import.objects.get(pk=made.pk).sheet.headings == ["email", "name;x"]


@pytest.mark.parametrize(
    "typed", [{"encoding": "utf-7"}, {"delimiter": "x"}, {"heading": "77"}, {"heading": "two"}]
)
def test_only_what_is_offered_can_be_chosen(browser, uploading, typed):
    made, _page = uploading("email;name\nsam@testing.example;Sämi\n".encode("cp1252"))
    response = browser.post(reverse("import_reading", args=[made.pk]), typed)

    assert response.status_code == 422
    assert "Select a valid choice" in words(response)


def test_what_cannot_be_read_so_is_said_beside_the_choice(browser, uploading):
    made, _page = uploading("email;name\nsam@testing.example;Sam\n")
    response = browser.post(reverse("import_reading", args=[made.pk]), {"heading": "2"})

    assert response.status_code == 422
    assert "there are no rows" in words(response)


def test_a_file_that_is_not_kept_any_more_is_uploaded_again(browser, uploading):
    made, _page = uploading("email;name\nsam@testing.example;Sam\n")
    Sheet.objects.forget_files()
    response = browser.post(reverse("import_reading", args=[made.pk]), {})

    assert response.status_code == 422
    assert "Upload it again" in words(response)


def test_the_sheet_can_be_chosen(browser, uploading):
    book, content = Workbook(), io.BytesIO()
    for title, email in (("Berlin", "sam@testing.example"), ("Paris", "kit@testing.example")):
        sheet = book.create_sheet(title)
        sheet.append(["Email", "Name"])
        sheet.append([email, "x"])
    book.remove(book["Sheet"])
    book.save(content)
    made, page = uploading(content.getvalue(), "p.xlsx")
    assert "More than one sheet could list your people" in words(page)
    assert "sam@testing.example" in words(page)

    browser.post(reverse("import_reading", args=[made.pk]), {"sheet": "Paris", "heading": "1"})
    assert "kit@testing.example" in words(browser.get(reverse("import_mapping", args=[made.pk])))


def test_what_was_read_otherwise_than_it_stands_there_is_said(uploading):
    _made, page = uploading("List\n\nemail,name,Reports to\nsam@testing.example,Sam,Noor Nought\nTotal,1\n")

    assert "1 line above the headings was left out." in words(page)
    assert "Line 5 is a total and was left out." in words(page)
    assert "“Reports to” contains names, which can be shared by several people, so it isn’t used" in words(
        page
    )


def test_days_that_can_be_read_in_two_ways_are_asked_about(browser, uploading):
    made, page = uploading("email,Hire date\nsam@testing.example,02/01/2024\n")
    assert "is 02/01/2024 in January or February?" in words(page)
    columns = {"column-0": "email", "column-1": "joined_on"}

    response = browser.post(reverse("import_mapping", args=[made.pk]), columns)
    assert response.status_code == 422
    assert "Choose a date format: 02/01/2024 can be read in two ways." in words(response)
    browser.post(reverse("import_mapping", args=[made.pk]), columns | {"dates": "mdy"})
    changes = Import.objects.get(pk=made.pk).preview.findings.get().changes
    assert changes == [["joined_on", "", "2024-02-01"]]


def test_statuses_are_asked_about_where_their_words_are_not_known(browser, uploading):
    made, page = uploading("email,Status\nsam@testing.example,Active\nkit@testing.example,Z9\n")
    assert "“Z9” means" in words(page)
    columns = {"column-0": "email", "column-1": "status"}

    response = browser.post(reverse("import_mapping", args=[made.pk]), columns)
    assert response.status_code == 422
    assert "Choose whether someone with this status is still employed." in words(response)
    browser.post(reverse("import_mapping", args=[made.pk]), columns | {"status-1": "gone"})
    findings = Import.objects.get(pk=made.pk).preview.findings
    assert list(findings.values_list("line", "kind")) == [(2, "unchanged"), (3, "refused")]
    form = browser.get(reverse("import_mapping", args=[made.pk])).context["form"]
    assert [field.value() for field in form.status_fields] == ["here", "gone"]


def test_many_words_under_status_are_no_statuses(browser, uploading):
    rows = "\n".join(f"p{n}@testing.example,word {n}" for n in range(30))
    _made, page = uploading(f"email,Status\n{rows}\n")

    assert "What each status means" not in words(page)


def test_rows_that_may_be_anybody_are_dropped_by_hand(browser, uploading):
    made, _page = uploading("email,name\nhana@testing.example,Hana\n???,Somebody else\n,x y\n")
    made.work_out({"columns": {"email": 0, "name": 1}, "leavers": True}, by=made.by)
    page = words(browser.get(made.get_absolute_url()))
    assert "2 rows could be anyone, so nobody is offboarded for being missing from the file" in page
    assert "Line 3: ??? · Somebody else" in page
    address = reverse("import_dropped_rows", args=[made.pk])

    for typed, said in (({}, "Choose the rows to skip first."), ({"lines": ["2"]}, "Select a valid choice")):
        response = browser.post(address, typed)
        assert response.status_code == 422
        assert said in words(response)
    for line in ("3", "4"):
        assert browser.post(address, {"lines": [line]}).status_code == 302
        perform.call(Run.objects.first().job_id)  # who would leave is for the worker to find
    preview = Import.objects.get(pk=made.pk).preview
    assert (preview.counts["unread"], preview.mapping["dropped"]) == (0, [3, 4])
    assert preview.counts["absent"] > 1


ODD = (
    "+4711",
    " nia@testing.example ",
    "Nia\u00a0New",
    "- interim -",
    "@Home",
    "'=quoted",
    "''-x",
    'a "b"',
    "a\r\nb",
    "0042",
)


def test_the_refused_rows_come_back_as_they_went_out(browser, uploading):
    headings = ("Staff number", "Email", "Name", "Job title", "Team", "A", "B", "C", "D", "Manager")
    text = io.StringIO()
    csv.writer(text).writerows([headings, [harmless(cell) for cell in ODD]])
    made, page = uploading(text.getvalue())
    columns = dict(_chosen(page.context["form"])) | {"dates": "iso"}
    browser.post(reverse("import_mapping", args=[made.pk]), columns)
    went = browser.get(reverse("import_refused", args=[made.pk])).content

    back, page = uploading(went)
    assert back.sheet.rows()[0][1 : len(ODD) + 1] == list(ODD)
    mended, page = uploading(went.replace(b"0042", b"noor@testing.example"))
    browser.post(
        reverse("import_mapping", args=[mended.pk]), dict(_chosen(page.context["form"])) | {"dates": "iso"}
    )
    changes = Import.objects.get(pk=mended.pk).preview.findings.get().changes
    assert {key: after for key, _before, after in changes} == {
        "number": "+4711", "email": "nia@testing.example", "name": "Nia New", "title": "- interim -",
        "team": "@Home", "manager": "Noor", "line_from": now().date().isoformat(),
    }  # fmt: skip


def test_an_error_of_a_spreadsheet_goes_out_as_one(browser, hana):
    made = Import.upload(b"email,name\n#REF!,Al\n", file="p.csv", within=Organisation.here(), by=hana)
    made.work_out({"columns": {"email": 0, "name": 1}}, by=hana)

    assert b"#N/A,Al,2," in browser.get(reverse("import_refused", args=[made.pk])).content


# preview


def test_the_refused_rows_stand_first_with_their_reasons(browser, previewed):
    page = words(browser.get(previewed.get_absolute_url()))

    assert "Unknown manager: “nobody@testing.example” matches nobody here or in the file." in page
    assert "Nia" not in page


def test_changes_are_shown_from_what_to_what(browser, previewed):
    page = words(browser.get(previewed.get_absolute_url(), {"kind": "change"}))

    assert "<del><bdi>Mara</bdi></del> <ins><bdi>Noor</bdi></ins>" in page


@pytest.mark.parametrize(
    "query", ["?kind=all", "?kind=nonsense", "?kind=create&page=99", "?page=x", "?kind=%00"]
)
def test_no_query_is_too_odd(browser, previewed, query):
    assert browser.get(previewed.get_absolute_url() + query).status_code == 200


def test_the_refused_rows_come_as_a_file_that_starts_nothing(browser, hana):
    rows = ('1,bad@testing.example,"=HYPERLINK(""http://x.example"")",@x,nobody@testing.example',)
    made = Import.upload(file(*rows).read(), file="=p.csv", within=Organisation.here(), by=hana)
    made.work_out({"columns": {key: n for n, key in enumerate(KEYS)}, "dates": "iso"}, by=hana)
    response = browser.get(reverse("import_refused", args=[made.pk]))

    assert response["X-Content-Type-Options"] == "nosniff"
    (_head, row) = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row[:5] == ["1", "bad@testing.example", '\'=HYPERLINK("http://x.example")', "'@x", rows[0][-22:]]
    assert "Unknown manager" in row[-1]
    assert Entry.objects.filter(action="import.downloaded", row_pk=str(made.pk)).count() == 1


@examples(max_examples=200, deadline=None)
@given(text=st.text(max_size=20), start=st.sampled_from(["", *"=+-@\t\r"]))
def test_no_cell_starts_a_formula(text, start):
    cell = harmless(start + text)

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(cell) == start + text or cell == start + text


@pytest.mark.parametrize("kind", ["create", "all"])
def test_the_preview_asks_as_often_for_few_as_for_many(browser, hana, kind):
    asked = []
    for size in (3, 60):
        rows = [f"{n},p{n}@testing.example,P{n},x," for n in range(10, 10 + size)]
        made = Import.upload(file(*rows).read(), file="p.csv", within=Organisation.here(), by=hana)
        made.work_out({"columns": {key: n for n, key in enumerate(KEYS)}, "dates": "iso"}, by=hana)
        asked.append(queries(browser, made.get_absolute_url() + f"?kind={kind}"))

    assert asked[0] == asked[1] <= MOST_QUERIES


def test_the_list_asks_as_often_for_few_as_for_many(browser, hana):
    asked = []
    for _size in (1, 2):
        Import.upload(file(*ROWS).read(), file="p.csv", within=Organisation.here(), by=hana)
        asked.append(queries(browser, reverse("imports")))

    assert asked[0] == asked[1] <= MOST_QUERIES


MOST_QUERIES = 12


def queries(browser, address):
    browser.get(address)  # the first one pays for the session
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


# apply


def test_a_file_with_refused_rows_waits_for_a_word(browser, previewed, sam):
    response = browser.post(reverse("import_application", args=[previewed.pk]))

    assert response.status_code == 422
    assert "Fix the file, or choose to skip them." in words(response)
    sam.refresh_from_db()
    assert sam.title == ""


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_import_is_applied_and_says_what_it_did(browser, previewed, sam, headers):
    address = reverse("import_application", args=[previewed.pk])
    response = browser.post(address, {"skip_refused": "on"}, headers=headers)

    assert response["Location"] == previewed.get_absolute_url()
    page = words(browser.get(previewed.get_absolute_url()))
    assert "The import was applied." in page
    assert "Undo import" in page
    sam.refresh_from_db()
    assert (sam.title, sam.manager_on().name) == ("Architect", "Noor")


def test_an_import_into_a_new_workspace_shows_the_steps_that_are_left(browser, applied, hana):
    address = applied.get_absolute_url()
    assert "Set up your workspace" in words(browser.get(address))

    with mock.patch("ladder.pages.imports.previews.first_steps", return_value=[]):
        assert "Set up your workspace" not in words(browser.get(address))


def test_a_second_click_finds_nothing_to_apply(browser, applied):
    assert browser.post(reverse("import_application", args=[applied.pk])).status_code == 404


def test_a_changed_world_shows_the_new_preview(browser, previewed, hana, sam, noor):
    sam.report_to(noor, starts_on=now().date(), by=hana)
    response = browser.post(reverse("import_application", args=[previewed.pk]), {"skip_refused": "on"})

    assert response.status_code == 422
    assert "People have changed since the preview" in words(response)
    assert not Person.objects.filter(name="Nia").exists()


def test_many_who_would_leave_are_confirmed_by_their_number(browser, hana):
    made = Import.upload(
        b"email\nhana@testing.example\nsam@testing.example", file="p.csv", within=Organisation.here(), by=hana
    )
    made.work_out({"columns": {"email": 0}, "dates": "iso", "leavers": True}, by=hana)
    address = reverse("import_application", args=[made.pk])
    page = words(browser.get(made.get_absolute_url()))
    assert "8 people aren’t in the file and will be offboarded as of today" in page

    for typed in ({}, {"confirmed": "7"}, {"confirmed": "x"}):
        assert browser.post(address, typed).status_code == 422
    assert browser.post(address, {"confirmed": "8"}).status_code == 302
    run = Run.objects.get(kind="apply")
    assert not run.is_over  # who has left is for the worker to find
    perform.call(run.job_id)
    assert not Person.objects.active().filter(name="Kit").exists()


def test_a_file_is_dropped(browser, previewed):
    assert browser.post(reverse("import_removal", args=[previewed.pk])).status_code == 302
    assert "This file was discarded and its rows were deleted." in words(
        browser.get(previewed.get_absolute_url())
    )
    assert browser.get(reverse("import_mapping", args=[previewed.pk])).status_code == 404
    assert browser.get(reverse("import_refused", args=[previewed.pk])).status_code == 404


# undo


def test_an_import_is_undone(browser, applied, sam):
    response = browser.post(reverse("import_undoing", args=[applied.pk]))

    assert response["Location"] == applied.get_absolute_url()
    page = words(browser.get(applied.get_absolute_url()))
    assert "Undone by Hana" in page
    assert "1 person it added is recorded as having left" in page
    sam.refresh_from_db()
    assert (sam.title, sam.manager_on().name) == ("", "Mara")


def test_who_was_moved_by_it_reads_that_somebody_else_undoes_it(signed_in, applied, hana, mara, sam):
    sam.grant("hr", by=hana)
    mara.grant("hr", by=hana)

    page = words(signed_in(sam).get(applied.get_absolute_url()))
    assert "only another HR administrator can undo it" in page
    assert "Undo import" not in page
    refused = signed_in(sam).post(reverse("import_undoing", args=[applied.pk]))
    assert refused.status_code == 422
    assert "only another HR administrator can undo it" in words(refused)
    assert "Undo import" in words(signed_in(mara).get(applied.get_absolute_url()))


def test_what_changed_since_is_named(browser, applied, hana, sam):
    sam.describe(by=hana, title="Fellow")
    response = browser.post(reverse("import_undoing", args=[applied.pk]))

    assert response.status_code == 422
    assert "Nothing was undone, because of later changes involving Sam." in words(response)


def test_after_a_day_there_is_nothing_to_undo(browser, applied, hana):
    with standing_at(now() + UNDOABLE + timedelta(minutes=1)):
        Import.objects.forget_stale()
        page = words(browser.get(applied.get_absolute_url()))
        assert "The day for undoing this import has passed" in page
        assert browser.post(reverse("import_undoing", args=[applied.pk])).status_code == 404


# at work


@pytest.fixture
def large(monkeypatch):
    """Three rows are as many as go to the worker."""
    monkeypatch.setattr(import_runs, "SMALL", 2)


def test_a_large_import_shows_how_far_it_is(browser, large, uploaded):
    browser.post(reverse("import_mapping", args=[uploaded.pk]), mapped())
    run = Run.objects.get()
    import_runs.tell(run.pk, 40)
    page = words(browser.get(uploaded.get_absolute_url()))
    assert "Preparing the preview" in page

    piece = browser.get(uploaded.get_absolute_url(), headers=HTMX)
    assert 'value="40"' in words(piece)
    assert "<html" not in words(piece)
    perform.call(run.job_id)
    assert browser.get(uploaded.get_absolute_url(), headers=HTMX)["HX-Refresh"] == "true"
    assert Import.objects.get(pk=uploaded.pk).state == "previewed"


def test_progress_is_told_up_to_the_end(browser, large, previewed):
    browser.post(reverse("import_application", args=[previewed.pk]), {"skip_refused": "on"})
    run = Run.objects.get(kind="apply")
    heard = []
    run.perform(tell=heard.append)

    assert heard == sorted(heard)
    assert heard[-1] > 90


def test_a_worker_that_fell_silent_is_said_and_asked_again(browser, large, previewed, sam):
    address = reverse("import_application", args=[previewed.pk])
    browser.post(address, {"skip_refused": "on"})
    import_runs.tell(Run.objects.get(kind="apply").pk, 30)
    with standing_at(now() + import_runs.PATIENCE + timedelta(seconds=1)):
        page = words(browser.get(previewed.get_absolute_url()))
        assert "the background worker may have stopped" in page
        assert "Try again" in page
        browser.post(address, {"skip_refused": "on"})
    for run in Run.objects.filter(kind="apply").order_by("pk"):
        perform.call(run.job_id)

    assert Import.objects.with_state().get(pk=previewed.pk).state == "applied"


def test_a_run_that_fails_says_so(browser, large, previewed, monkeypatch):
    browser.post(reverse("import_application", args=[previewed.pk]), {"skip_refused": "on"})

    def fail(*args, **options):
        raise OSError("the disk is full")

    monkeypatch.setattr("competencies.people_import.models.imports.prepare", fail)
    with pytest.raises(OSError, match="disk"):
        perform.call(Run.objects.get(kind="apply").job_id)
    page = words(browser.get(previewed.get_absolute_url()))
    assert "Something unexpected went wrong. Nothing was changed. Try again." in page
    assert "disk" not in page
