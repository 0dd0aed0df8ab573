"""Each page of each copy looks as it did when somebody last looked: compared with the pictures kept here."""

import shutil

import pytest
from PIL import Image, ImageDraw

from tests.conftest import unavailable

from .conftest import VARIANTS
from .sheets import KEPT, TOLERANCE, difference, draw, kept, report


@pytest.fixture(autouse=True)
def poppler():
    if not shutil.which("pdftoppm"):
        unavailable("Pages are drawn by poppler: sudo apt-get install poppler-utils")


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_page_looks_as_it_did(variant, copies, tmp_path):
    new, old = draw(copies(variant)[1], tmp_path), kept(variant)
    pairs = [(old[place] if place < len(old) else None, picture) for place, picture in enumerate(new)]
    rows = [
        (f"{variant}, page {number}", *_compared(before, after))
        for number, (before, after) in enumerate(pairs, start=1)
    ]
    differing = [row for row in rows if row[1] > TOLERANCE]
    if differing or len(old) != len(new):
        where = report(tmp_path / "report" / "index.html", differing or rows)
        pytest.fail(
            f"{len(differing)} of {len(new)} pages differ (there were {len(old)}): look at {where}. "
            f"If they are as they should be: make pictures",
            pytrace=False,
        )


def _compared(old, new):
    if old is None:
        return 1.0, None, new, None
    share, where = difference(old, new)
    return share, old, new, where


def test_a_line_that_moved_is_seen():
    page = Image.new("L", (413, 585), 255)
    draft = ImageDraw.Draw(page)
    for line in range(40, 540, 12):
        draft.rectangle((40, line, 360, line + 5), fill=90)
    moved = Image.new("L", page.size, 255)
    moved.paste(page, (0, 4))
    assert difference(page, page)[0] == 0
    assert difference(page, moved)[0] > TOLERANCE


def test_the_pictures_are_small():
    assert sum(path.stat().st_size for path in KEPT.iterdir()) < 1_500_000


def test_the_report_shows_the_pages(tmp_path):
    page = Image.new("L", (20, 30), 255)
    path = report(tmp_path / "report" / "index.html", [("archive, page 1", 0.5, page, page, page)])
    assert path.read_text().count("<img") == 3
