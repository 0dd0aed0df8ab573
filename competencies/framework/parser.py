"""Reading a framework file: YAML within stated limits, checked field by field.

A file is refused before anything is built from it when it is too big, nests too deep, repeats a
key or uses an alias. Every fault names the file, the line and the field.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

import yaml
from django.utils.translation import gettext as _
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from yaml.nodes import MappingNode

from competencies.core.refusals import Refusal

from .titles import folded

MAX_BYTES = 2 * 1024 * 1024
MAX_NODES = 60_000
MAX_DEPTH = 16
MAX_FAULTS = 50
LONGEST_NUMBER = 18  # digits: Python itself refuses to read some thousands
UNKEPT = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps none of them, and no database half a letter
NOTHING = {"", "-", "–", "—", "n/a", "na", "n.a.", "none", "null", "tbd", "k.a."}

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]
Unwritten = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4_000)]
Cite = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40} s[1-9][0-9]{0,4}$")]
Inferred = Literal["", "split", "borrowed", "split, borrowed"]
Path = tuple[int | str, ...]  # from the root of a file to a value


class Node(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Spec = TypeVar("Spec", bound=Node)


class FrameworkSpec(Node):
    key: Key
    title: Line
    summary: str = ""


class CoversSpec(Node):
    track: Key
    level: Key


class PassageSpec(Node):
    n: int = Field(ge=1, le=10_000)
    gist: Text
    terms: list[Line] = []
    text: str = Field("", max_length=8_000)


class SourceSpec(Node):
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    title: Line
    role: str = Field("", max_length=200)
    covers: list[CoversSpec] = []
    passages: list[PassageSpec] = Field(min_length=1)


class PointSpec(Node):
    key: Key
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    anchor: Text
    value: int | None = Field(None, ge=1, le=10)
    bar: bool = False


class Cited(Node):
    cites: list[Cite] = []


class LevelSpec(Cited):
    key: Key
    title: Line
    rung: int = Field(ge=1, le=20)
    scope: Unwritten = ""
    summary: str = ""
    facets: dict[Key | Literal["answers_for"], Text] = {}
    includes: list[Key] = []
    inferred: Inferred = ""


class TrackSpec(Cited):
    key: Key
    title: Line
    summary: Unwritten = ""
    suits: str = ""
    hiring: str = ""


class BehaviourSpec(Cited):
    """Something that a level can be seen to do. A text alone is one; without a source it says so on pages."""

    text: Text
    inferred: Inferred = ""
    track: Key | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_text(cls, value: object) -> object:
        return {"text": value} if isinstance(value, str) else value


class ExpectationSpec(Cited):
    """A cell of the ladder. A text alone is its summary."""

    summary: Unwritten = ""
    pitfall: str = Field("", max_length=4_000)
    behaviours: list[BehaviourSpec] = []

    @model_validator(mode="before")
    @classmethod
    def _of_text(cls, value: object) -> object:
        return {"summary": value} if isinstance(value, str) else value


class ExampleSpec(Node):
    text: Text
    level: Key | None = None


class CompetencySpec(Cited):
    key: Key
    title: Line
    summary: Unwritten = ""
    evidence: list[ExampleSpec] = []
    expectations: dict[Key, ExpectationSpec]

    @field_validator("expectations", mode="before")
    @classmethod
    def _without_empty_cells(cls, cells: object) -> object:
        """Leave out the cells that say nothing: a level that is not named has an empty one as well."""
        if not isinstance(cells, dict):
            return cells
        return {level: cell for level, cell in cells.items() if not says_nothing(cell)}

    @field_validator("expectations")
    @classmethod
    def _without_unwritten_cells(cls, cells: dict[str, ExpectationSpec]) -> dict[str, ExpectationSpec]:
        return {level: cell for level, cell in cells.items() if cell != ExpectationSpec()}


def says_nothing(cell: object) -> bool:
    """Return True for a cell of a ladder that is empty, or only says that it is: N/A, a dash, null."""
    if isinstance(cell, str):
        return cell.strip().casefold() in NOTHING
    return cell is None or cell == {}


class AreaSpec(Cited):
    key: Key
    title: Line
    purpose: str = ""
    competencies: list[CompetencySpec] = Field(min_length=1)


class RequirementSpec(Cited):
    strength: Literal["required", "standard", "valued", "any-of"] = Field(alias="class")
    choice: Annotated[str, StringConstraints(max_length=60)] = ""
    note: str = Field("", max_length=1_000)


class SkillSpec(Node):
    key: Key
    title: Line
    competency: Key
    group: str = Field("", max_length=100)
    per_track: dict[Key, RequirementSpec] = Field(min_length=1)


class LadderSpec(Node):
    """A whole framework file."""

    format: Literal[1]
    framework: FrameworkSpec
    sources: list[SourceSpec] = []
    scale: list[PointSpec] = Field(min_length=2)
    levels: list[LevelSpec] = Field(min_length=1)
    tracks: list[TrackSpec] = Field(min_length=1)
    areas: list[AreaSpec] = Field(min_length=1)
    skills: list[SkillSpec] = []

    @property
    def competencies(self) -> list[CompetencySpec]:
        return [competency for area in self.areas for competency in area.competencies]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a file: where (line and column from 1) and what."""

    file: str
    line: int
    column: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class BadFile(Refusal):
    """A file was refused; `faults` says everything that is wrong with it."""

    code = "bad-file"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults), faults=[str(fault) for fault in faults])


