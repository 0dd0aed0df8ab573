"""By what a person could be known is taken out of a packet, however it is written."""

import copy
import json
import unicodedata
from pathlib import Path

import pytest

from competencies.packets.masking import Alias, Mask, masked

WHOLE = json.loads((Path(__file__).parents[2] / "ladder" / "pdf" / "archive.json").read_text())
CANDIDATE = Alias(
    "candidate",
    names=("Łucja Markiewicz",),
    emails=("l.markiewicz@kestrel.example",),
    numbers=("K-12044",),
    teams=("Payments Core",),
)
CAST = [
    CANDIDATE,
    Alias("manager", ("Henrik Aas",)),
    Alias("sponsor", ("Jürgen Müller-Lüdenscheidt",)),
    Alias("Endorser 1", ("王秀英",)),
    Alias("Endorser 2", ("Владимир Петров",)),
    Alias("Endorser 3", ("Οδυσσέας Παππάς",)),
    Alias("Endorser 4", ("أحمد منصور",)),
    Alias("Member 1", ("Þórður Guðmundsson",)),
    Alias("Member 2", ("Grace O’Neill",)),
]
WRITTEN = {  # how somebody stands in a text: what is left
    "Łucja Markiewicz drew it.": "The candidate drew it.",
    "We ask Łucja to speak.": "We ask the candidate to speak.",
    "It was łucja's plan.": "It was the candidate's plan.",
    "It was LUCJA MARKIEWICZ’S plan.": "It was the candidate’S plan.",
    "Markiewiczs plan": "The candidate’s plan",
    "Lucja without her mark": "The candidate without their mark",
    "Given to Łucji and Markiewiczowi.": "Given to the candidate and the candidate.",
    "Łucja\nMarkiewicz led.": "The candidate led.",
    "Asked Markie-\nwicz first.": "Asked the candidate first.",
    "Mar\u00adkie\u200bwicz": "The candidate",
    "**Łucja** _Markiewicz_ led": "The candidate led",
    "Łu**cj**a led": "The candidate led",
    "A **Łu**cja": "A the candidate",
    "Markiewicz, Łucja": "The candidate",
    "Łucja M. Markiewicz": "The candidate",
    "L. Markiewicz": "The candidate",
    "Branch lmarkiewicz/boundary": "Branch the candidate/boundary",
    "Tag fixByLucja": "Tag fixBythe candidate",
    "user lucja_markiewicz2": "user the candidate2",
    "Number K-12044.": "Number the candidate.",
    "Mail l.markiewicz@kestrel.example.": "Mail [address].",
    "Mail lucja (at) kestrel.example": "Mail [address]",
    "See https://wiki.example/~lucja/x?y=1.": "See [link]",
    "See [Łucja's paper](https://wiki.example/l) now": "See the candidate's paper now",
    "In markiewicz-cv-2026.pdf": "In [file]",
    "By payments core and Payments\nCore": "By the candidate’s team and the candidate’s team",
    "Henrik's and AAS": "The manager's and the manager",
    "Jurgen or Mueller or Müller": "The sponsor or the sponsor or the sponsor",
    "By Ludenscheidt": "By the sponsor",
    "王秀英 and 秀英": "Endorser 1 and Endorser 1",
    "Для Владимира Петрова": "Для Endorser 2",
    "του Οδυσσέα": "του Endorser 3",
    "من أحمد": "من Endorser 4",
    "Thordur, Þórðar": "Member 1, Member 1",
    "Grace and ONeill": "Member 2 and Member 2",
}


@pytest.fixture(scope="module")
def mask():
    return Mask(CAST)


@pytest.mark.parametrize(("text", "left"), WRITTEN.items())
def test_a_name_is_found_however_it_is_written(mask, text, left):
    assert mask.out_of(text) == left


@pytest.mark.parametrize(
    "text",
    ["Two teams disagreed with grace.", "Aasen is a town.", "The marking of a mark.", "It was 12044 lines."],
)
def test_a_word_that_only_looks_like_a_name_stays(mask, text):
    assert mask.out_of(text) == text


def test_a_name_that_no_pattern_foresaw_takes_the_text_with_it(mask):
    assert mask.out_of("L u c j a  M a r k i e w i c z led it.") == "[Withheld: it names somebody.]"


def test_a_long_text_takes_a_moment(mask):
    import time

    started = time.process_time()
    for text in ("l. m a r k " * 2_000, "*_`" * 7_000, "Łucja\n" * 3_500, "-\n" * 10_000):
        mask.out_of(text)
    assert time.process_time() - started < 10


