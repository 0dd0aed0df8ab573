"""
Phrases that Ladder no longer says: pages, mails, refusals, commands and documents use one vocabulary.

`python -m tests.architecture.test_words [FOLDER …]` lists where a retired phrase is, and what to say instead.
"""

import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Documents that were frozen are typeset with the words that they had.
FROZEN = ("templates/pdf/", "ladder/pdf/", "ladder/charts/")
DOCS = ("README.md", "docs/using.md", "docs/hosting.md", "docs/framework-files.md")

PLACEHOLDER = r"\{\{? ?\w+ ?\}?\}|%\(\w+\)s"
RETIRED = {
    r"\bread (?:against|at) \{?": "assessed at … level",
    r"\bread on\b": "Framework: …",
    rf"\bwhat (?:{PLACEHOLDER}|senior|staff|lead|(?:the next|a|each) level) asks": "expectations at …",
    r"\brests? on\b": "based on; … pieces of evidence",
    r"\byardsticks?\b": "target level",
    r"\bthe bar\b": "expectation",
    r"\bboth sides\b": "self and manager",
    r"\bhand(?:s|ed|ing)? in\b": "submit",
    r"\blook (?:it )?over and\b": "review and submit",
    r"\bwhat you saw\b": "what you did; your observations",
    r"\breveal(?:s|ed|ing)?\b": "shared",
    r"\btalk with \{?": "discuss with …",
    r"\btalk(?:ed)? (?:about it|it over|and sign)\b": "discussed",
    r"\btake (?:somebody|someone|people) in\b": "add person",
    r"\bleaving of\b|\bnote the leaving\b": "record last day",
    r"\bgets? in\b(?! touch)": "sign in",
    r"\bways? in\b": "sign-in",
    r"\bthe way here\b": "history",
    r"\bat it since\b": "in level since",
    r"\bstands? at\b": "is at, has",
    r"\bat no level\b": "has no level",
    r"\bplaces? (?:people|somebody|them|you)\b": "assigns a level",
    r"\blook again on\b": "revisit on",
    r"\bfound(?:ed)? a committee\b|\bcommittee (?:is |was )?founded\b": "create committee",
    r"\bcall (?:it|them) (?:otherwise|\{)": "rename",
    r"\b(?:give|gives|given|take|takes|taken) (?:a|the|this) seat\b|\bseat away\b": "add member; remove",
    r"\binto the chair\b": "make chair",
    r"\bhow promotions go\b|\blet promotions go\b": "promotion policy",
    r"\bneeds? a seat\b": "need a business case",
    r"\bbring(?:s|ing)? (?:it |this |the case |a case )?before\b|\bbrought before\b": "submit to committee",
    r"\bcall them\b": "convene",
    r"\bawaited\b": "not voted yet; waiting for",
    r"\bstep(?:s|ped|ping)? aside\b": "recuse",
    r"\bexcused?\b(?! me)": "recuse",
    r"\bwithout names\b": "anonymised",
    r"\bsecond step\b": "two-factor authentication",
    r"\bask for it\b": "require",
    r"\bwhere you are signed in\b": "active sessions",
    r"\bprograms? (?:may|that) act\b": "API tokens",
    r"\bthe trail\b": "the audit log",
    r"\bwho saw (?:my|your|the|this|their)\b": "access history",
    r"\bkeep a witness\b": "save a checkpoint",
    r"\bfreez(?:e|es|ing)\b|\bfrozen?\b|\bfroze\b": "finalise",
    r"\bbeing made\b": "generating",
    r"\blook again\b": "refresh",
    r"\bdrop this file\b": "discard file",
    r"\bverdicts?\b": "result",
    r"\bcan be told by\b": "identifies",
    r"\bcsv by semicolons\b": "CSV (semicolon-separated)",
    r"\bare not the same\b": "don't match",
    r"^once more\b": "confirm password",
    r"\band go in\b|\bgo in\b": "sign in",
    r"\bwent astray\b": "was meant for someone else",
    r"\bhabitable\b": "set up",
    r"\bgoverns? people\b": "HR administrator",
    r"\bnothing waits\b": "you're all caught up",
    r"\bthere is nothing here for you\b": "page not found",
    r"\bplaces? hold\b": "results for",
    r"\bcarried across\b|\bborrowed\b": "adapted from another role",
    r"\bwrite along\b": "contribute to",
    r"\bwho is left\b": "view progress",
    r"\bunder way\b": "current",
    r"\bstands? (?:here|there|first|in|on|below|above|open|beside|behind|still|under)\b": "is, appears",
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\bthe ladder\b": "the career framework",
    r"\bsomebody\b": "someone",
    r"\b(?:tak(?:e|es|en|ing)|took) (?:\w+ ){0,2}back\b": "withdraw; undo; revoke",
    r"\b(?:the|one's|her|his|your|their) house\b": "the company",
    r"\bwho has left\b": "former employee",
    r"\bcame of it\b": "the outcome",
    r"\bfor ever\b": "for good; permanently",
}