def read(content: bytes, *, file: str, known: Callable[[LadderSpec], bool] | None = None) -> LadderSpec:
    """Take the bytes of a framework file and its name; return a `LadderSpec`.

    Refuses with `BadFile`: over 2 MiB, over 60,000 nodes, nested over 16 deep, not UTF-8, aliases,
    repeated keys, unknown or missing fields, and references to keys that the file does not hold. Two
    titles of one kind are refused too, unless `known(spec)` says that an edition was made so before.
    """

    def loose_ends(spec: LadderSpec) -> Iterator[tuple[Path, str]]:
        yield from _loose_ends(spec)
        if known is None or not known(spec):
            yield from _namesakes(spec)

    return read_as(LadderSpec, content, file=file, loose_ends=loose_ends)


def read_as(
    model: type[Spec], content: bytes, *, file: str, loose_ends: Callable[[Spec], Iterable[tuple[Path, str]]]
) -> Spec:
    """Read the bytes of a YAML file as a `model` of pydantic, within the limits of `read`.

    `loose_ends` takes what was read and yields `(path, message)` for each fault that only shows
    when the whole is seen. Refuses with `BadFile`.
    """
    tree = _compose(content, file)
    if not isinstance(tree, yaml.MappingNode):
        raise BadFile([Fault(file, 1, 1, "", _("The file doesn’t contain fields and values."))])
    places = Places(file)
    values = places.walk(tree)
    if places.faults:
        raise BadFile(places.faults)
    try:
        spec = model.model_validate(values)
    except ValidationError as problem:
        raise BadFile(
            [places.fault(error["loc"], _complaint(error)) for error in problem.errors()[:MAX_FAULTS]]
        ) from None
    if faults := [places.fault(path, message) for path, message in loose_ends(spec)]:
        raise BadFile(faults[:MAX_FAULTS])
    return spec


def read_plain(content: bytes, *, file: str) -> Any:
    """Read the bytes of a YAML or JSON file of any shape as plain values, within the limits of `read`."""
    tree = _compose(content, file)
    places = Places(file)
    values = places.walk(tree) if tree is not None else None
    if places.faults:
        raise BadFile(places.faults)
    return values


