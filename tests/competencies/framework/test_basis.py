from collections import Counter

from competencies.framework.models import Behaviour, Coverage, Expectation, Requirement


def _bases(edition, track):
    rows = Behaviour.objects.filter(edition=edition).asked_of(edition.track_set.get(key=track))
    rows = rows.with_basis(edition.track_set.get(key=track)).order_by("pk")
    return [(row.text, row.rests_on) for row in rows]


def test_basis_is_computed_from_what_is_cited_and_covered(tiny):
    assert _bases(tiny, "web") == [
        ("Makes one thing.", "stated"),
        ("Makes many things.", "split"),
        ("Guides makers.", "borrowed"),
        ("Makes on time.", "carried"),
    ]
    assert _bases(tiny, "data") == [
        ("Makes one thing.", "carried"),
        ("Makes many things.", "split"),
        ("Makes on time.", "carried"),
    ]


def test_the_database_says_what_the_model_says(edition):
    for track in edition.track_set.all():
        rows = Behaviour.objects.filter(edition=edition).asked_of(track).with_basis(track)
        for row in rows.select_related("expectation").prefetch_related("citations__passage"):
            covers = Coverage.objects.filter(track=track, level=row.expectation.level_id)
            assert row.rests_on == row.basis(track, set(covers.values_list("source", flat=True)))


def test_counts_by_basis_add_up(edition, tracks):
    asked = Behaviour.objects.filter(edition=edition).asked_of(tracks.java).with_basis(tracks.java)
    counts = asked.count_by_basis()
    assert len(counts) == 45
    assert sum(map(Counter, counts.values()), Counter()).total() == asked.count()


def test_expectations_are_asked_of_a_track_in_five_queries(levels, tracks, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        asked = [
            (behaviour.rests_on, [str(citation) for citation in behaviour.citations.all()])
            for expectation in Expectation.objects.filter(level=levels.senior).asked_of(tracks.jvm)
            for behaviour in expectation.behaviours.all()
        ]
    assert all(cites for _basis, cites in asked)


def test_a_choice_of_one_is_an_example(tiny):
    rows = Requirement.objects.filter(edition=tiny).with_choices().select_related("skill", "track")
    said = {(row.skill.key, row.track.key): (row.choices, str(row.firmness)) for row in rows}
    assert said == {
        ("paper", "web"): (2, "One of several"),
        ("wood", "web"): (2, "One of several"),
        ("wood", "data"): (1, "Named as an example"),
        ("paper", "data"): (0, "Required"),
    }


def test_a_qualifier_leaves_out_the_name_it_opens_with(tiny):
    paper = Requirement.objects.get(edition=tiny, skill__key="paper", track__key="web")
    assert paper.qualifier == "one of several"
    paper.note = "Made by hand: preferred"
    assert paper.qualifier == "Made by hand: preferred"


def test_neighbours_and_next_steps(edition, levels, competencies):
    assert competencies[0].neighbours() == (None, competencies[1])
    assert competencies[1].neighbours() == (competencies[0], competencies[2])
    assert competencies[-1].neighbours() == (competencies[-2], None)
    assert set(levels.senior.next_steps()) == {levels.staff, levels.lead}
