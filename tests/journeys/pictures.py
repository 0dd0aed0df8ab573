"""The pictures of the README, taken anew by hand: `python -m tests.journeys.pictures`."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from .conftest import Visits, chromium
from .serving import ROOT, found_company, serving

PICTURES = ROOT / "docs" / "pictures"
SIZE = {"width": 1280, "height": 860}
SHOWN = (1, 2, 3, 4)  # of the packet: cover, summary, matrix, stories
PALETTE, MOST_BYTES = 192, 300_000
PAGES = {
    "matrix": ("priya", "/ladder/", "main .tabs"),
    "assessment": ("mateo", "/assessments/{self of mateo}/", ".assess"),
    "comparison": ("priya", "/reviews/{review of priya}/", "section:has(#glance)"),
    "case": ("tomasz", "/cases/{case of priya}/", None),
}


def take_all():
    """Bring the demo company to life, visit it, and write one picture a page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        company = Path(folder, "company")
        found_company(company, whole=True)
        with serving(company, Path(folder, "var")) as site, chromium() as browser:
            visit = Visits(browser, site)
            for name, (who, where, start) in PAGES.items():
                page = visit(who, color_scheme="light")
                page.set_viewport_size(SIZE)
                page.goto(where.format_map(site.rows))
                if start:
                    page.locator(start).first.evaluate("(one) => one.scrollIntoView()")
                page.screenshot(path=PICTURES / f"{name}.png")
                press(PICTURES / f"{name}.png")
            address = f"/packets/{site.rows['committee packet of dmytro']}/packet.pdf"
            lay_out(visit("leilani").request.get(address).body(), Path(folder))
            visit.end()


def lay_out(document, folder):
    """Put some pages of a packet side by side, where poppler is there to draw them."""
    if not shutil.which("pdftoppm"):
        return print("No pdftoppm here: the picture of the packet stays as it is.")
    (folder / "packet.pdf").write_bytes(document)
    subprocess.run(["pdftoppm", "-png", "-r", "60", "packet.pdf", "page"], cwd=folder, check=True)
    pages = sorted(folder.glob("page-*.png"))
    sheets = [Image.open(pages[number - 1]) for number in SHOWN]
    width, height = sheets[0].size
    whole = Image.new("RGB", ((width + 16) * len(sheets) + 16, height + 32), "#d9dcda")
    for number, sheet in enumerate(sheets):
        whole.paste(sheet, (16 + number * (width + 16), 16))
    whole.save(PICTURES / "packet.png")
    press(PICTURES / "packet.png")


def press(path):
    """Keep a picture in so many colours, which a page of text bears without loss to the eye."""
    picture = Image.open(path).convert("RGB")
    picture.quantize(PALETTE, method=Image.Quantize.MEDIANCUT).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size // 1000} kB")
    if size > MOST_BYTES:
        raise SystemExit(f"{path.name} is too large for a README")


if __name__ == "__main__":
    take_all()
