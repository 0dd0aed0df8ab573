"""One competency, level by level or with the levels side by side."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from competencies.framework.models import Citation, Competency, Expectation, Level, Requirement
from ladder.web.request import Request
from ladder.web.views import get_for

from .standpoint import look


@dataclass(frozen=True)
class Step:
    """What one level asks for in a competency, and what shows it."""

    level: Level
    expectation: Expectation
    examples: list
    below: list

    @property
    def includes(self):
        return get_text_list([level.title for level in self.below], _("and"))

    @property
    def shared(self):
        return [behaviour for behaviour in self.expectation.behaviours.all() if not behaviour.track]

    @property
    def own(self):
        return [behaviour for behaviour in self.expectation.behaviours.all() if behaviour.track]

    @property
    def behaviours(self):
        return self.shared + self.own


@require_safe
def competency(request: Request, pk: int) -> HttpResponse:
    competency = get_for(
        Competency.objects.select_related("area", "edition__framework", "edition__publication"),
        request,
        "framework.read_competency",
        pk,
    )
    standpoint = look(request, competency.edition)
    before, after = competency.neighbours()
    side_by_side = request.GET.get("view") == "changes"
    context = {
        "competency": competency,
        "standpoint": standpoint,
        "query": standpoint.passage_query(),
        "crumbs": [*standpoint.crumbs, {"label": competency.title}],
        "side_by_side": side_by_side,
        "tabs": standpoint.tabs(view="changes") if side_by_side else standpoint.tabs(),
        "steps": _steps(competency, standpoint),
        "examples": [example["text"] for example in competency.evidence if not example.get("level")],
        "requirements": _requirements(competency, standpoint.track),
        "cited": Citation.objects.filter(competency=competency).select_related("passage__source"),
        "before": before,
        "after": after,
    }
    return render(request, "framework/competency.html", context)


def _steps(competency, standpoint):
    expectations = competency.expectations.asked_of(standpoint.track)
    by_level = {expectation.level_id: expectation for expectation in expectations}
    return [
        Step(level, by_level[level.pk], _examples(competency, level), standpoint.includes(level))
        for level in standpoint.levels
    ]


def _examples(competency, level):
    return [example["text"] for example in competency.evidence if example.get("level") == level.key]


def _requirements(competency, track):
    return (
        Requirement.objects.filter(skill__competency=competency, track=track)
        .with_choices()
        .select_related("skill")
        .with_citations()
    )
