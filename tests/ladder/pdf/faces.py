"""A typeface of the tests' own for three letters, in place of the many megabytes that all of Han takes."""

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

LETTERS = "王秀英"


def make_face(path):
    """Write a face that has `LETTERS`, each as a frame with one stroke more than the last."""
    names = [f"han{place}" for place in range(len(LETTERS))]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({ord(letter): name for letter, name in zip(LETTERS, names, strict=True)})
    builder.setupGlyf({".notdef": _frame(0)} | {name: _frame(place + 1) for place, name in enumerate(names)})
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names], (1000, 60)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupNameTable({"familyName": "Ladder Test Han", "styleName": "Regular"})
    builder.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.save(path)


def _frame(strokes):
    pen = TTGlyphPen(None)
    _box(pen, 60, -60, 940, 820)
    _box(pen, 120, 760, 880, 0)
    for place in range(strokes):
        _box(pen, 180, 120 + place * 180, 820, 200 + place * 180)
    return pen.glyph()


def _box(pen, left, bottom, right, top):
    pen.moveTo((left, bottom))
    for point in ((left, top), (right, top), (right, bottom)):
        pen.lineTo(point)
    pen.closePath()