class Places:
    """Where in the file each value stands, by its path from the root."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.marks: dict[Path, tuple[int, int]] = {(): (1, 1)}
        self.faults: list[Fault] = []

    def fault(self, path: Iterable[int | str], message: str) -> Fault:
        known = tuple(path)
        while known not in self.marks:
            known = known[:-1]
        line, column = self.marks[known]
        return Fault(self.file, line, column, _path(path), message)

    def walk(self, node: yaml.Node, path: Path = ()) -> Any:
        self.marks[path] = _place(node.start_mark)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.walk(child, (*path, number)) for number, child in enumerate(node.value)]
        if found := UNKEPT.search(node.value):
            letter = _("contains the character U+%(code)04X, which isn’t allowed in text") % {
                "code": ord(found[0])
            }
            self.faults.append(self.fault(path, letter))
        if len(node.value) > LONGEST_NUMBER and node.tag.endswith(":int"):
            self.faults.append(self.fault(path, _("is too large")))
            return None
        return _scalar(node)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        values = {}
        for key_node, child in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key_node.tag)
            here = (*path, key)
            if key in values:
                self.marks[here] = _place(key_node.start_mark)
                self.faults.append(self.fault(here, _("is repeated")))
            values[key] = self.walk(child, here)
            if not isinstance(child, yaml.ScalarNode):
                self.marks[here] = _place(key_node.start_mark)
        return values


def _place(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _compose(content: bytes, file: str) -> yaml.Node | None:
    if len(content) > MAX_BYTES:
        raise BadFile([Fault(file, 1, 1, "", _("The file is larger than 2 MiB."))])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadFile([Fault(file, line, 1, "", _("The file is not UTF-8."))]) from None
    try:
        _measure(text, file)
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line, column = _place(error.problem_mark or error.context_mark)
        raise BadFile([Fault(file, line, column, "", str(error.problem))]) from None
    except yaml.YAMLError as error:
        raise BadFile([Fault(file, 1, 1, "", str(error))]) from None
    return tree


def _measure(text: str, file: str) -> None:
    """Walk the events before anything is built: aliases, nodes and depth."""
    nodes = depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line, column = _place(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise BadFile([Fault(file, line, column, "", _("Aliases (*name) aren’t supported."))])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > MAX_DEPTH or nodes > MAX_NODES or documents > 1:
            reason = _(
                "The file is more than 16 levels deep, has more than 60,000 values or contains more "
                "than one document."
            )
            raise BadFile([Fault(file, line, column, "", reason)])


def _scalar(node: Any) -> Any:
    """Return the value of a scalar, quoted ones as text, by the plain rules of YAML 1.2."""
    if node.style in ("'", '"', "|", ">"):
        return node.value
    if node.tag.endswith(":null"):
        return None
    if node.tag.endswith(":bool") and node.value.lower() in ("true", "false"):
        return node.value.lower() == "true"
    if (
        node.tag.endswith(":int")
        and node.value.isdigit()
        and not (len(node.value) > 1 and node.value[0] == "0")
    ):
        return int(node.value)
    return node.value


def _complaint(error: ErrorDetails) -> str:
    """Return pydantic's complaint in words that a framework author can act on."""
    kind, context = error["type"], error.get("ctx", {})
    return {
        "missing": _("is missing"),
        "extra_forbidden": _("isn’t a field of this file format"),
        "string_pattern_mismatch": _("doesn’t match the required pattern: %(pattern)s")
        % {"pattern": context.get("pattern")},
        "string_too_long": _("is longer than %(limit)s characters") % {"limit": context.get("max_length")},
        "string_too_short": _("is empty"),
        "too_short": _("has too few entries: add at least %(limit)s") % {"limit": context.get("min_length")},
        "string_type": _("must be text: put it in quotes"),
        "int_type": _("must be a whole number"),
        "int_parsing": _("must be a whole number"),
        "bool_type": _("must be true or false"),
        "bool_parsing": _("must be true or false"),
        "list_type": _("must be a list"),
        "dict_type": _("must be a mapping of names to values"),
        "model_type": _("must be a mapping of names to values"),
        "literal_error": _("must be one of %(choices)s") % {"choices": context.get("expected")},
    }.get(kind, error["msg"])


def _path(path: Iterable[int | str]) -> str:
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def _loose_ends(spec: LadderSpec) -> Iterator[tuple[Path, str]]:
    """Yield `(path, message)` for every key that repeats and every reference that leads nowhere."""
    yield from _repeats(spec)
    yield from _scale_faults(spec)
    levels, tracks = {level.key for level in spec.levels}, {track.key for track in spec.tracks}
    competencies = {competency.key for competency in spec.competencies}
    passages = {f"{source.key} s{passage.n}" for source in spec.sources for passage in source.passages}
    known = {"level": levels, "track": tracks, "competency": competencies, "passage": passages}
    for path, kind, value in _references(spec):
        if value not in known[kind]:
            yield path, _("there’s no %(kind)s %(value)s in this file") % {"value": value, "kind": kind}
    for path in _empty_rows(spec):
        yield path, _("has no expectation for any level")
    for path in _idle_sources(spec):
        yield path, _("covers no role and isn’t cited: leave it out until something cites it")
    if (circle := _circle(spec)) is not None:
        yield ("levels", circle, "includes"), _("leads back to the level itself")


def _repeats(spec: LadderSpec) -> Iterator[tuple[Path, str]]:
    groups: dict[Path, list[str] | list[int]] = {
        ("sources",): [source.key for source in spec.sources],
        ("scale",): [point.key for point in spec.scale],
        ("levels",): [level.key for level in spec.levels],
        ("tracks",): [track.key for track in spec.tracks],
        ("areas",): [area.key for area in spec.areas],
        ("skills",): [skill.key for skill in spec.skills],
        ("areas", "competencies"): [competency.key for competency in spec.competencies],
    }
    for number, source in enumerate(spec.sources):
        groups["sources", number, "passages"] = [passage.n for passage in source.passages]
    for path, keys in groups.items():
        for key, count in Counter(keys).items():
            if count > 1:
                yield path, _("%(key)s appears here %(count)d times") % {"key": key, "count": count}


