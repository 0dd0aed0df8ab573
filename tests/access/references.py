"""Every field by which somebody can name a row in a body or a query, and what comes of a row not theirs.

A field of a form, of a body of the API or of a filter that names rows and is not here is an error, and so is
a value that a view reads past its form.
"""

from dataclasses import dataclass

from django import forms
from django_filters import FilterSet, ModelChoiceFilter, NumberFilter
from rest_framework import serializers

from competencies.reviews.models import Cycle
from ladder.api.shapes import Allowed, AllowedSet, Body
from ladder.pages.accounts.forms import Credential
from ladder.pages.endorsements.forms import Side
from ladder.web.form_fields import Day, Link, Prose, TimeZoneField

from .table import administration, committees, exports, people, promotions, reviews

WORDS = (Prose, Day, Link, Credential, Side, TimeZoneField)  # fields of ours that hold no reference


@dataclass(frozen=True)
class Reference:
    """Who names what: by which route, on which row, `sent` making of the scene what is sent."""

    actor: str
    route: str
    label: str
    sent: object
    status: int = 422
    method: str = "POST"


def named_rows():
    """Return the names of all fields that name rows: `module.Form.field`."""
    found = set()
    for form in _below(forms.BaseForm):
        found |= {f"{_name(form)}.{name}" for name, field in form.base_fields.items() if _of_form(field)}
    for body in _below(Body):
        found |= {f"{_name(body)}.{name}" for name, field in body().fields.items() if _of_body(field)}
    for wanted in _below(FilterSet):
        names = wanted.base_filters.items()
        found |= {
            f"{_name(wanted)}.{name}"
            for name, field in names
            if isinstance(field, ModelChoiceFilter | NumberFilter)
        }
    return found


def _of_form(field):
    ours = type(field).__module__.startswith("ladder.") and not isinstance(field, WORDS)
    return isinstance(field, forms.ModelChoiceField) or (ours and not isinstance(field, forms.DateTimeField))


def _of_body(field):
    return isinstance(
        field, Allowed | AllowedSet | serializers.SlugField | serializers.PrimaryKeyRelatedField
    )


def _below(kind):
    for found in kind.__subclasses__():
        if found.__module__.startswith("ladder."):
            yield found
        yield from _below(found)


def _name(kind):
    return f"{kind.__module__.removeprefix('ladder.').removeprefix('pages.')}.{kind.__qualname__}"


def of_draft(model):
    """The row of that model in the edition that is its authors' alone."""
    return lambda scene: scene.rows[f"framework.{model}"]["draft"].pk


def level_of_draft(scene):
    return scene.rows["framework.Edition"]["draft"].level_set.first().pk


def of_kit(scene):
    return scene.rows["evidence.Evidence"]["of kit by noor"].pk


def with_field(body, name, value, *, many=False):
    """Return what makes a body that is right but for one field, whose value is `value(scene)`."""

    def made(scene, row):
        sent = value(scene)
        return body(scene, row) | {name: [sent] if many else sent}

    return made


def nothing(scene, row):
    return {}


def posted(actor, route, label, body, name, value, **options):
    return Reference(
        actor, route, label, with_field(body, name, value, many=options.pop("many", False)), **options
    )


def asked(actor, route, name, value, status=400, label=""):
    return Reference(actor, route, label, with_field(nothing, name, value), status=status, method="GET")


DRAFT_COMPETENCY = of_draft("Competency")
ANSWER = {"status": 400, "method": "PUT"}


def person(name):
    return lambda scene: scene.people[name].pk


def somebody_gone(scene):
    return scene.people["gone"].email


def cycle_that_is_over(scene):
    return Cycle.objects.exclude(closing=None).first().pk


def one(scene, row):
    return {"count": 1}


def decision_of_her_own(scene):
    return scene.rows["promotions.Decision"]["unreleased, her own"].pk


def row_of(model, label):
    return lambda scene: scene.rows[model][label].pk


def api_piece(scene, row):
    from .table.api import piece

    return piece(scene, row) | {"person": scene.people["lena"].pk}


def api_answer(scene, row):
    from .table.api import answer

    return answer(scene, row)


