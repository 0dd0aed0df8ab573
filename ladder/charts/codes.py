import segno

from .drawing import INK, PAPER, element, picture

QUIET = 4  # modules of paper around a code, which its readers ask for


def code(text, *, title):
    """A text as a QR code that survives the loss of an eighth of it; dark on paper whatever the theme."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False, boost_error=False).matrix]
    size = len(rows) + 2 * QUIET
    return picture(
        size,
        size,
        element("rect", width=size, height=size, fill=PAPER),
        element("path", d="".join(_runs(rows)), fill=INK),
        kind="code",
        title=title,
        description=text,
    )


def _runs(rows):
    """Path data of each run of dark modules, so that no hair of paper shows between two."""
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = next((end for end in range(x, len(row)) if not row[end]), len(row)) - x
            if run:
                yield f"M{x + QUIET} {y + QUIET}h{run}v1h-{run}z"
            x += run or 1