def _namesakes(spec: LadderSpec) -> Iterator[tuple[Path, str]]:
    """Yield `(path, message)` for each thing that is called what one of its kind is called before it."""
    competencies = [
        (("areas", a, "competencies", c), competency)
        for a, area in enumerate(spec.areas)
        for c, competency in enumerate(area.competencies)
    ]
    for rows in (
        [(("levels", n), level) for n, level in enumerate(spec.levels)],
        [(("tracks", n), track) for n, track in enumerate(spec.tracks)],
        [(("areas", n), area) for n, area in enumerate(spec.areas)],
        competencies,
    ):
        first: dict[str, LevelSpec | TrackSpec | AreaSpec | CompetencySpec] = {}
        for path, row in rows:
            other = first.setdefault(folded(row.title), row)
            if other is not row:
                values = {"title": row.title, "key": other.key}
                yield (
                    (*path, "title"),
                    _("%(key)s already has the title “%(title)s”: choose a different one") % values,
                )


def _scale_faults(spec: LadderSpec) -> Iterator[tuple[Path, str]]:
    values = [point.value for point in spec.scale if point.value is not None]
    if values != sorted(set(values)):
        yield ("scale",), _("the values must increase from point to point")
    bars = [point for point in spec.scale if point.bar]
    if len(bars) != 1 or bars[0].value is None:
        yield ("scale",), _("exactly one point with a value must have bar: true")


def _references(spec: LadderSpec) -> Iterator[tuple[Path, str, str]]:
    """Yield `(path, kind, value)` for everything that names something else by key."""
    for s, source in enumerate(spec.sources):
        for c, covers in enumerate(source.covers):
            yield ("sources", s, "covers", c, "track"), "track", covers.track
            yield ("sources", s, "covers", c, "level"), "level", covers.level
    for n, level in enumerate(spec.levels):
        for i, included in enumerate(level.includes):
            yield ("levels", n, "includes", i), "level", included
        yield from _cites(("levels", n), level)
    for n, track in enumerate(spec.tracks):
        yield from _cites(("tracks", n), track)
    for a, area in enumerate(spec.areas):
        yield from _cites(("areas", a), area)
        for c, competency in enumerate(area.competencies):
            yield from _competency_references(("areas", a, "competencies", c), competency)
    for n, skill in enumerate(spec.skills):
        yield ("skills", n, "competency"), "competency", skill.competency
        for key, requirement in skill.per_track.items():
            yield ("skills", n, "per_track", key), "track", key
            yield from _cites(("skills", n, "per_track", key), requirement)


def _competency_references(path: Path, competency: CompetencySpec) -> Iterator[tuple[Path, str, str]]:
    yield from _cites(path, competency)
    for n, example in enumerate(competency.evidence):
        if example.level:
            yield (*path, "evidence", n, "level"), "level", example.level
    for level, expectation in competency.expectations.items():
        here = (*path, "expectations", level)
        yield here, "level", level
        yield from _cites(here, expectation)
        for b, behaviour in enumerate(expectation.behaviours):
            yield from _cites((*here, "behaviours", b), behaviour)
            if behaviour.track:
                yield (*here, "behaviours", b, "track"), "track", behaviour.track


def _cites(path: Path, node: Cited) -> Iterator[tuple[Path, str, str]]:
    for number, cite in enumerate(node.cites):
        yield (*path, "cites", number), "passage", cite


def _idle_sources(spec: LadderSpec) -> Iterator[Path]:
    """Yield the paths of documents that no part of the edition would lead to."""
    cited = {value.rpartition(" ")[0] for _path, kind, value in _references(spec) if kind == "passage"}
    for number, source in enumerate(spec.sources):
        if not source.covers and source.key not in cited:
            yield ("sources", number)


def _empty_rows(spec: LadderSpec) -> Iterator[Path]:
    """Yield the paths of competencies in which every cell is empty."""
    for a, area in enumerate(spec.areas):
        for c, competency in enumerate(area.competencies):
            if not competency.expectations:
                yield ("areas", a, "competencies", c, "expectations")


def _circle(spec: LadderSpec) -> int | None:
    """Return the number of a level that includes itself along the way, or None."""
    includes = {level.key: set(level.includes) for level in spec.levels}
    for number, level in enumerate(spec.levels):
        seen, front = set(), set(level.includes)
        while front:
            seen |= front
            front = set().union(*(includes.get(key, set()) for key in front)) - seen
        if level.key in seen:
            return number
    return None
