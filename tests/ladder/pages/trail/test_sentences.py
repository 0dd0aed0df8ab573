"""Every action that is recorded anywhere in the code has its sentence."""

import ast
from pathlib import Path

import pytest

from competencies.trail.models import record
from competencies.trail.visibility import quiet_actions
from ladder.pages.trail.sentences import KINDS, NOUNS, SENTENCES, WORDS, by_noun, describe, kind_of, sentence

ROOT = Path(__file__).parents[4]
RECORDING = {"record", "record_each", "note_reading", "note_readings", "Reading", "keep_quiet"}


def actions_in(text):
    """Return the actions that a text records: `noun.happened`, or what happens to a packet and a draft."""
    found = set()
    for call in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args):
        name = ast.unparse(call.func).split(".")[-1]
        if name in RECORDING:
            named = call.args if name == "keep_quiet" else call.args[:1]
            named = [*named, *(keyword.value for keyword in call.keywords if keyword.arg == "named")]
            found |= {text for node in named for text in _texts(node)}
        elif ast.unparse(call.func).endswith("trail.add"):
            found |= set(_texts(call.args[0]))
        elif ast.unparse(call.func) in ("packet._named", "self._named"):
            found |= {f"{noun}.{text}" for noun in ("packet", "draft") for text in _texts(call.args[0])}
    return found


def _texts(node):
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    return _texts(node.body) if isinstance(node, ast.Lambda) else []


def everything_recorded():
    files = [*(ROOT / "competencies").rglob("*.py"), *(ROOT / "ladder").rglob("*.py")]
    return {action for file in files for action in actions_in(file.read_text())}


def test_an_action_is_found_however_it_is_written():
    sample = """
record("a.one", row, by=by)
record_each("a.two", rows, by=by)
record("a.three" if late else "a.four", row, by=by)
keep_quiet("a.five", "a.six")
READ = Reading("a.seven", about="subject")
record("a.eight" if late else packet._named("happened"), packet, by=by)
NAMED = Reading("a.nine", about="subject", named=lambda row: "a.ten" if row.late else "a.nine")
record(action, row, by=by)
"""
    numbers = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    assert actions_in(sample) == {f"a.{number}" for number in numbers} | {"packet.happened", "draft.happened"}


def test_every_action_has_its_sentence():
    without = everything_recorded() - set(WORDS)

    assert without == set(), "say in ladder/pages/trail/sentences.py what each of them tells"


def test_no_sentence_is_of_what_is_never_recorded():
    assert set(WORDS) - everything_recorded() == set()


def test_every_noun_has_a_name_and_every_kind_its_sentences():
    assert {action.partition(".")[0] for action in WORDS} <= set(NOUNS)
    assert set(SENTENCES) == set(KINDS)
    assert len(WORDS) == sum(len(said) for said in SENTENCES.values())


def test_what_is_kept_quiet_is_known():
    assert set(quiet_actions()) <= set(WORDS)


def test_the_actions_to_choose_from_are_all_there_once():
    assert sorted(action for _noun, actions in by_noun() for action, _words in actions) == sorted(WORDS)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("evidence.read", "Mara opened a piece of evidence"),
        ("thing.undreamt_of", "Mara: thing.undreamt_of"),
        ("account.sign_in_failed", "Someone tried to sign in and failed"),
    ],
)
def test_it_says_who_did_what(sam, mara, hana, action, said):
    entry = record(action, sam, by=mara, about=sam)

    assert sentence(entry, hana) == said
    assert [one.words for one in describe([entry], hana)] == [said]


def test_it_speaks_to_who_did_it_and_names_the_server(sam, mara):
    assert sentence(record("evidence.read", sam, by=mara), mara) == "You opened a piece of evidence"
    assert sentence(record("evidence.read", sam, by=None), mara) == "The server opened a piece of evidence"


def test_what_has_no_sentence_changed_something():
    assert kind_of("thing.undreamt_of") == "changed"
