"""From a framework file to a draft edition: all of it, or nothing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from competencies.core.permissions import demand
from competencies.sources.models import Passage, Source
from competencies.trail.models import canonical, record

from .models import (
    Area,
    Behaviour,
    Citation,
    Competency,
    Coverage,
    Edition,
    Expectation,
    Framework,
    Inclusion,
    Level,
    RatingScale,
    Requirement,
    ScalePoint,
    Skill,
    Track,
)
from .parser import BadFile, Fault, read

if TYPE_CHECKING:
    from competencies.people.models import Organisation, Person

    from .parser import (
        Cited,
        CompetencySpec,
        ExpectationSpec,
        FrameworkSpec,
        LadderSpec,
        SourceSpec,
    )


@transaction.atomic
def load(content: bytes, *, file: str, by: Person | None, within: Organisation | None = None) -> Edition:
    """Take the bytes of a framework file; return the draft `Edition` made from it.

    A file whose content is an edition already gives that edition back and writes nothing.
    `within` is the organisation on which a person needs `people.write_framework`; a command on the
    server passes `by=None` and no organisation. Refuses with `BadFile`, and then nothing is changed.
    """
    if within is not None or by is not None:
        demand(by, "people.write_framework", within)
    spec = read(content, file=file, known=_is_known)
    digest = digest_of(spec)
    framework = _framework(spec.framework, by, file)
    if same := framework.editions.filter(digest=digest).first():
        return same

    newest = framework.editions.order_by("-number").first()
    edition = Edition.objects.create(
        framework=framework,
        number=newest.number + 1 if newest else 1,
        summary=spec.framework.summary,
        digest=digest,
    )
    Build(edition, spec).everything()
    record("edition.loaded", edition, by=by, digest=digest)
    return edition


def digest_of(spec: LadderSpec) -> str:
    """Return the SHA-256 (hex) of what a `LadderSpec` says.

    The title is left out, because it belongs to the framework and may change between editions, and so
    is the order of the documents, because no page shows it.
    """
    content = spec.model_dump(mode="json", by_alias=True)
    del content["framework"]["title"]
    content["sources"].sort(key=lambda source: source["key"])
    for source in content["sources"]:
        source["covers"].sort(key=lambda pair: (pair["track"], pair["level"]))
        source["passages"].sort(key=lambda passage: passage["n"])
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _is_known(spec: LadderSpec) -> bool:
    """Return True if an edition says what the file says: one from before titles had to differ stays."""
    return Edition.objects.filter(framework__key=spec.framework.key, digest=digest_of(spec)).exists()


def _framework(spec: FrameworkSpec, by: Person | None, file: str) -> Framework:
    """Return the framework of a file. Its title may change while nothing is published, and not after.

    Refuses with `BadFile` a title that another framework bears.
    """
    framework = Framework.objects.filter(key=spec.key).first()
    if framework and framework.title == spec.title:
        return framework
    if framework and framework.editions.published().exists():
        message = _("can’t be changed, because editions are already published under the title %(title)s") % {
            "title": framework.title
        }
        raise BadFile([Fault(file, 1, 1, "framework.title", message)])
    if other := next((row for row in Framework.objects.titled(spec.title) if row != framework), None):
        message = _("is already the title of the framework %(key)s: give this one another title") % {
            "key": other.key
        }
        raise BadFile([Fault(file, 1, 1, "framework.title", message)])
    if framework is None:
        return Framework.objects.create(key=spec.key, title=spec.title)
    framework.rename(spec.title)
    record("framework.renamed", framework, by=by)
    return framework


class Build:
    """The rows of one edition, made from its file in the order in which they need each other."""

    def __init__(self, edition: Edition, spec: LadderSpec) -> None:
        self.edition, self.spec = edition, spec
        self.passages: dict[str, Passage] = {}
        self.sources: dict[str, Source] = {}
        self.levels: dict[str, Level] = {}
        self.tracks: dict[str | None, Track] = {}
        self.competencies: dict[str | None, Competency] = {}
        self.cited: list[Citation] = []

    def everything(self) -> None:
        self._sources()
        self._scale()
        self._levels()
        self._tracks()
        self._coverage()
        self._areas()
        self._skills()
        Citation.objects.bulk_create(self.cited)

    def _sources(self) -> None:
        for spec in self.spec.sources:
            source = keep_source(spec)
            self.sources[spec.key] = source
            for passage in source.passages.all():
                self.passages[f"{spec.key} s{passage.number}"] = passage

    def _scale(self) -> None:
        scale = RatingScale.objects.create(edition=self.edition)
        ScalePoint.objects.bulk_create(
            ScalePoint(edition=self.edition, scale=scale, position=position, **point.model_dump())
            for position, point in enumerate(self.spec.scale)
        )

    def _levels(self) -> None:
        for position, spec in enumerate(self.spec.levels):
            level = Level.objects.create(
                edition=self.edition,
                position=position,
                **spec.model_dump(include={"key", "title", "rung", "scope", "summary", "facets", "inferred"}),
            )
            self.levels[spec.key] = level
            self._cite(spec, level=level)
        Inclusion.objects.bulk_create(
            Inclusion(edition=self.edition, level=self.levels[spec.key], included=self.levels[included])
            for spec in self.spec.levels
            for included in spec.includes
        )

    def _tracks(self) -> None:
        for position, spec in enumerate(self.spec.tracks):
            track = Track.objects.create(
                edition=self.edition,
                position=position,
                **spec.model_dump(include={"key", "title", "summary", "suits", "hiring"}),
            )
            self.tracks[spec.key] = track
            self._cite(spec, track=track)

    def _coverage(self) -> None:
        Coverage.objects.bulk_create(
            Coverage(
                edition=self.edition,
                source=self.sources[spec.key],
                track=self.tracks[covers.track],
                level=self.levels[covers.level],
            )
            for spec in self.spec.sources
            for covers in spec.covers
        )

    def _areas(self) -> None:
        position = 0
        for number, spec in enumerate(self.spec.areas):
            area = Area.objects.create(
                edition=self.edition, key=spec.key, title=spec.title, purpose=spec.purpose, position=number
            )
            self._cite(spec, area=area)
            for competency in spec.competencies:
                self._competency(area, competency, position)
                position += 1

    def _competency(self, area: Area, spec: CompetencySpec, position: int) -> None:
        competency = Competency.objects.create(
            edition=self.edition,
            area=area,
            position=position,
            evidence=[example.model_dump() for example in spec.evidence],
            **spec.model_dump(include={"key", "title", "summary"}),
        )
        self.competencies[spec.key] = competency
        self._cite(spec, competency=competency)
        expectations = Expectation.objects.bulk_create(
            Expectation(
                edition=self.edition,
                competency=competency,
                level=self.levels[level],
                summary=expectation.summary,
                pitfall=expectation.pitfall,
            )
            for level, expectation in spec.expectations.items()
        )
        Expectation.objects.bulk_create(
            Expectation(edition=self.edition, competency=competency, level=row)
            for level, row in self.levels.items()
            if level not in spec.expectations
        )
        for row, expectation in zip(expectations, spec.expectations.values(), strict=True):
            self._cite(expectation, expectation=row)
            self._behaviours(row, expectation)

    def _behaviours(self, expectation: Expectation, spec: ExpectationSpec) -> None:
        rows = Behaviour.objects.bulk_create(
            Behaviour(
                edition=self.edition,
                expectation=expectation,
                track=self.tracks.get(behaviour.track),
                position=position,
                text=behaviour.text,
                inferred=behaviour.inferred,
            )
            for position, behaviour in enumerate(spec.behaviours)
        )
        for row, behaviour in zip(rows, spec.behaviours, strict=True):
            self._cite(behaviour, behaviour=row)

    def _skills(self) -> None:
        skills = Skill.objects.bulk_create(
            Skill(
                edition=self.edition,
                key=spec.key,
                title=spec.title,
                group=spec.group,
                competency=self.competencies[spec.competency],
                position=position,
            )
            for position, spec in enumerate(self.spec.skills)
        )
        asked = [
            (skill, track, requirement)
            for skill, spec in zip(skills, self.spec.skills, strict=True)
            for track, requirement in spec.per_track.items()
        ]
        rows = Requirement.objects.bulk_create(
            Requirement(
                edition=self.edition,
                skill=skill,
                track=self.tracks[track],
                **requirement.model_dump(include={"strength", "choice", "note"}),
            )
            for skill, track, requirement in asked
        )
        for row, (_skill, _track, requirement) in zip(rows, asked, strict=True):
            self._cite(requirement, requirement=row)

    def _cite(self, spec: Cited, **target: Any) -> None:
        self.cited += [
            Citation(edition=self.edition, passage=self.passages[cite], position=position, **target)
            for position, cite in enumerate(spec.cites)
        ]


def keep_source(spec: SourceSpec) -> Source:
    """Return the `Source` revision that says what `spec` (a `SourceSpec`) says, made when there is none."""
    content = spec.model_dump(mode="json", exclude={"covers"})
    digest = hashlib.sha256(canonical(content).encode()).hexdigest()
    revisions = Source.objects.filter(key=spec.key)
    if same := revisions.filter(digest=digest).first():
        return same
    newest = revisions.order_by("-revision").first()
    source = Source.objects.create(
        key=spec.key,
        revision=newest.revision + 1 if newest else 1,
        title=spec.title,
        role=spec.role,
        digest=digest,
    )
    Passage.objects.bulk_create(
        Passage(source=source, number=passage.n, gist=passage.gist, terms=passage.terms, text=passage.text)
        for passage in spec.passages
    )
    return source