REFERENCES = {
    "committees.forms.ConveningForm.committee": [
        posted("hugo", "convening", "proposed", nothing, "committee", lambda scene: 0)
    ],
    "committees.forms.ConveningForm.also": [
        posted("hugo", "convening", "proposed", committees.committee, "also", person("gone"), many=True),
        asked("hugo", "convening", "person", somebody_gone, status=422, label="proposed"),
    ],
    "committees.forms.ReleaseForm.decisions": [
        posted("hana", "release_new", "", one, "decisions", decision_of_her_own, many=True)
    ],
    "committees.forms.SeatForm.person": [
        posted("hugo", "seats", "of Aude", nothing, name, somebody_gone) for name in ("person", "chosen")
    ],
    "committees.forms.SomebodyForm.person": [
        posted("hugo", "members", "voting", nothing, name, somebody_gone) for name in ("person", "chosen")
    ],
    "evidence.forms.EvidenceForm.competencies": [
        posted("lena", "evidence_new", "lena", people.piece, "competencies", DRAFT_COMPETENCY, many=True),
        posted(
            "lena",
            "evidence_edit",
            "of lena by lena",
            people.piece,
            "competencies",
            DRAFT_COMPETENCY,
            many=True,
        ),
    ],
    "evidence.forms.FilterForm.competency": [
        asked("lena", "evidence_list", "competency", lambda scene: "making", status=200),
    ],
    "exports.forms.ChoiceForm.cycle": [
        asked("hugo", "packet_export_new", "cycle", lambda scene: 2**62, status=200),
    ],
    "exports.forms.ChoiceForm.below": [
        asked("hugo", "packet_export_new", "below", somebody_gone, status=200),
    ],
    "exports.forms.LinkForm.person": [
        posted("hugo", "packet_links", "by Hugo, made", exports.for_mara, "person", somebody_gone),
    ],
    "people.forms.MoveForm.manager": [
        posted("hana", "person_line", "lena", administration.under_dora, "manager", somebody_gone),
        posted("hana", "person_line", "lena", administration.under_dora, "chosen", somebody_gone),
    ],
    "people.forms.PlacementForm.level": [
        posted("hana", "person_placement", "lena", administration.placed, "level", level_of_draft)
    ],
    "people.forms.PlacementForm.track": [
        posted("hana", "person_placement", "lena", administration.placed, "track", of_draft("Track"))
    ],
    "promotions.forms.ClaimForm.competency": [
        posted("mara", "claims", "draft", promotions.claim, "competency", DRAFT_COMPETENCY),
        posted("mara", "claim", "draft", promotions.claim, "competency", DRAFT_COMPETENCY),
    ],
    "promotions.forms.Exhibition.evidence": [
        posted("mara", "case_evidence", "draft", nothing, "evidence", of_kit, many=True)
    ],
    "promotions.forms.FramingForm.cycle": [
        posted("mara", "case_framing", "draft", nothing, "cycle", cycle_that_is_over)
    ],
    "promotions.forms.FramingForm.presenter": [
        posted("mara", "case_framing", "draft", nothing, "presenter", person(name))
        for name in ("lena", "kit", "gone")
    ],
    "promotions.forms.Nomination.cycle": [
        posted("ines", "case_new", "ida", promotions.level, "cycle", cycle_that_is_over)
    ],
    "promotions.forms.Nomination.presenter": [
        posted("ines", "case_new", "ida", promotions.level, "presenter", person("kit"))
    ],
    "promotions.forms.Nomination.level": [
        posted("ines", "case_new", "ida", nothing, "level", level_of_draft)
    ],
    "promotions.forms.StoryForm.competencies": [
        posted("mara", route, "draft", promotions.TOLD["body"], "competencies", DRAFT_COMPETENCY, many=True)
        for route in ("stories", "story")
    ],
    "promotions.forms.StoryForm.evidence": [
        posted("mara", route, "draft", promotions.TOLD["body"], "evidence", of_kit, many=True)
        for route in ("stories", "story")
    ],
    "reviews.forms.AimForm.level": [
        posted("mara", "yardstick", "untouched", nothing, "level", level_of_draft)
    ],
    "reviews.forms.CycleForm.edition": [
        posted("hugo", "cycle_new", "", reviews.cycle_body, "edition", of_draft("Edition")),
        posted("hugo", "cycle_edit", "preparing", reviews.cycle_body, "edition", of_draft("Edition")),
    ],
    "reviews.forms.CycleForm.people": [
        posted("hugo", "cycle_new", "", reviews.cycle_body, "people", somebody_gone)
    ],
    "reviews.forms.CycleForm.teams": [
        posted("hugo", "cycle_new", "", reviews.cycle_body, "teams", somebody_gone)
    ],
    "reviews.forms.RatingForm.point": [
        posted(
            "lena",
            "rating",
            "untouched, self",
            reviews.rating_body,
            "point",
            lambda scene: scene.rows["framework.Edition"]["draft"].scale.points.first().pk,
        )
    ],
    "reviews.forms.RatingForm.evidence": [
        posted("lena", "rating", "untouched, self", reviews.rating_body, "evidence", of_kit, many=True)
    ],
    "trail.forms.SearchForm.actor": [asked("otto", "trail", "actor", lambda scene: "nobody", status=200)],
    "trail.forms.SearchForm.about": [asked("otto", "trail", "about", lambda scene: "nobody", status=200)],
    "trail.forms.SearchForm.record": [asked("otto", "trail", "record", lambda scene: "nothing", status=200)],
    "api.assessments.Answer.point": [
        posted(
            "lena",
            "api-assessments-ratings",
            "untouched, self",
            api_answer,
            "point",
            lambda scene: "nowhere",
            **ANSWER,
        )
    ],
    "api.assessments.Answer.evidence": [
        posted(
            "lena",
            "api-assessments-ratings",
            "untouched, self",
            api_answer,
            "evidence",
            of_kit,
            many=True,
            **ANSWER,
        )
    ],
    "api.evidence.NewEvidence.person": [
        posted("lena", "api-evidence-list", "", api_piece, "person", person("kit"), status=400)
    ],
    "api.evidence.NewEvidence.competencies": [
        posted(
            "lena",
            "api-evidence-list",
            "",
            api_piece,
            "competencies",
            DRAFT_COMPETENCY,
            many=True,
            status=400,
        )
    ],
    "api.evidence.ChangedEvidence.competencies": [
        posted(
            "lena",
            "api-evidence-detail",
            "of lena by lena",
            lambda scene, row: {"version": 0},
            "competencies",
            DRAFT_COMPETENCY,
            many=True,
            status=400,
            method="PATCH",
        )
    ],
    "api.evidence.EvidenceFields.competencies": [],  # the fields that the two above share
    "api.assessments.OfReview.review": [
        asked("kit", "api-assessments-list", "review", row_of("reviews.Review", "revealed"))
    ],
    "api.cases.OfSubject.subject": [asked("kit", "api-cases-list", "subject", person("lena"))],
    "api.competencies.OfEdition.edition": [
        asked("kit", route, "edition", of_draft("Edition"))
        for route in ("api-competencies-list", "api-skills-list")
    ],
    "api.evidence.OfPerson.person": [asked("kit", "api-evidence-list", "person", person("lena"))],
    "api.packets.OfCase.case": [asked("kit", "api-packets-list", "case", row_of(promotions.CASE, "draft"))],
    "api.people.ReportingTo.manager": [asked("kit", "api-people-list", "manager", person("mara"))],
    "api.reviews.OfCycle.cycle": [asked("kit", "api-reviews-list", "cycle", row_of(reviews.CYCLE, "drafts"))],
    "api.reviews.OfCycle.subject": [asked("kit", "api-reviews-list", "subject", person("lena"))],
    "api.trail.EntryFilter.actor": [asked("kit", "api-trail-list", "actor", person("mara"), status=200)],
    "api.trail.EntryFilter.about": [asked("kit", "api-trail-list", "about", person("lena"), status=200)],
}
# What views read past their forms, and that it is no reference; `edition` and `track` are asked for below.
READ = {
    "committees/committees.py": "GET.page GET.person",
    "committees/convening.py": "GET.committee GET.person POST.masked POST.committee",
    "committees/members.py": "GET.person POST.person",
    "committees/seats.py": "POST.person",
    "organisation/time_zone.py": "POST.seen",
    "onboarding/invitations.py": "POST.number GET.page",
    "exports/exports.py": "GET.page",
    "jobs/jobs.py": "GET.kind GET.page",
    "evidence/evidence.py": "GET.competency",
    "evidence/timelines.py": "GET.page",
    "framework/competencies.py": "GET.view",
    "framework/matrices.py": "GET.framework",
    "framework/search.py": "GET.framework GET.q",
    "framework/sources.py": "GET.edition",
    "framework/standpoint.py": "GET.track",
    "imports/imports.py": "GET.page",
    "imports/previews.py": "GET.kind GET.page",
    "committees/decisions.py": "POST.seen",
    "palette/palette.py": "GET.q",
    "packets/packets.py": "POST.variant",
    "packets/previews.py": "GET.variant",
    "people/chart.py": "GET.page",
    "people/moves.py": "GET.manager POST.manager",
    "people/people.py": "GET.show GET.page GET.q",
    "promotions/cases.py": "GET.state GET.page",
    "endorsements/answering.py": "POST.text POST.reason",
    "promotions/statements.py": "POST.text",
    "promotions/stories.py": "POST.towards",
    "reviews/cycles.py": "GET.page GET.show",
    "people/team.py": "GET.page GET.sort GET.view",
    "reviews/review_list.py": "GET.show",
    "reviews/reviews.py": "GET.cycle GET.page",
    "shell/sessions.py": "POST.theme",
    "trail/entries.py": "GET.kind",
}
