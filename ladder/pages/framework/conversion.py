"""From a ladder of another shape (CSV, XLSX, Markdown, YAML) to a framework file, to be looked over.

Only what the file says is taken. What the format needs beside it, a scale and a track, is named in notes.
"""

import re
from dataclasses import dataclass, field
from pathlib import PurePath

import yaml
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competencies.core.folding import fold
from competencies.framework.models import Edition, Framework
from competencies.framework.parser import MAX_BYTES, BadFile, Fault, read_plain, says_nothing
from competencies.people_import.cells import FORMULA, spaced
from competencies.people_import.csv_parser import Unreadable, read_text
from competencies.people_import.encodings import decode
from competencies.people_import.xlsx_parser import read_workbook

MAX_ROWS, MAX_LEVELS = 1_000, 20
MAX_WRITTEN = 700_000  # bytes of the file that is made: it comes back in a form
OURS = re.compile(rb"^(format|framework|areas|levels)\s*:|^\s*\{\s*\"format\"", re.MULTILINE)
WORDS = {
    "area": "area areas category categories pillar pillars theme dimension section bereich kategorie domaine",
    "competency": "competency competencies competence skill skills capability criterion criteria attribute "
    "topic name domain kompetenz kompetenzen faehigkeit fahigkeit",
    "level": "level levels grade stufe stufen seniority band niveau joblevel",
    "text": "summary description text expectation expectations behaviour behaviours behavior behaviors "
    "statement beschreibung erwartung attente",
    "examples": "example examples evidence beispiele beispiel exemples exemple",
}
MEANS = {word: meaning for meaning, words in reversed(WORDS.items()) for word in words.split()}
BULLET = re.compile(r"\s*(?:[-*•‣·–]|\d{1,2}[.)])\s+")
SEPARATOR = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$|\s*\|\s*:?-+:?\s*\|?\s*$")
DEFAULT_SCALE = (
    {"key": "not-yet", "label": gettext_lazy("Not yet"), "anchor": gettext_lazy("Not yet"), "value": 1},
    {"key": "met", "label": gettext_lazy("Met"), "anchor": gettext_lazy("Met"), "value": 2, "bar": True},
)


@dataclass(frozen=True)
class Cell:
    """What a file says for one level in one competency, as it stands there."""

    area: str
    competency: str
    level: str
    text: str
    examples: tuple = ()


@dataclass
class Conversion:
    """A framework file (`text`) made of another, the table that was read, and what is to be looked over."""

    text: str
    levels: list
    rows: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def is_of_another_shape(content, name):
    """Return True if a file can be no framework file, so that it may be a ladder of another shape."""
    if content[:4] == b"PK\x03\x04" or PurePath(name).suffix.lower() in (".csv", ".tsv", ".md", ".markdown"):
        return True
    return not OURS.search(content[:65_536].removeprefix(b"\xef\xbb\xbf"))


def convert(content, *, file):
    """Take the bytes of a file and its name; return a `Conversion`. Refuses with `BadFile`.

    Within the limits of the readers: 2 MiB, 1,000 rows, 20 levels.
    """
    if len(content) > MAX_BYTES:
        raise _bad(file, _("The file is larger than 2 MiB."))
    title, cells, notes = _read(content, file)
    cells = [cell for cell in cells if cell.level and cell.competency and not says_nothing(cell.text)]
    levels = list(dict.fromkeys(cell.level for cell in cells))
    if not cells or len(levels) > MAX_LEVELS:
        raise _bad(
            file,
            _(
                "Ladder found no career framework in this file. Use a table with competencies down "
                "and levels across, or a list of entries that each name a level."
            ),
        )
    return _written(title or _title_of(file), cells, levels, notes, file)


def _bad(file, message, line=1):
    return BadFile([Fault(file, line, 1, "", message)])


def _title_of(file):
    words = re.sub(r"[\W_]+", " ", PurePath(file).stem).strip()
    return (words[:1].upper() + words[1:])[:100] or _("Career framework")


def _read(content, file):
    """Return the title that the file gives itself, its cells, and notes on how it was read."""
    suffix = PurePath(file).suffix.lower()
    try:
        if content[:4] == b"PK\x03\x04":
            rows, read_as, about = read_workbook(content, {}, _widest)
            note = _("Read as a table from the sheet %(sheet)s.") % {"sheet": read_as["sheet"]}
            return "", list(_of_table(_plain(rows), "")), [note, *about["notes"]]
        text = (decode(content) or ("",))[0]
        if suffix in (".md", ".markdown") or _has_tables(text):
            title, cells = _of_markdown(text)
            return title, cells, [_("Read as Markdown tables.")]
        if suffix in (".yaml", ".yml", ".json"):
            return "", list(_of_values(read_plain(content, file=file))), [_("Read as a list of entries.")]
        rows, read_as, about = read_text(content, {})
        note = _("Read as a CSV table in %(encoding)s.") % {"encoding": read_as["encoding"]}
        return "", list(_of_table(_plain(rows), "")), [note, *about["notes"]]
    except Unreadable as problem:
        raise _bad(file, str(problem), problem.line or 1) from problem


