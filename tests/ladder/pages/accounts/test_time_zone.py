"""One's own time zone: chosen, or left to the browser."""

import pytest

from competencies.trail.models import Entry

ADDRESS, LISBON = "/account/time-zone/", "Europe/Lisbon"


def test_a_chosen_zone_is_kept_and_on_the_trail_without_its_name(signed_in, sam):
    answer = signed_in(sam).post(ADDRESS, {"zone": LISBON})

    sam.refresh_from_db()
    entry = Entry.objects.get(action="person.time_zone_chosen")
    assert answer.url == "/account/"
    assert sam.time_zone == LISBON
    assert (entry.actor, entry.about, entry.details) == (sam, sam, {})


def test_it_can_be_left_to_the_browser_again(signed_in, sam):
    sam.choose_time_zone(LISBON, by=sam)

    signed_in(sam).post(ADDRESS, {"zone": ""})

    sam.refresh_from_db()
    assert sam.time_zone == ""


def test_chosen_twice_it_is_on_the_trail_once(signed_in, sam):
    client = signed_in(sam)

    client.post(ADDRESS, {"zone": LISBON})
    client.post(ADDRESS, {"zone": LISBON})

    assert Entry.objects.filter(action="person.time_zone_chosen").count() == 1


@pytest.mark.parametrize("zone", ["Lisbon", "Mars/Olympus", "../UTC", "\0"])
def test_what_is_no_zone_is_refused_beside_the_field(signed_in, sam, zone):
    answer = signed_in(sam).post(ADDRESS, {"zone": zone})

    assert answer.status_code == 422
    sam.refresh_from_db()
    assert sam.time_zone == ""


def test_it_names_the_zone_of_the_browser_where_it_is_known(signed_in, sam):
    client = signed_in(sam)
    assert (
        "The organisation’s time zone: UTC"
        in client.get(ADDRESS).context["form"].fields["zone"].choices[0][1]
    )

    client.cookies["zone"] = LISBON

    assert client.get(ADDRESS).context["form"].fields["zone"].choices[0] == (
        "", f"My browser’s time zone: {LISBON}",
    )  # fmt: skip


def test_other_methods_are_refused(signed_in, sam):
    assert signed_in(sam).delete(ADDRESS).status_code == 405
