import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from competencies.core.addresses import address_of


@pytest.mark.parametrize(("name", "keys"), [("review", [7]), ("rating", [7, 123456789]), ("role", [12, 9])])
def test_an_address_is_what_django_finds(name, keys):
    assert address_of(name, *keys) == reverse(name, args=keys)
    assert address_of(name, *keys) == reverse(name, args=keys), "also the second time"


def test_an_address_begins_with_where_the_site_is_mounted():
    plain = address_of("review", 7)
    try:
        set_script_prefix("/100%/")
        assert address_of("review", 7) == reverse("review", args=[7]) != plain
    finally:
        set_script_prefix("/")


@pytest.mark.parametrize(
    ("name", "keys"), [("review", [None]), ("review", [-1]), ("review", [1, 2]), ("nowhere", [1])]
)
def test_what_is_no_key_or_no_page_has_no_address(name, keys):
    with pytest.raises(NoReverseMatch):
        address_of(name, *keys)