def _has_tables(text):
    return any(SEPARATOR.match(line) for line in text.splitlines()[:2_000])


def _widest(sheets):
    widths = [max((len(row) for row in rows), default=0) * len(rows) for rows in sheets]
    return widths.index(max(widths)), True


def _plain(rows):
    """Return the first rows of a table as texts, without those that are empty."""
    found = []
    for line, cells in rows:
        if any(cell is not FORMULA and cell.strip() for cell in cells):
            found.append(["" if cell is FORMULA else cell.strip() for cell in cells])
        if len(found) > MAX_ROWS:
            raise Unreadable(_("more than 1,000 rows"), line)
    return found


def _means(heading):
    words = re.sub(r"[\W_]+", "", fold(heading))
    return MEANS.get(words) or MEANS.get(words.removesuffix("s"))


def _of_table(rows, area):
    """Yield the cells of a table: a matrix of competencies and levels, or a list of entries."""
    head = next((n for n, row in enumerate(rows) if sum(bool(cell) for cell in row) > 1), None)
    if head is None:
        return
    headings = [spaced(cell) for cell in rows[head]]
    meanings: dict[str | int, int] = {}
    for place, heading in enumerate(headings):
        meanings.setdefault(_means(heading) or place, place)
    below = [row + [""] * (len(headings) - len(row)) for row in rows[head + 1 :]]
    if "level" in meanings and "text" in meanings:
        yield from _of_entries([dict(zip(meanings, _at(row, meanings), strict=True)) for row in below], area)
    elif meanings.get("level") == 0:
        turned = [
            list(column) for column in zip(headings, *(row[: len(headings)] for row in below), strict=True)
        ]
        yield from _of_matrix([_("Competency"), *turned[0][1:]], turned[1:], {"competency": 0}, area)
    else:
        yield from _of_matrix(headings, below, meanings, area)


def _at(row, meanings):
    return [row[place] for place in meanings.values()]


def _of_matrix(headings, rows, meanings, area):
    area_at = meanings.get("area")
    name_at = meanings.get("competency", next(n for n in range(len(headings)) if n != area_at))
    levels = [place for place, heading in enumerate(headings) if heading and place not in (area_at, name_at)]
    for row in rows:
        area = (spaced(row[area_at]) if area_at is not None else "") or area
        name = spaced(row[name_at])
        filled = [place for place in levels if place < len(row) and row[place]]
        if name and not filled and area_at is None:
            area = name  # a row with a name alone stands above those of its area
        for place in filled:
            yield Cell(area, name, headings[place], row[place])


def _of_entries(entries, area):
    """Yield the cells of a list of entries, each a mapping by what its fields mean."""
    for entry in entries:
        area = _text(entry.get("area")) or area
        name = _text(entry.get("competency")) or area
        examples = entry.get("examples") or []
        examples = examples if isinstance(examples, list) else _lines(str(examples))
        yield Cell(
            area,
            name,
            _text(entry.get("level")),
            _long(entry.get("text")),
            tuple(filter(None, map(_long, examples))),
        )


def _text(value):
    return spaced(str(value)) if isinstance(value, str | int) and not says_nothing(value) else ""


def _long(value):
    if isinstance(value, list):
        return "\n".join(f"- {_long(one)}" for one in value if isinstance(one, str | int))
    return str(value).strip() if isinstance(value, str | int) else ""


def _of_values(values):
    """Yield the cells of a YAML or JSON file: a list of entries, or mappings in each other down to texts."""
    if isinstance(values, list):
        entries = []
        for value in values:
            if isinstance(value, dict):
                entry: dict[str, object] = {}
                for key, content in value.items():
                    if (meaning := _means(str(key))) and not (says_nothing(content) or content == []):
                        entry.setdefault(meaning, content)
                entries.append(entry)
        yield from _of_entries(entries, "")
    elif isinstance(values, dict):
        lists = [
            value
            for value in values.values()
            if isinstance(value, list) and value and isinstance(value[0], dict)
        ]
        if len(lists) == 1 and len(values) <= 3:
            yield from _of_values(lists[0])
            return
        paths = list(_leaves(values, ()))
        depth = min((len(path) for path, _leaf in paths), default=0)
        for path, leaf in paths:
            if depth >= 2:
                yield Cell(path[-3] if len(path) > 2 else "", path[-2], path[-1], _long(leaf))


def _leaves(value, path):
    for key, below in value.items():
        here = (*path, spaced(str(key)))
        if isinstance(below, dict) and len(here) < 4:
            yield from _leaves(below, here)
        else:
            yield here, below


