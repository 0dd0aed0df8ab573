from competencies.reviews.yardstick import yardsticks


def test_each_competency_with_what_its_level_asks_and_every_next_step(review, competencies, levels):
    rows = yardsticks(review)

    assert [row.competency for row in rows] == competencies
    assert all(row.asked.level == levels.senior for row in rows)
    assert {level.key for row in rows for level in row.beside} == {"staff", "lead"}


def test_a_review_aimed_higher_stands_beside_the_level_held(review, levels, mara):
    rows = yardsticks(review.aim(levels.staff, by=mara))

    assert all(row.asked.level == levels.staff for row in rows)
    assert {level.key for row in rows for level in row.beside} == {"senior"}


def test_behaviours_are_those_of_the_track_with_their_basis(review, tracks):
    behaviours = [pair for row in yardsticks(review) for pair in row.asked.behaviours]

    assert {behaviour.track_id for behaviour, _basis in behaviours} == {None, tracks.java.pk}
    assert {basis for _behaviour, basis in behaviours} <= {"stated", "carried", "split", "borrowed"}
    assert "stated" in {basis for _behaviour, basis in behaviours}


def test_what_it_costs_is_bounded(review, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        yardsticks(review)
