import pytest

from competencies.core.refusals import Denied, NotNow
from competencies.promotions.models import Committee, Seat


def test_hr_seats_people_and_one_of_them_in_the_chair(committee, noor, kit, stella, mara):
    seats = committee.seats.current()

    assert [(seat.person, seat.chair) for seat in seats] == [
        (noor, True), (kit, False), (mara, False), (stella, False),
    ]  # fmt: skip


def test_a_new_chair_takes_the_place_of_the_former_who_stays(committee, hana, kit, noor):
    committee.seat(kit, by=hana, chair=True)

    seats = {seat.person: seat.chair for seat in committee.seats.current()}
    assert seats[kit]
    assert not seats[noor]


def test_a_seat_that_was_taken_away_stays_on_record(committee, hana, kit):
    committee.unseat(kit, by=hana)

    assert kit not in [seat.person for seat in committee.seats.current()]
    seat = Seat.objects.get(committee=committee, person=kit)
    assert (seat.ended_by, seat.ended_at is None) == (hana, False)
    with pytest.raises(NotNow):
        committee.unseat(kit, by=hana)


def test_nobody_sits_twice_and_nobody_who_left(committee, hana, kit, gone):
    with pytest.raises(NotNow, match="already"):
        committee.seat(kit, by=hana)
    with pytest.raises(NotNow, match="has left"):
        committee.seat(gone, by=hana)


def test_a_name_is_given_once(committee, hana):
    with pytest.raises(NotNow):
        Committee.found("Platform", by=hana)
    other = Committee.found("Payments", by=hana)
    with pytest.raises(NotNow):
        other.rename("Platform", by=hana)
    assert other.rename("Payments", by=hana) == other


@pytest.mark.parametrize("who", ["mara", "dora", "noor", "otto"])
def test_only_hr_seats(request, committee, who, leo):
    person = request.getfixturevalue(who)
    for attempt in (
        lambda: Committee.found("Mine", by=person),
        lambda: committee.seat(leo, by=person),
        lambda: committee.unseat(leo, by=person),
        lambda: committee.rename("Mine", by=person),
    ):
        with pytest.raises(Denied):
            attempt()
