"""Pictures of the pages of a packet: drawn small and grey, compared with those that are kept, and laid out.

`python -m tests.ladder.pdf.sheets` draws the kept ones anew (`make pictures`): look at them before you
commit them.
"""

import html
import json
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

KEPT = Path(__file__).with_name("sheets")
RESOLUTION, SHADES = 50, 16
TOLERANCE = (
    0.012  # the share of a page that may differ visibly, as rasterisers differ at the edges of letters
)
VISIBLE = 64  # of 255, after a slight blur


def draw(document, folder):
    """Draw each page of a PDF into `folder` as a small grey picture; return the pictures in order."""
    subprocess.run(["pdftoppm", "-gray", "-r", str(RESOLUTION), document, folder / "page"], check=True)
    return [Image.open(path).convert("L") for path in sorted(folder.glob("page-*.pgm"))]


def difference(old, new):
    """Return the share of a page that differs visibly, from 0 to 1, and a picture of where."""
    if old.size != new.size:
        return 1.0, new
    soft = [picture.filter(ImageFilter.GaussianBlur(1)) for picture in (old, new)]
    where = ImageChops.difference(*soft).point(lambda value: 255 if value > VISIBLE else 0)
    return where.histogram()[255] / (where.size[0] * where.size[1]), where


def kept(variant):
    """Return the kept pictures of a copy, in order."""
    return [Image.open(path).convert("L") for path in sorted(KEPT.glob(f"{variant}-*.png"))]


def keep(variant, pictures):
    """Keep the pictures of a copy in place of those before."""
    KEPT.mkdir(exist_ok=True)
    for old in KEPT.glob(f"{variant}-*.png"):
        old.unlink()
    for number, picture in enumerate(pictures, start=1):
        small = picture.quantize(SHADES, dither=Image.Dither.NONE)
        small.save(KEPT / f"{variant}-{number:02}.png", optimize=True)


def report(path, rows):
    """Write a page that lays out rows of `(title, share, old, new, where they differ)`; return its path."""
    cells = "".join(
        f"<h2>{html.escape(title)}: {share:.2%}</h2><p>{''.join(map(_shown, pictures))}</p>"
        for title, share, *pictures in rows
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"<!doctype html><meta charset=utf-8><title>Pages that differ</title>{cells}", encoding="utf-8"
    )
    return path


def _shown(picture):
    if picture is None:
        return ""
    with tempfile.TemporaryFile() as file:
        picture.save(file, "PNG")
        file.seek(0)
        return f'<img alt="" src="data:image/png;base64,{b64encode(file.read()).decode()}">'


def main():
    """Typeset every copy of the packet of the tests and keep its pictures."""
    if not shutil.which("pdftoppm"):
        sys.exit("pdftoppm is needed: sudo apt-get install poppler-utils")
    import django
    from django.test import override_settings

    django.setup()
    from ladder.pdf.child import child, typeset

    from .conftest import VARIANTS
    from .faces import make_face
    from .variants import variant_of

    whole = json.loads(Path(__file__).with_name("archive.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder, override_settings(FONT_DIR=Path(folder, "fonts")):
        make_face(Path(folder, "fonts", "han.ttf"))
        for variant in VARIANTS:
            place = Path(folder, variant)
            place.mkdir()
            typeset(variant_of(whole, variant), to=place / "packet.pdf")
            keep(variant, draw(place / "packet.pdf", place))
        child.stop()
    size = sum(path.stat().st_size for path in KEPT.iterdir())
    print(f"{len(list(KEPT.iterdir()))} pictures, {size // 1000} kB")


if __name__ == "__main__":
    main()
