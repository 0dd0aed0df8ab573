import pytest
from django.db import IntegrityError, connection, transaction

from competencies.framework.loading import keep_source
from competencies.framework.parser import SourceSpec
from competencies.sources.models import Passage, Source


def spec(gist="Makes things.", **fields):
    passages = [{"n": 1, "gist": gist, "terms": ["make"]}, {"n": 2, "gist": "Guides people."}]
    return SourceSpec.model_validate({"key": "900", "title": "A maker", "passages": passages} | fields)


def test_a_document_is_kept_with_its_passages(db):
    source = keep_source(spec())
    assert (source.revision, [str(passage) for passage in source.passages.all()]) == (1, ["900 s1", "900 s2"])
    assert source.passages.get(number=2).get_absolute_url() == f"/sources/{source.pk}/#s2"


def test_the_same_document_is_kept_once(db):
    assert keep_source(spec()) == keep_source(spec())
    assert Passage.objects.filter(source__key="900").count() == 2


def test_what_it_covers_is_no_part_of_the_document(db):
    assert keep_source(spec()) == keep_source(spec(covers=[{"track": "web", "level": "low"}]))


def test_a_changed_document_is_a_new_revision_and_the_old_one_stays(db):
    old, new = keep_source(spec()), keep_source(spec("Builds things."))
    assert (old.revision, new.revision) == (1, 2)
    assert [row.passages.get(number=1).gist for row in (old, new)] == ["Makes things.", "Builds things."]
    assert keep_source(spec()) == old


@pytest.mark.parametrize("model", [Source, Passage])
@pytest.mark.parametrize("statement", ['UPDATE "{}" SET id = id', 'DELETE FROM "{}"'])
def test_the_database_refuses_to_change_a_revision(db, model, statement):
    keep_source(spec())
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        connection.cursor().execute(statement.format(model._meta.db_table))