def _of_markdown(text):
    """Return the title and the cells of all tables of a Markdown text; headings above them are areas."""
    title, area, cells = "", "", []
    table: list[list[str]] = []
    lines = text.splitlines()
    for number, line in enumerate([*lines, ""]):
        heading = re.match(r"\s{0,3}(#{1,6})\s+(.*?)#*\s*$", line)
        begins = number + 1 < len(lines) and SEPARATOR.match(lines[number + 1])
        is_row = "|" in line and (table or begins)
        if is_row:
            if not SEPARATOR.match(line):
                table.append(_cells_of(line))
            continue
        cells += _of_table(table[: MAX_ROWS + 1], area)
        table = []
        if heading and len(heading[1]) == 1 and not title:
            title = spaced(heading[2])[:100]
        elif heading:
            area = spaced(heading[2])
    return title, cells


def _cells_of(line):
    line = line.strip().removeprefix("|")
    line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
    cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)]
    return [re.sub(r"\s*<br\s*/?>\s*", "\n", re.sub(r"\*\*(.+?)\*\*", r"\1", cell)) for cell in cells]


def _lines(text):
    return [spaced(BULLET.sub("", line, count=1)) for line in text.splitlines() if line.strip()]


def _expectation(text):
    """Return a cell of the ladder: one text is its summary, several lines or bullets are its behaviours."""
    lines = _lines(text)
    return lines[0] if len(lines) == 1 else {"behaviours": lines}


def _written(title, cells, levels, notes, file):
    keys = _Keys()
    level_keys = {level: keys.of("level", level) for level in levels}
    areas: dict[str, dict[str, dict]] = {}
    for cell in cells:
        rows = areas.setdefault(cell.area or title, {})
        row = rows.setdefault(cell.competency, {"texts": {}, "evidence": []})
        row["texts"].setdefault(cell.level, []).append(cell.text)
        row["evidence"] += [{"text": text, "level": level_keys[cell.level]} for text in cell.examples]
    scale, whose = _scale()
    content = {
        "format": 1,
        "framework": {"key": _key_of(title), "title": title},
        "scale": scale,
        "levels": [
            {"key": level_keys[level], "title": level, "rung": number}
            | ({"includes": [level_keys[levels[number - 2]]]} if number > 1 else {})
            for number, level in enumerate(levels, start=1)
        ],
        "tracks": [{"key": _key_of(title), "title": title}],
        "areas": [
            {"key": keys.of("area", area), "title": area, "competencies": [
                _competency(keys, name, row, level_keys) for name, row in rows.items()
            ]}
            for area, rows in areas.items()
        ],
    }  # fmt: skip
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
    if len(text.encode()) > MAX_WRITTEN:
        raise _bad(
            file, _("The framework is too long to check on one page. Import it as a framework file instead.")
        )
    table = [
        [area, name, [_lines("\n".join(row["texts"].get(level, ()))) for level in levels]]
        for area, rows in areas.items()
        for name, row in rows.items()
    ]
    return Conversion(text, levels, table, [*notes, *_notes(title, levels, areas, whose)])


def _key_of(title):
    return slugify(fold(title))[:60].strip("-") or "ladder"


def _competency(keys, name, row, level_keys):
    expectations = {
        level_keys[level]: _expectation("\n".join(texts)) for level, texts in row["texts"].items()
    }
    evidence = {"evidence": row["evidence"]} if row["evidence"] else {}
    return {"key": keys.of("competency", name), "title": name, **evidence, "expectations": expectations}


def _notes(title, levels, areas, whose):
    yield _("Ladder assumed that the levels build on each other in this order: %(levels)s.") % {
        "levels": " → ".join(levels)
    }
    if set(areas) == {title}:
        yield _("The file names no areas, so all competencies are in one called %(title)s.") % {
            "title": title
        }
    yield _("The file names no track, so there is one called %(title)s.") % {"title": title}
    yield whose
    if known := Framework.objects.filter(key=_key_of(title)).first():
        yield _(
            "A framework with this key already exists, so this would be the next edition of %(title)s."
        ) % {"title": known.title}
    count = sum(len(rows) for rows in areas.values())
    yield ngettext("%(number)d competency was read.", "%(number)d competencies were read.", count) % {
        "number": count
    }


def _scale():
    """Return the rating scale of the newest edition, and the sentence that says whose it is."""
    newest = Edition.objects.order_by("-pk").first()
    points = list(newest.scale.points.all()) if newest else []
    if not points:
        note = _(
            "The file has no rating scale, so Ladder added the smallest one possible. Change it to suit you."
        )
        return [
            point | {"label": str(point["label"]), "anchor": str(point["anchor"])} for point in DEFAULT_SCALE
        ], note
    note = _("The file has no rating scale, so Ladder used the one from %(edition)s.") % {"edition": newest}
    scale = [
        {"key": point.key, "label": point.label, "anchor": point.anchor}
        | ({"value": point.value} if point.value is not None else {})
        | ({"bar": True} if point.bar else {})
        for point in points
    ]
    return scale, note


class _Keys:
    """Keys made of titles, each once among its kind."""

    def __init__(self):
        self.taken = set()

    def of(self, kind, title):
        bare = slugify(fold(title))[:50].strip("-") or kind
        key, number = bare, 2
        while (kind, key) in self.taken:
            key, number = f"{bare}-{number}", number + 1
        self.taken.add((kind, key))
        return key
