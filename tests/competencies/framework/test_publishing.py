import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from competencies.core.refusals import Denied, NotNow
from competencies.framework.loading import load
from competencies.framework.models import Edition, Part
from competencies.trail.models import Closed, Entry

from .conftest import TINY

PARTS = sorted(
    (model for model in apps.get_app_config("framework").get_models() if issubclass(model, Part)),
    key=lambda model: model.__name__,
)


def refused(statement, *values):
    """Say whether the database refuses a statement in the words of a closed edition."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as error:
        return "A published edition never changes." in str(error)
    return False


def test_an_author_publishes_a_draft(tiny, aude):
    publication = tiny.publish(by=aude)
    assert Edition.objects.get(pk=tiny.pk).state == "published"
    assert tiny in Edition.objects.in_force()
    entry = Entry.objects.get(action="edition.published", row_pk=str(tiny.pk))
    assert (entry.actor, publication.by, entry.details) == (aude, aude, {"digest": tiny.digest})


@pytest.mark.parametrize("name", ["sam", "mara", "dora", "hana", "otto", "gone"])
def test_nobody_else_publishes_or_retires(request, tiny, edition, name):
    person = request.getfixturevalue(name)
    with pytest.raises(Denied):
        tiny.publish(by=person)
    with pytest.raises(Denied):
        edition.retire(by=person)


def test_an_edition_is_published_once(edition, aude):
    with pytest.raises(NotNow, match="already published"):
        edition.publish(by=aude)


def test_a_draft_is_not_retired(tiny, aude):
    with pytest.raises(NotNow, match="Only a published edition"):
        tiny.retire(by=aude)


def test_a_retired_edition_is_out_of_force_for_good(edition, tiny, aude):
    edition.retire(by=aude)
    assert not Edition.objects.in_force().exists()
    edition = Edition.objects.get(pk=edition.pk)
    assert edition.state == "retired"
    for transition in (edition.publish, edition.retire):
        with pytest.raises(NotNow):
            transition(by=aude)


def test_each_framework_has_its_own_edition_in_force(edition, tiny, aude):
    tiny.publish(by=aude)
    assert list(Edition.objects.in_force()) == [edition, tiny]
    tiny.retire(by=aude)
    assert list(Edition.objects.in_force()) == [edition]


def test_the_highest_number_is_in_force_however_late_a_lower_one_is_published(edition, tiny, aude):
    second, third = (
        load(TINY.replace("Makes things.", words).encode(), file="tiny.yaml", by=None)
        for words in ("Makes more.", "Makes most.")
    )
    for draft in (third, tiny, second):
        draft.publish(by=aude)
        assert list(Edition.objects.in_force()) == [edition, third]
    third.retire(by=aude)
    assert list(Edition.objects.in_force()) == [edition, second]


def test_only_authors_read_drafts(tiny, edition, aude, sam, hana):
    assert set(Edition.objects.allowing(aude, "framework.read_edition")) == {tiny, edition}
    for reader in (sam, hana):
        assert list(Edition.objects.allowing(reader, "framework.read_edition")) == [edition]
        assert not reader.has_perm("framework.read_competency", tiny.competency_set.get())


@pytest.mark.parametrize("part", PARTS, ids=lambda model: model.__name__)
def test_the_model_refuses_to_change_a_published_part(edition, part):
    row = part.objects.filter(edition=edition).first()
    with pytest.raises(Closed):
        row.save()
    with pytest.raises(Closed):
        row.delete()
    row.pk = None
    with pytest.raises(Closed):
        row.save()


@pytest.mark.parametrize("part", PARTS, ids=lambda model: model.__name__)
def test_the_database_refuses_to_change_a_published_part(edition, tiny, part):
    table, columns = part._meta.db_table, [field.column for field in part._meta.local_concrete_fields[1:]]
    listed = ", ".join(f'"{column}"' for column in columns)
    copied = f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM "{table}" WHERE edition_id = %s LIMIT 1'
    assert refused(copied, edition.pk)
    assert refused(f'UPDATE "{table}" SET edition_id = edition_id WHERE edition_id = %s', edition.pk)
    assert refused(f'DELETE FROM "{table}" WHERE edition_id = %s', edition.pk)
    assert refused(f'UPDATE "{table}" SET edition_id = %s WHERE edition_id = %s', edition.pk, tiny.pk)


@pytest.mark.parametrize("part", PARTS, ids=lambda model: model.__name__)
def test_a_draft_stays_open(tiny, part):
    part.objects.filter(edition=tiny).first().save()


def test_the_edition_itself_and_its_publication_are_closed(edition):
    with pytest.raises(Closed):
        edition.save()
    with pytest.raises(Closed):
        edition.delete()
    assert refused("UPDATE framework_edition SET summary = 'other' WHERE id = %s", edition.pk)
    assert refused("DELETE FROM framework_edition WHERE id = %s", edition.pk)
    assert refused("UPDATE framework_publication SET by_id = NULL WHERE edition_id = %s", edition.pk)
    assert refused("DELETE FROM framework_publication WHERE edition_id = %s", edition.pk)
