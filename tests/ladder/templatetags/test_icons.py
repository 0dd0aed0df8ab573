"""Icons: the drawings of the library, as the library would draw them."""

import re

import pytest
from lucide.templatetags.lucide import lucide

from ladder.installation import TEMPLATES
from ladder.templatetags.parts import NOTICE_ICONS, STATE_ICONS, icon

NAMED = re.compile(r'{% icon "([a-z0-9-]+)"')
NAMES = {name for file in TEMPLATES.rglob("*.html") for name in NAMED.findall(file.read_text())}


@pytest.mark.parametrize("size", [14, 16, 28])
def test_every_icon_is_drawn_as_by_the_library(size):
    attributes = {"aria-hidden": "true", "focusable": "false"}

    for name in NAMES | set(STATE_ICONS.values()) | set(NOTICE_ICONS.values()):
        assert icon(name, size) == lucide(name, size=size, **attributes)


def test_an_icon_that_is_not_there_is_a_fault():
    with pytest.raises(KeyError):
        icon("no-such-icon")
