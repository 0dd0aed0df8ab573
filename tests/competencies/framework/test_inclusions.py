"""What a level covers is the closure of what was written, and what follows it the reduction."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from competencies.framework.loading import load
from competencies.framework.models.inclusion import Inclusions
from competencies.framework.writing import write

from .conftest import TINY

THREE = """\
levels:
  - {key: low, title: Low, rung: 1, scope: Own work.}
  - {key: middle, title: Middle, rung: 2, scope: Some work., includes: [low]}
  - {key: high, title: High, rung: 3, scope: All work., includes: INCLUDED, cites: ["900 s2"]}
tracks:"""
MIDDLE = "{summary: Makes some., behaviours: [{text: Makes some., cites: ['900 s1']}]}"


def ladder(included):
    """Return the file of a ladder of three levels of which the last includes what is `included`."""
    before, after = TINY.split("levels:")[0], TINY.split("tracks:", 1)[1]
    text = before + THREE.replace("INCLUDED", included) + after
    return text.replace("          high:", f"          middle: {MIDDLE}\n          high:", 1)


@pytest.mark.parametrize("included", ["[middle]", "[low, middle]", "[middle, low]"])
class TestHoweverItIsWritten:
    @pytest.fixture
    def levels(self, db, included):
        edition = load(ladder(included).encode(), file="three.yaml", by=None)
        return {level.key: level for level in edition.level_set.all()}

    def test_the_next_step_is_the_level_above_and_no_other(self, levels):
        steps = {key: [step.key for step in level.next_steps()] for key, level in levels.items()}
        assert steps == {"low": ["middle"], "middle": ["high"], "high": []}

    def test_a_level_covers_all_below_it(self, levels):
        inclusions = Inclusions.of([levels["low"].edition])
        keys = {level.pk: key for key, level in levels.items()}
        covered = {key: {keys[pk] for pk in inclusions.covered(level.pk)} for key, level in levels.items()}
        assert covered == {"low": set(), "middle": {"low"}, "high": {"low", "middle"}}

    def test_the_file_keeps_the_edges_as_written(self, levels, included):
        written = write(levels["high"].edition).decode()
        assert load(written.encode(), file="again.yaml", by=None) == levels["high"].edition
        wanted = included.strip("[]").split(", ")
        assert [row.included.key for row in levels["high"].inclusions.order_by("pk")] == wanted


@given(some.lists(some.tuples(some.integers(0, 7), some.integers(0, 7)), max_size=20))
def test_reduction_and_closure_agree(pairs):
    inclusions = Inclusions((max(pair), min(pair)) for pair in pairs if pair[0] != pair[1])
    reduced = Inclusions((level, below) for level in range(8) for below in inclusions.directly_below(level))
    for level in range(8):
        assert reduced.covered(level) == inclusions.covered(level)
        for below in inclusions.directly_below(level):
            assert level in inclusions.next_steps(below)
            assert not any(below in inclusions.covered(other) for other in inclusions.covered(level))


def test_a_circle_ends(db):
    assert Inclusions([(1, 2), (2, 1)]).covered(1) == {2}
