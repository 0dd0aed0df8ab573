"""Every page as a small picture, many to a sheet: `python -m tests.journeys.contact_sheets FOLDER`.

It makes the demo company, serves it, opens each page of `pages.py` at 1440 and 390 pixels, light and dark,
and writes sheets for each of the four ways, with a list of what is on which. Drawn by hand, to be looked at.
"""

import argparse
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

from .conftest import Visits, chromium
from .pages import PAGES
from .serving import found_company, serving

WAYS = {
    "wide": ({"width": 1440, "height": 900}, 0.36, 3, 2),
    "phone": ({"width": 390, "height": 844}, 0.5, 8, 1),
}
SCHEMES = ("light", "dark")
TALLEST = {"wide": 2200, "phone": 3000}  # pixels of a page that are shown
GAP, LINE, GROUND, INK = 12, 16, "#8a8f8d", "#000000"


def draw(site, folder, pages, schemes):
    """Write the sheets of `pages` into `folder`, and print where each is."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, tempfile.TemporaryDirectory() as kept:
        visit = Visits(browser, site)
        windows = {}
        for way, (size, *_layout) in WAYS.items():
            for scheme in schemes:
                taken = []
                for number, page in enumerate(pages):
                    if page.reader not in windows:
                        windows[page.reader] = visit(page.reader)
                    picture = Path(kept, f"{way}-{scheme}-{number}.png")
                    take(windows[page.reader], page.address(site.rows), size, scheme, picture)
                    taken.append((str(page), picture))
                lay_out(taken, folder, way, scheme)
        visit.end()


def take(window, address, size, scheme, picture):
    """Write the picture of a page, as tall as it is."""
    window.set_viewport_size(size)
    window.emulate_media(color_scheme=scheme)
    window.goto(address)
    window.screenshot(path=picture, full_page=True)


def lay_out(taken, folder, way, scheme):
    """Put the pictures on sheets, each under the name of its page."""
    size, scale, across, down = WAYS[way]
    width, most = round(size["width"] * scale), round(TALLEST[way] * scale)
    for start in range(0, len(taken), across * down):
        group = taken[start : start + across * down]
        sheet = Image.new("RGB", (GAP + across * (width + GAP), GAP + down * (most + LINE + GAP)), GROUND)
        pen = ImageDraw.Draw(sheet)
        for place, (name, path) in enumerate(group):
            left = GAP + place % across * (width + GAP)
            top = GAP + place // across * (most + LINE + GAP)
            whole = Image.open(path).convert("RGB")
            shown = whole.crop((0, 0, whole.width, min(whole.height, TALLEST[way])))
            small = shown.resize((width, round(shown.height * width / shown.width)), Image.Resampling.LANCZOS)
            pen.text((left, top), name[: width // 6], fill=INK)
            sheet.paste(small, (left, top + LINE))
        written = folder / f"{way}-{scheme}-{start // (across * down) + 1:02}.png"
        sheet.save(written)
        print(f"{written.name}: {', '.join(name for name, _path in group)}", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.contact_sheets")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="names of addresses, as in pages.py, with commas between")
    parser.add_argument("--schemes", default=",".join(SCHEMES))
    given = parser.parse_args()
    only = [name for name in given.only.split(",") if name]
    pages = [page for page in PAGES if not only or page.name in only]
    with tempfile.TemporaryDirectory() as kept:
        company = Path(kept, "company")
        found_company(company, whole=True)
        with serving(company, Path(kept, "var")) as site:
            draw(site, given.folder, pages, given.schemes.split(","))


if __name__ == "__main__":
    main()
