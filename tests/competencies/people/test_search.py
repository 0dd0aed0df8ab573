"""People are found by how words of theirs begin, as reading everybody's name would find them."""

import re
import unicodedata
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from competencies.core.clock import today
from competencies.core.folding import fold, words_of
from competencies.people.models import Person, Word
from competencies.people.models.search_index import LONGEST, reindex, reindex_everyone, rows_for
from competencies.people.search import called, search
from competencies.personal_data.erasure import erase

LETTERS = "abnoAB éßİıłøçЖжёÅ王小明カ김철수한กข'’-.@_%09"
texts = st.text(st.sampled_from(LETTERS), max_size=12)
FREE = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    print_blob=True,
    max_examples=60,
)


def naively(people, text):
    """Return the ids of whom each word of `text` begins a word, or part of an unspaced one."""
    words = words_of(text)
    return {person.pk for person in people if words and all(_begins(word, person) for word in words)}


def _begins(word, person):
    for said in (person.name, person.team, person.email, person.number or ""):
        if any(_within(word, whole) for whole in words_of(said)):
            return True
        if said != person.email and any(_within(word, "".join(words_of(t))) for t in said.split()):
            return True
    return any(number.lstrip("0").startswith(word) for number in words_of(person.number or ""))


def _within(word, whole):
    starts = [0, *(at for at, sign in enumerate(whole) if _unspaced(sign))]
    return any(whole.startswith(word, at) for at in starts)


def _unspaced(sign):
    name = unicodedata.name(sign, "")
    return name.startswith(("CJK", "KATAKANA", "HIRAGANA", "HANGUL", "THAI"))


def find(text, *, most=1_000, people=None):
    ids, _more = search(Person.objects.all() if people is None else people, text, most=most)
    return [person.name for person in Person.objects.in_order(ids)]


@pytest.fixture
def named(db):
    """A function that takes somebody in under a name."""

    def take_in(name, **fields):
        email = f"number{Person.objects.count()}@named.example"
        return Person.objects.create_user(email, name, **fields)

    return take_in


@FREE
@example([("", "", ""), ("", "", "王@İ")], "王İ", Random(0))
@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=5), texts, st.randoms())
def test_finds_whom_reading_everybody_finds(db, said, typed, chance):
    with transaction.atomic():
        for n, (name, team, number) in enumerate(said):
            Person.objects.create_user(f"p{n}@a.example", name, team=team, number=f"{n}{number}")
        everybody = Person.objects.all()
        part = chance.choice(chance.choice(said))
        for text in (typed, part, part[: len(part) // 2], part.upper(), f"{typed} {part}"):
            ids, more = search(everybody, text, most=1_000)
            assert set(ids) == naively(everybody, text), text
            assert len(ids) == len(set(ids))
            assert not more
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("José García", ["jose", "JOSÉ", "garcia", "García José", "gar jos", "jose\u0301", "Ｊｏｓｅ"]),
        ("Ann O'Brien", ["o'brien", "O’Brien", "obrien", "brien", "o brien", "obr", "OBRIEN ann"]),
        ("Jean-Luc Smith-Jones", ["jean-luc", "jeanluc", "jones", "smith-j", "smithjones luc"]),
        ("Ayşe Işık", ["isik", "IŞIK", "ışık", "Isik ayse"]),
        ("İpek Öz", ["ipek", "İPEK", "IPEK", "oz"]),
        ("王小明", ["王", "小明", "明", "王小"]),
        ("김철수", ["김", "철수", "김철"]),
        ("Пётр Чайковский", ["петр", "ПЁТР", "чаик", "чайковский пет"]),
        ("Γιώργος Παπαδόπουλος", ["γιωργος", "ΓΙΏΡΓΟΣ", "παπ"]),
        ("Łukasz Straße", ["lukasz", "strasse", "STRASSE", "łuk"]),
        ("प्रिया शर्मा", ["प्रिया", "शर्", "शर्मा प्र"]),
        ("สมชาย", ["สมชาย", "ชาย"]),
        ("Bjørn Ærøskøbing", ["bjorn", "aeros", "ÆRØ"]),
        ("A" * 150 + "b", ["A" * 150, "a" * 41, "aaa"]),
    ],
)
def test_is_found_however_it_is_typed(named, name, typed):
    named(name), named("Somebody Else")

    assert {words: find(words) for words in typed} == {words: [name] for words in typed}


@pytest.mark.parametrize(
    "typed", ["", " ", "…", "'-.@", "%", "_", "\u0301", "*", "\\", "\ud7ff", "osé", "rcia"]
)
def test_finds_nobody(named, typed):
    named("José García")

    assert find(typed) == []


def test_a_long_name_alone_is_not_enough(named):
    named("a" * LONGEST + " Abt")

    assert find("a" * LONGEST + " zed") == []
    assert len(find("a" * LONGEST + " ab")) == 1


def test_finds_by_email_team_and_number_also_without_its_zeros(named):
    named("Kim", team="Research & Development", number="E-00512")
    named("Kim Other", team="Sales", number="512-00")

    for typed in ("e-00512", "e 0051", "r&d", "named research", "develop kim res"):
        assert find(typed) == ["Kim"], typed
    assert set(find("512")) == {"Kim", "Kim Other"}


