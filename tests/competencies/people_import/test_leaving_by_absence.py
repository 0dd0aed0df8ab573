"""Whoever is here and not in the file has left: but for whom a row that cannot be read may be about."""

import pytest

from competencies.people_import.models import Import

REST = ("stella@,Stella", "leo@,Leo", "mara@,Mara", "noor@,Noor", "dora@,Dora", "otto@,Otto", "hana@,Hana",
        "aude@,Aude", "kit@,Kit")  # fmt: skip
HEADINGS = "email,name,number"


@pytest.fixture
def list_of_all(bring):
    """A function that brings a file of everybody, but for the rows about Sam that it is given."""

    def list_of_all(*rows, headings=HEADINGS, **options):
        more = "," * (headings.count(",") - 1)
        return bring(headings, *(f"{row}{more}" for row in REST), *rows, leavers=True, **options)

    return list_of_all


def leaving(made):
    return set(made.preview.findings.filter(line=0).values_list("name", flat=True))


def held_up_by(made):
    return list(made.preview.findings.filter(is_unread=True).values_list("line", flat=True))


def test_whoever_is_named_nowhere_leaves(list_of_all):
    made = list_of_all()

    assert (leaving(made), held_up_by(made)) == ({"Sam"}, [])


NAMED = {
    "a comma at the end of the email": '"sam@,",,',
    "an unseen character in the email": "s\u200bam@,,",
    "an email with a name around it": "Sam <sam@>,,",
    "a spoilt email and the name": "sam at testing,Sam,",
    "the name in other letters": "???,SÀM\u00a0,",
    "no key but the name": ",Sam,",
    "a number that shows": "???,,0007",
    "a number without its zeros": "???,,7",
    "a number with something around it": ",,\u200e#0007\u200e",
    "somebody else's email": "kit@,Sam,",
    "a number that is somebody else's": "sam@,,0008",
}


@pytest.mark.parametrize("row", NAMED.values(), ids=NAMED)
def test_a_refused_row_keeps_whom_any_cell_names(list_of_all, hana, sam, kit, row):
    sam.describe(by=hana, number="0007")
    kit.describe(by=hana, number="0008")
    made = list_of_all(row)

    assert made.preview.counts["refused"]
    assert (leaving(made), held_up_by(made)) == (set(), [])


@pytest.mark.parametrize("said", ["Sam Anders", "Anders, Sam", "ANDERS SAM"])
def test_a_name_is_known_in_any_order(list_of_all, hana, sam, said):
    sam.describe(by=hana, name="Sam Anders")

    assert leaving(list_of_all(f'???,"{said}",')) == set()


NAMELESS = {
    "nothing readable": "???,,",
    "a name of nobody": "???,Samuel,",
    "half a key": "sam,,",
    "unseen letters alone": "\u200b,,",
    "somebody new without an email": ",Samuel,4711",
    "an error of a spreadsheet": "#REF!,,",
}


@pytest.mark.parametrize("row", NAMELESS.values(), ids=NAMELESS)
def test_nobody_leaves_while_a_row_may_be_anybody(list_of_all, row):
    made = list_of_all(row)

    assert (leaving(made), held_up_by(made)) == (set(), [11])
    assert made.preview.counts["unread"] == 1


def test_a_manager_is_not_whom_the_row_is_about(list_of_all):
    made = list_of_all("???,,kit@", headings="email,name,manager")

    assert held_up_by(made) == [11]


def test_half_a_name_names_nobody(list_of_all, hana, sam):
    sam.describe(by=hana, name="Sam Anders")
    made = list_of_all("???,Sam,,", headings="email,first_name,last_name,number")

    assert 11 in held_up_by(made)
    assert leaving(made) == set()


def test_a_row_that_is_refused_for_something_else_holds_nobody_up(list_of_all):
    made = list_of_all("nia@,Nia,nobody@", headings="email,name,manager")

    assert (leaving(made), held_up_by(made)) == ({"Sam"}, [])


def test_without_the_tick_nothing_is_held_up(bring):
    assert bring(HEADINGS, "???,,").preview.counts["unread"] == 0


def test_what_was_dropped_by_hand_holds_up_no_more(list_of_all, hana, sam):
    made = list_of_all("???,,", "!!!,Kit,")
    made.work_out(made.preview.mapping | {"dropped": [11]}, by=hana)
    made = Import.objects.get(pk=made.pk)

    assert (leaving(made), held_up_by(made)) == ({"Sam"}, [])
    assert made.preview.findings.get(line=11).reasons == ["Skipped by hand."]
    made.apply(by=hana, skip_refused=True, confirmed=1)
    sam.refresh_from_db()
    assert not sam.is_active


def test_a_row_mended_in_the_file_lets_the_others_leave(list_of_all):
    assert leaving(list_of_all("???,,")) == set()
    assert leaving(list_of_all("sam@,Sam,")) == set()
    assert leaving(list_of_all("nia@,Nia,")) == {"Sam"}
