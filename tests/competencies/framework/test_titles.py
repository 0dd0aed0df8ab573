"""What is read by its title bears one of its own."""

import pytest

from competencies.framework.loading import load
from competencies.framework.models import Framework
from competencies.framework.parser import BadFile
from competencies.framework.titles import told_apart
from competencies.framework.writing import write

from .conftest import TINY


def other(title):
    return TINY.replace("{key: tiny, title: Tiny}", f"{{key: small, title: {title}}}").encode()


@pytest.mark.parametrize("title", ["Tiny", "tiny", "TINY", "'Tiny '"])
def test_a_second_framework_of_one_title_is_refused(tiny, title):
    with pytest.raises(BadFile, match=r"framework\.title: is already the title of the framework tiny"):
        load(other(title), file="small.yaml", by=None)
    assert not Framework.objects.filter(key="small").exists()


def test_a_draft_is_not_renamed_to_what_another_is_called(tiny):
    load(other("Small"), file="small.yaml", by=None)
    with pytest.raises(BadFile, match="is already the title of the framework"):
        load(other("Tiny").replace(b"Makes things.", b"Makes more."), file="small.yaml", by=None)


@pytest.fixture
def namesakes(tiny):
    """Two frameworks that were called the same before that was refused."""
    Framework.objects.filter(pk=tiny.framework_id).update(namesake=True)
    return tiny.framework, Framework.objects.create(key="small", title="Tiny", namesake=True)


def test_those_of_one_title_from_before_are_shown_with_their_keys(namesakes, tiny):
    assert [str(row) for row in Framework.objects.filter(title="Tiny")] == ["Tiny (small)", "Tiny (tiny)"]
    tiny.refresh_from_db()
    assert str(tiny) == "Tiny (tiny), edition 1"


def test_they_still_take_editions(namesakes):
    edition = load(TINY.replace("Makes things.", "Makes more.").encode(), file="tiny.yaml", by=None)
    assert str(edition) == "Tiny (tiny), edition 2"


def test_the_last_of_a_title_needs_its_key_no_more(namesakes):
    load(TINY.replace("title: Tiny}", "title: Small}").encode(), file="tiny.yaml", by=None)
    assert {str(row) for row in Framework.objects.filter(key__in=("tiny", "small"))} == {"Small", "Tiny"}


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("title: High", "title: low", r"levels\[2\]\.title: low already has the title"),
        ("title: Data", "title: ' Web'", r"tracks\[2\]\.title: web already has the title"),
    ],
)
def test_two_of_one_kind_with_one_title_are_refused_with_line_and_field(db, before, after, place):
    with pytest.raises(BadFile, match=rf"tiny\.yaml:\d+:\d+: {place}"):
        load(TINY.replace(before, after, 1).encode(), file="tiny.yaml", by=None)


def test_two_competencies_with_one_title_are_refused(db):
    text = TINY[: TINY.index("skills:")]
    once = text[text.index("      - key: making") :]
    doubled = text + once.replace("key: making", "key: doing", 1)
    with pytest.raises(
        BadFile, match=r"areas\[1\]\.competencies\[2\]\.title: making already has the title “Making”"
    ):
        load(doubled.encode(), file="tiny.yaml", by=None)


def test_an_edition_from_before_is_still_written_and_known_again(tiny):
    tiny.level_set.filter(key="high").update(title="Low")
    said = write(tiny)
    digest = _digest(said)
    type(tiny).objects.filter(pk=tiny.pk).update(digest=digest)
    assert load(said, file="tiny.yaml", by=None) == tiny


def _digest(said):
    from competencies.framework.loading import digest_of
    from competencies.framework.parser import LadderSpec, read_as

    return digest_of(read_as(LadderSpec, said, file="tiny.yaml", loose_ends=lambda spec: ()))


def test_where_one_chooses_they_are_told_apart_by_key(tiny):
    tiny.level_set.filter(key="high").update(title="Low")
    assert sorted(told_apart(tiny.level_set.all()).values()) == ["Low (high)", "Low (low)"]
    assert sorted(told_apart(tiny.track_set.all()).values()) == ["Data", "Web"]