def test_the_name_that_begins_so_and_whole_words_come_first(named):
    for name in ("Leanne Ann", "Anna Zed", "Zoe Annable", "Ann Zed", "Lee Annable", "Ann Abt"):
        named(name)

    assert find("ann") == ["Ann Abt", "Ann Zed", "Anna Zed", "Leanne Ann", "Lee Annable", "Zoe Annable"]
    assert find("ann", most=3) == ["Ann Abt", "Ann Zed", "Anna Zed"]
    assert find("zed ann") == ["Ann Zed", "Anna Zed"]
    assert find("anna z") == ["Anna Zed", "Zoe Annable"]


def test_the_best_is_shown_of_many(named):
    for number in range(12):
        named(f"Kimberly {number:02}"), named(f"Aaron Kim {number:02}")
    named("Kim Zuse")

    ids, more = search(Person.objects.all(), "kim", most=5)

    assert more
    assert len(ids) == 5
    assert Person.objects.get(pk=ids[0]).name == "Kim Zuse"
    assert search(Person.objects.all(), "kim", most=25) == (
        search(Person.objects.all(), "kim", most=99)[0],
        False,
    )


def test_finds_among_those_asked_for_whichever_are_fewer(named, monkeypatch):
    for number in range(9):
        named(f"Kim {number}", team="Blue" if number % 2 else "Red")
    few = Person.objects.filter(team="Red")
    usual = find("kim", people=few)

    monkeypatch.setattr("competencies.people.search.COMMON", 6)

    assert find("kim", people=few) == usual == [f"Kim {number}" for number in (0, 2, 4, 6, 8)]
    assert find("kim") == [f"Kim {number}" for number in range(9)]


@pytest.mark.parametrize("typed", ["kim", "kim blue team", "nobody"])
def test_asks_as_often_whatever_there_is(named, typed):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            search(Person.objects.active(), typed, most=10)
        return len(queries)

    named("Kim", team="Blue team")
    once = asked()
    for number in range(30):
        named(f"Kim {number}", team="Blue team")

    assert once <= 5
    assert asked() <= 6


@pytest.mark.parametrize("typed", ["kim", "team kim"])
def test_reads_along_the_index(named, typed):
    """A small table is read whole by PostgreSQL, so it is asked what it would do if that were dear."""
    named("Kim", team="Team")
    asked = []

    def noting(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noting):
        search(Person.objects.active(), typed, most=10)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
        plans = [_plan(cursor, sql, params) for sql, params in asked]
    for plan in plans[:-1]:
        assert re.search(LOOKED_UP[connection.vendor], plan), plan
        assert not re.search("Seq Scan|SCAN people", plan), plan


LOOKED_UP = {
    "sqlite": r"SEARCH people_word USING COVERING INDEX people_word_by_text \(text[>=]",
    "postgresql": r"Index (Only )?Scan using people_word_by_text.*\n *Index Cond: .*text",
}


def _plan(cursor, sql, params):
    explain = "EXPLAIN (COSTS OFF)" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    cursor.execute(f"{explain} {sql}", params)
    return "\n".join(str(row[-1]) for row in cursor.fetchall())


class TestTheRows:
    def assert_true(self):
        for person in Person.objects.all():
            said = rows_for(person.name, person.team, person.email, person.number)
            assert set(person.words.values_list("text", flat=True)) == said, person

    def test_follow_what_is_said(self, sam, hana):
        sam.describe(by=hana, name="Renée D'Arc", team="Blue", number="S-007", email="ren@new.example")

        self.assert_true()
        assert find("darc") == ["Renée D'Arc"]
        assert "Sam" not in find("sam")

    def test_follow_an_erasure(self, sam, hana):
        sam.describe(by=hana, name="Renée Xylander")
        sam.leave(on=today(), by=hana)
        erase(sam, by=hana)

        self.assert_true()
        assert not Word.objects.filter(text__contains="xylander").exists()

    def test_are_made_anew(self, sam, noor, db):
        before = set(Word.objects.values_list("person", "text"))
        Word.objects.filter(person=sam).delete()
        Word.objects.create(person=noor, text="nonsense")

        reindex_everyone()

        assert set(Word.objects.values_list("person", "text")) == before
        self.assert_true()

    def test_are_left_alone_by_a_sign_in(self, sam):
        with CaptureQueriesContext(connection) as queries:
            sam.save(update_fields=["last_login"])

        assert not [
            query for query in queries if "people_word" in query["sql"] or "people_gap" in query["sql"]
        ]

    def test_no_row_is_longer_than_is_told_apart(self, named):
        person = named("x" * 200, team="y" * 120, number="z" * 40)

        assert max(len(text) for text in person.words.values_list("text", flat=True)) == LONGEST

    def test_of_nobody_are_none(self, db):
        reindex([])


@FREE
@example("ẞ")
@example("İ")
@example("ŉ")
@given(st.text(max_size=20))
def test_what_is_folded_stays_folded_in_any_case(text):
    once = fold(text)

    assert fold(once) == once
    assert [word[:LONGEST] for word in words_of(once)] == [word[:LONGEST] for word in words_of(text)]


def test_names_are_known_in_any_case(named):
    jose, _other = named("José García"), named("José Garcías")

    assert set(called(["josé GARCÍA", "Nobody"])) == {jose}
    assert not called([])
