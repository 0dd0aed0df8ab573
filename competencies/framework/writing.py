"""From an edition back to a framework file that says the same."""

from __future__ import annotations

from typing import Any

import yaml
from django.db.models import Model
from django.utils.translation import gettext as _

from competencies.sources.models import Passage, Source

from .models import Citation, Competency, Edition, Expectation, Requirement
from .parser import LadderSpec

TARGETS = ("behaviour", "requirement", "track", "level", "competency", "expectation", "area")


def write(edition: Edition) -> bytes:
    """Return the bytes of the file that `loading.load` would make `edition` from: the same digest."""
    content = spec_of(edition).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    head = _("# %(edition)s. Loading this file gives the same edition: %(digest)s") % {
        "edition": " ".join(str(edition).split()),
        "digest": edition.digest[:12],
    }
    body = yaml.dump(content, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
    return f"{head}\n{body}".encode()


class _Plain(yaml.SafeDumper):
    """Repeats what stands twice, because aliases are not read."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def spec_of(edition: Edition) -> LadderSpec:
    """Return the `LadderSpec` that an edition's rows say."""
    return LadderSpec.model_validate(Copy(edition).everything())


class Copy:
    """The parts of an edition as plain values, each with the passages that it cites."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.cites: dict[str, dict[int, list[str]]] = {name: {} for name in TARGETS}
        for citation in edition.citation_set.select_related("passage__source"):
            for name in TARGETS:
                if pk := getattr(citation, f"{name}_id"):
                    self.cites[name].setdefault(pk, []).append(citation.passage.reference)

    def everything(self) -> dict[str, Any]:
        framework = self.edition.framework
        return {
            "format": 1,
            "framework": _fields_of(framework, "key", "title") | {"summary": self.edition.summary},
            "sources": self._sources(),
            "scale": [
                _fields_of(point, "key", "label", "anchor", "value", "bar")
                for point in self.edition.scale.points.all()
            ],
            "levels": self._levels(),
            "tracks": [
                _fields_of(track, "key", "title", "summary", "suits", "hiring") | self._cited("track", track)
                for track in self.edition.track_set.all()
            ],
            "areas": self._areas(),
            "skills": self._skills(),
        }

    def _cited(self, kind: str, row: Model) -> dict[str, list[str]]:
        return {"cites": self.cites[kind].get(row.pk, [])}

    def _sources(self) -> list[dict[str, Any]]:
        coverages = self.edition.coverage_set.select_related("track", "level").order_by("pk")
        covers: dict[int, list[dict[str, str]]] = {}
        for coverage in coverages:
            pair = {"track": coverage.track.key, "level": coverage.level.key}
            covers.setdefault(coverage.source_id, []).append(pair)
        cited = Citation.objects.filter(edition=self.edition).values("passage__source")
        sources = Source.objects.filter(pk__in=cited) | Source.objects.filter(pk__in=covers)
        return [
            _fields_of(source, "key", "title", "role")
            | {"covers": covers.get(source.pk, []), "passages": [_passage(row) for row in _in_order(source)]}
            for source in sources.prefetch_related("passages")
        ]

    def _levels(self) -> list[dict[str, Any]]:
        levels = self.edition.level_set.all()
        included: dict[int, list[str]] = {}
        for inclusion in self.edition.inclusion_set.select_related("included").order_by("pk"):
            included.setdefault(inclusion.level_id, []).append(inclusion.included.key)
        return [
            _fields_of(level, "key", "title", "rung", "scope", "summary", "facets", "inferred")
            | {"includes": included.get(level.pk, [])}
            | self._cited("level", level)
            for level in levels
        ]

    def _areas(self) -> list[dict[str, Any]]:
        competencies: dict[int, list[dict[str, Any]]] = {}
        for competency in self.edition.competency_set.with_expectations():
            competencies.setdefault(competency.area_id, []).append(self._competency(competency))
        return [
            _fields_of(area, "key", "title", "purpose")
            | {"competencies": competencies[area.pk]}
            | self._cited("area", area)
            for area in self.edition.area_set.all()
        ]

    def _competency(self, competency: Competency) -> dict[str, Any]:
        return (
            _fields_of(competency, "key", "title", "summary", "evidence")
            | {
                "expectations": {
                    expectation.level.key: self._expectation(expectation)
                    for expectation in competency.expectations.all()
                    if not expectation.is_empty or expectation.pk in self.cites["expectation"]
                }
            }
            | self._cited("competency", competency)
        )

    def _expectation(self, expectation: Expectation) -> dict[str, Any]:
        behaviours = [
            _fields_of(behaviour, "text", "inferred")
            | {"track": behaviour.track.key if behaviour.track else None}
            | self._cited("behaviour", behaviour)
            for behaviour in expectation.behaviours.all()
        ]
        return (
            _fields_of(expectation, "summary", "pitfall")
            | {"behaviours": behaviours}
            | self._cited("expectation", expectation)
        )

    def _skills(self) -> list[dict[str, Any]]:
        skills = self.edition.skill_set.select_related("competency")
        return [
            _fields_of(skill, "key", "title", "group")
            | {
                "competency": skill.competency.key,
                "per_track": {
                    requirement.track.key: self._requirement(requirement)
                    for requirement in skill.requirements.all()
                },
            }
            for skill in skills.prefetch_related("requirements__track")
        ]

    def _requirement(self, requirement: Requirement) -> dict[str, Any]:
        return (
            {"class": requirement.strength}
            | _fields_of(requirement, "choice", "note")
            | self._cited("requirement", requirement)
        )


def _fields_of(row: Model, *fields: str) -> dict[str, Any]:
    return {field: getattr(row, field) for field in fields}


def _in_order(source: Source) -> list[Passage]:
    return sorted(source.passages.all(), key=lambda passage: passage.pk)


def _passage(passage: Passage) -> dict[str, Any]:
    return {"n": passage.number} | _fields_of(passage, "gist", "terms", "text")