KEPT = ("bar", "matrix", "edition", "candidate", "case", "trajectory", "provenance")


def seeded(content):
    """The content with the candidate in every text that somebody wrote, each time in another way."""
    ways = [
        "Łucja Markiewicz’s", "LUCJA", "markiewicz", "Mar\u00adkiewicz", "Markie-\nwicz", "**Łuc**ja",
        "lucja.markiewicz@kestrel.example", "https://x.example/markiewicz", "K-12044", "Łucji", "lmarkiewicz",
        "[Markiewicz](mailto:lucja@x.example)", "markiewicz.pdf", "Booking", "She", "herself",
    ]  # fmt: skip
    count = iter(range(10**6))

    def into(value, key=""):
        if isinstance(value, dict):
            return {name: into(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [into(part) for part in value]
        texts = ("text", "title", "result", "reason", "rationale", "feedback", "conditions", "grounds", "ask")
        story = ("context", "problem", "scope", "own_role", "decisions", "gaps", "need", "relation", "kind")
        if isinstance(value, str) and key in texts + story:
            return f"{value} {ways[next(count) % len(ways)]} {ways[next(count) % len(ways)]}"
        return value

    told = {name: into(value, name) for name, value in content.items() if name not in KEPT}
    return content | told


def plain(text):
    """Small letters without marks, breaks or Markdown, so that nothing hides from a plain search."""
    small = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(letter for letter in small if letter.isalnum())


@pytest.fixture(scope="module")
def hidden():
    content = copy.deepcopy(WHOLE)
    content["packet"]["variant"] = "committee"
    return masked(
        seeded(content),
        known=[
            Alias("candidate", ("Łucja Markiewicz",), ("lucja.markiewicz@kestrel.example",), ("K-12044",))
        ],
    )


def test_no_seeded_identifier_is_left(hidden):
    text = plain(json.dumps(hidden, ensure_ascii=False))
    for seed in ("lucj", "markiewic", "k12044", "henrikaas", "solheim", "gudmundsson", "pappas"):
        assert seed not in text, seed


def test_nobody_is_a_woman_or_a_man(hidden):
    import re

    assert not re.search(r"(?i)(?<!\w)(she|he|hers?|his|him|herself|himself)(?!\w)", json.dumps(hidden))


def test_everybody_stands_there_by_role(hidden):
    assert hidden["candidate"]["name"] == "The candidate"
    assert (hidden["candidate"]["pronouns"], hidden["candidate"]["team"]) == ("", "")
    assert [row["by"] for row in hidden["statements"]] == ["The sponsor", "The manager", "The presenter"]
    assert [row["by"] for row in hidden["endorsements"]] == [f"Endorser {place}" for place in (1, 2, 3, 4)]
    assert hidden["decision"]["members"] == ["Member 2", "Member 3", "Member 4", "Member 5"]
    assert {piece["recorded_by"] for piece in hidden["evidence"]} >= {"The candidate", "The manager"}
    assert {piece["link"] for piece in hidden["evidence"]} == {""}


def test_what_is_judged_stays(hidden):
    for part in ("bar", "edition", "months", "organisation"):
        assert hidden[part] == WHOLE[part]
    for key in ("number", "code", "verify"):
        assert hidden["packet"][key] == WHOLE["packet"][key]
    assert hidden["packet"]["frozen_at"][:10] == WHOLE["packet"]["frozen_at"][:10]
    assert [row["readiness"] for row in hidden["matrix"]] == [row["readiness"] for row in WHOLE["matrix"]]
    assert "23 releases without coordination" in hidden["summary"]["claims"][0]["result"]


def test_what_is_masked_is_not_taken_for_a_content_to_mask(hidden):
    with pytest.raises(ValueError, match="already"):
        masked(hidden)


def test_the_original_is_left_alone():
    content = copy.deepcopy(WHOLE)
    content["packet"]["variant"] = "committee"
    before = json.dumps(content)
    masked(content)
    assert json.dumps(content) == before


def test_the_ladders_own_names_stay_where_a_team_is_called_alike():
    content = copy.deepcopy(WHOLE)
    area, title = content["matrix"][0]["area"], content["matrix"][0]["title"]
    content["candidate"]["team"] = title.split()[0]
    told = masked(content)

    assert (told["matrix"][0]["area"], told["matrix"][0]["title"]) == (area, title)
    assert told["candidate"]["team"] == ""
