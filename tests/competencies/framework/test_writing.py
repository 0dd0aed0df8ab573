import yaml

from competencies.framework.loading import digest_of, load
from competencies.framework.models import Edition
from competencies.framework.parser import read
from competencies.framework.writing import spec_of, write
from tests.conftest import BUILT_IN


def test_the_built_in_ladder_comes_back_as_it_went_in(edition):
    assert digest_of(spec_of(edition)) == edition.digest
    assert spec_of(edition) == read(BUILT_IN.read_bytes(), file="backend.yaml")


def test_importing_an_export_gives_the_same_edition(tiny):
    count = Edition.objects.count()
    assert load(write(tiny), file="export.yaml", by=None) == tiny
    assert Edition.objects.count() == count


def test_an_older_edition_is_written_with_its_own_sources(tiny):
    text = write(tiny).decode().replace("Guides people.", "Leads people.")
    second = load(text.encode(), file="tiny.yaml", by=None)
    assert (second.number, digest_of(spec_of(second))) == (2, second.digest)
    assert "Guides people." in write(tiny).decode()
    assert "Leads people." in write(second).decode()


def test_a_file_says_which_edition_it_is(tiny):
    first = write(tiny).decode().splitlines()[0]
    assert first.startswith("# Tiny, edition 1.")
    assert tiny.digest[:12] in first


def test_awkward_words_survive(tiny):
    awkward = "no: 'yes' #1 — “ü” 0x1f\n  next\u2028line"
    text = write(tiny).decode()
    spec = read(text.encode(), file="tiny.yaml")
    area = spec.areas[0].model_copy(update={"purpose": awkward})
    tiny.area_set.update(purpose=awkward)
    assert spec_of(tiny).areas[0] == area
    assert read(write(tiny), file="tiny.yaml").areas[0].purpose == awkward


def test_an_edition_that_cites_more_than_a_thousand_passages_is_written(tiny):
    text = write(tiny).decode()
    spec = yaml.safe_load(text)
    spec["sources"][0]["passages"] = [{"n": n, "gist": f"Sentence {n}."} for n in range(1, 1_201)]
    spec["sources"].append(
        {
            "key": "901",
            "title": "Another",
            "passages": [{"n": n, "gist": f"Word {n}."} for n in range(1, 1_201)],
        }
    )
    behaviours = [{"text": f"Does {n}.", "cites": [f"900 s{n}", f"901 s{n}"]} for n in range(1, 1_201)]
    spec["areas"][0]["competencies"][0]["expectations"]["low"]["behaviours"] = behaviours
    large = load(yaml.safe_dump(spec).encode(), file="large.yaml", by=None)
    assert digest_of(spec_of(large)) == large.digest
    assert load(write(large), file="again.yaml", by=None) == large
