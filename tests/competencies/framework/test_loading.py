import pytest

from competencies.core.refusals import Denied
from competencies.framework.loading import load
from competencies.framework.models import Citation, Edition, Framework
from competencies.framework.parser import BadFile
from competencies.people.models import Organisation
from competencies.trail.models import Entry
from tests.conftest import BUILT_IN

from .conftest import TINY


def test_a_file_becomes_a_draft(tiny):
    assert (str(tiny), tiny.state) == ("Tiny, edition 1", "draft")
    high = tiny.level_set.get(key="high")
    assert [level.key for level in high.includes.all()] == ["low"]
    assert [level.key for level in tiny.level_set.get(key="low").next_steps()] == ["high"]
    making = tiny.competency_set.get()
    assert making.evidence == [{"text": "A thing", "level": None}, {"text": "Many things", "level": "high"}]
    behaviours = making.expectations.get(level=high).behaviours.all()
    assert [(row.text, row.track and row.track.key) for row in behaviours] == [
        ("Makes many things.", None),
        ("Guides makers.", "web"),
        ("Makes on time.", None),
    ]
    assert [str(citation) for citation in behaviours[2].citations.all()] == ["900 s1", "900 s2"]
    assert Citation.objects.filter(edition=tiny).count() == 9


def test_the_same_file_again_gives_the_same_edition_and_writes_nothing(tiny):
    entries = Entry.objects.count()
    assert load(TINY.encode(), file="again.yaml", by=None) == tiny
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    "text",
    [
        TINY.replace("format: 1", "# a comment\nformat: 1"),
        TINY.replace("{key: tiny, title: Tiny}", "\n  title: Tiny\n  key: tiny"),
        TINY.replace("[{text: A thing}", "[{text: ' A thing '}"),
        TINY.replace("title: Tiny", "title: Tiny ladder"),
    ],
    ids=["comment", "order of keys", "spaces", "title of the framework"],
)
def test_a_file_that_says_the_same_gives_the_same_edition(tiny, text):
    assert load(text.encode(), file="tiny.yaml", by=None) == tiny


def test_a_new_title_renames_the_framework(tiny):
    load(TINY.replace("title: Tiny", "title: Tiny ladder").encode(), file="tiny.yaml", by=None)
    assert Framework.objects.get(key="tiny").title == "Tiny ladder"
    assert Entry.objects.filter(action="framework.renamed").count() == 1


def test_a_title_under_which_editions_are_published_stays(edition):
    said = BUILT_IN.read_text(encoding="utf-8").replace("title: Backend engineering", "title: Else", 1)
    with pytest.raises(
        BadFile,
        match=r"framework\.title: can’t be changed, because editions are already published under the title",
    ):
        load(said.encode(), file="else.yaml", by=None)
    assert Framework.objects.get(key=edition.framework.key).title == "Backend engineering"


def test_another_word_is_another_edition(tiny):
    second = load(TINY.replace("Makes one", "Makes a").encode(), file="tiny.yaml", by=None)
    assert (second.number, second.framework) == (2, tiny.framework)
    assert second.competency_set.get().key == tiny.competency_set.get().key


def test_an_author_loads_and_the_trail_says_so(aude):
    edition = load(TINY.encode(), file="tiny.yaml", by=aude, within=Organisation.here())
    entry = Entry.objects.get(action="edition.loaded", row_pk=str(edition.pk), row_model="framework.edition")
    assert (entry.actor, entry.details) == (aude, {"digest": edition.digest})


@pytest.mark.parametrize("name", ["sam", "mara", "hana", "otto"])
def test_nobody_else_loads(request, name):
    with pytest.raises(Denied):
        load(TINY.encode(), file="tiny.yaml", by=request.getfixturevalue(name), within=Organisation.here())
    assert not Edition.objects.filter(framework__key="tiny").exists()


def test_a_person_without_an_organisation_is_refused(aude):
    with pytest.raises(Denied):
        load(TINY.encode(), file="tiny.yaml", by=aude)
