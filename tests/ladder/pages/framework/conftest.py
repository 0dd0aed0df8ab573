import json

import pytest

from competencies.framework.loading import load
from competencies.framework.models import Citation
from competencies.framework.parser import read
from tests.conftest import BUILT_IN
from tests.scenes import scene


@scene
def draft(edition):
    """The built-in ladder with one sentence changed, not published."""
    content = BUILT_IN.read_bytes().replace(
        b"Designs the services they own.", b"Designs the services they own, alone."
    )
    return load(content, file="draft.yaml", by=None)


@scene
def doubled(edition):
    """A draft with every competency and skill twice, so twice the behaviours and citations."""
    said = read(BUILT_IN.read_bytes(), file="backend.yaml").model_dump(mode="json", by_alias=True)
    for area in said["areas"]:
        area["competencies"] += [_again(row) for row in area["competencies"]]
    said["skills"] += [_again(row) for row in said["skills"]]
    return load(json.dumps(said).encode(), file="doubled.yaml", by=None)


def _again(row):
    return row | {"key": f"{row['key']}-again", "title": f"{row['title']} again"}


@pytest.fixture
def behaviour(edition):
    """A behaviour of one track alone that cites at least one passage."""
    citation = Citation.objects.filter(edition=edition, behaviour__track__key="jvm").first()
    return citation.behaviour


@pytest.fixture
def count_queries(signed_in, django_assert_max_num_queries):
    """A function that opens a page twice as somebody and gives the number of queries of the second time."""

    def count(person, url, *, at_most=22):
        client = signed_in(person)
        assert client.get(url).status_code == 200
        with django_assert_max_num_queries(at_most) as queries:
            client.get(url)
        return len(queries)

    return count


@pytest.fixture
def tiny_editions(edition, aude):
    """A function that loads and publishes a number of further editions, and retires every second."""

    def make(number):
        for n in range(number):
            text = BUILT_IN.read_text().replace("Designs the services they own.", f"Designs {n} services.")
            made = load(text.encode(), file="x.yaml", by=None)
            made.publish(by=aude)
            if n % 2:
                made.retire(by=aude)

    return make