# Where a retired phrase stays: the file, and the words around it. Names of columns and of choices are in
# migrations, and what a frozen packet says is frozen; the name of a class is read by nobody else.
RIGHT = {
    ("competencies/framework/models/scale.py", "the bar"),
    ("competencies/notices/models.py", "Where the trail stands"),
    ("competencies/packets/masking.py", "[Withheld: it names somebody.]"),
    ("competencies/people/models/credentials.py", "taken back"),
    ("competencies/promotions/models/decision.py", "look again on"),
    ("competencies/promotions/models/endorsement.py", "what you saw"),
    ("competencies/promotions/models/endorsement.py", "Somebody they lead"),
    ("competencies/promotions/models/policy.py", "levels that need a seat"),
    ("competencies/reviews/models/__init__.py", "Reveal"),
    ("competencies/reviews/models/cycle.py", "both sides in"),
}
SHORT = r"\{% translate (?P<quote>[\"'])(?P<short>.*?)(?P=quote)"
LONG = r"\{% blocktranslate.*?%\}(?P<long>.*?)\{% endblock"
WORDS = re.compile(r"[A-Za-z] [A-Za-z{%]|^[A-Z]")


@dataclass(frozen=True)
class Phrase:
    """A retired phrase in a file, with the text that it is in and what to say instead."""

    file: str
    line: int
    phrase: str
    text: str
    instead: str

    def __str__(self):
        return f"{self.file}:{self.line}: “{self.phrase}” → {self.instead} | {self.text[:160]}"


def test_no_page_mail_or_message_says_a_retired_phrase():
    assert [str(found) for found in retired()] == []


def test_each_place_where_a_retired_phrase_is_right_still_has_it():
    said = {(file, text) for file, _line, text in said_anywhere()}

    assert [
        place for place in RIGHT if not any(file == place[0] and place[1] in text for file, text in said)
    ] == []


def retired(*folders):
    """Return the retired phrases in the files below `folders`, or in all."""
    return [
        Phrase(file, line, match[0], text, instead)
        for file, line, text in said_anywhere()
        if not folders or file.startswith(folders)
        for pattern, instead in _patterns()
        for match in pattern.finditer(text)
        if not any(
            file == place and match[0].lower() in words.lower() and words in text for place, words in RIGHT
        )
    ]


def said_anywhere():
    """Yield file, line and text of all that people may read."""
    for path in sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.txt")]):
        if _counts(path):
            yield from _said_by_template(path)
    for path in sorted([*ROOT.glob("ladder/**/*.py"), *ROOT.glob("competencies/**/*.py")]):
        if _counts(path) and "migrations" not in path.parts:
            yield from _said_by_program(path)
    for name in DOCS:
        path = ROOT / name
        if path.exists():
            for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield name, line, re.sub(r"`[^`]*`", "", text)


def _counts(path):
    return not str(path.relative_to(ROOT)).startswith(FROZEN)


def _said_by_template(path):
    text = path.read_text(encoding="utf-8")
    for match in re.finditer(f"{SHORT}|{LONG}", text, re.DOTALL):
        said = match["short"] or match["long"] or ""
        yield _named(path), text.count("\n", 0, match.start()) + 1, " ".join(said.split())


def _said_by_program(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in silent:
            continue
        if WORDS.search(node.value) and not node.value.isupper():
            yield _named(path), node.lineno, " ".join(node.value.split())


def _has_docstring(node):
    kinds = ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef
    return isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None


def _named(path):
    return path.relative_to(ROOT).as_posix()


def _patterns():
    return [(re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in RETIRED.items()]


if __name__ == "__main__":
    print(*retired(*sys.argv[1:]), sep="\n")
