"""What is kept about people, field by field, and what an erasure does to it.

Whoever adds a text or a reference to a person says here what becomes of it; a test fails until they
do. Apps outside the domain say it in their own `records.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from django.apps import apps
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from competencies.core.clock import now
from competencies.core.permissions import EVERY_ROW
from competencies.packets.models import Document, ExportItem, Order, Packet
from competencies.promotions.models import Story
from competencies.reviews.models import Assessment, Submission
from competencies.trail.models import canonical

from .models import Export, Leftover

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from competencies.people.models import Person


STAYS = "stays"  # points at the erased person, who has no name any more
CODE = "code"  # a value from a list, a key, a digest: it names nobody
CONTENT = "content"  # the company's own: ladders, sources, names of cycles and of the company
RENAMED = "renamed"  # what the erasure itself writes anew
GOES = "goes"  # removed with its row wherever it names the erased, by a step of the erasure of its own
UNSAID = "Erased"  # stands where a text may not be empty


@dataclass(frozen=True)
class Prose:
    """A text in somebody's words: `empty` in the record of the erased, without their name elsewhere."""

    empty: str = ""


@dataclass(frozen=True)
class Frozen:
    """A snapshot as JSON text, of which a digest is kept: without texts in the record of the erased, and
    without their name elsewhere.

    `emptied(content, name)` returns the content without texts, the person called `name`; `write(row,
    content)` keeps it in place of the former.
    """

    emptied: Callable[[dict[str, Any], str], dict[str, Any]]
    write: Callable[[Any, dict[str, Any]], None]


Fate = Prose | Frozen | str
One = TypeVar("One", Prose, Frozen)


@dataclass(frozen=True)
class Kind:
    """One model: whose record a row belongs to, and the fate of each field.

    `of` leads from the row to the person whose record it is, as a lookup or as a function from the
    person to a `Q`; empty where rows are nobody's in particular. `goes`: rows of the erased are removed.
    `counted`: which of the rows may be counted to HR; a draft tells nobody that it is there. `sealed`:
    of which rows the trail holds a digest; it is told of each that changed, by `row.note_redaction`.
    `impersonal`: no field can say anything about anybody.
    """

    model_label: str
    label: StrOrPromise
    of: str | Callable[[Person], Q] = ""
    goes: bool = False
    counted: Q = field(default_factory=Q)
    sealed: Q | None = None
    impersonal: bool = False
    fields: dict[str, Fate] = field(default_factory=dict)

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.model_label)

    def rows_of(self, person: Person) -> QuerySet[Any]:
        """Return the rows that belong to the record of `person`."""
        rows: QuerySet[Any] = self.model._base_manager.all()
        if not self.of:
            return rows.none()
        return rows.filter(self.of(person) if callable(self.of) else Q(**{self.of: person}))

    def count_of(self, person: Person) -> int:
        """Return how many rows of the record of `person` HR may know of."""
        return self.rows_of(person).filter(self.counted).count()

    def fields_of(self, fate: type[One]) -> dict[str, One]:
        """Return the fields with that kind of fate: `{name: fate}`."""
        return {name: value for name, value in self.fields.items() if isinstance(value, fate)}


class By(TypedDict):
    """The fate of the reference to whoever did something."""

    by: str


_kinds: dict[str, Kind] = {}


def classify(
    model: str,
    label: StrOrPromise = "",
    /,
    *,
    of: str | Callable[[Person], Q] = "",
    goes: bool = False,
    counted: Q = EVERY_ROW,
    sealed: Q | None = None,
    **fields: Fate,
) -> None:
    """Say what becomes of `model` (`"app.Model"`) when somebody is erased; see `Kind`."""
    _kinds[model] = Kind(model, label or model, of, goes, counted, sealed, fields=fields)


def every_kind() -> dict[str, Kind]:
    """Return what was said of each model, by label."""
    return dict(_kinds)


def nobody_in(*models: str) -> None:
    """Say of models that all their texts are the company's own, and nothing in them points at people."""
    for model in models:
        _kinds[model] = Kind(model, model, impersonal=True)


def _emptied_submission(content: dict[str, Any], name: str) -> dict[str, Any]:
    for rating in content.get("ratings", ()):
        rating["comment"] = ""
        for piece in rating["evidence"]:
            piece |= {"title": UNSAID, "text": "", "link": ""}
    return content


def _write_submission(submission: Submission, content: dict[str, Any]) -> None:
    submission.snapshot = canonical(content)
    submission.save(update_fields=["snapshot"])


def _emptied_packet(content: dict[str, Any], name: str) -> dict[str, Any]:
    masked = content["packet"]["variant"] == "masked"
    content["candidate"] |= {"pronouns": "", "team": ""} | ({} if masked else {"name": name})
    content["summary"]["ask"] = content["scope"] = content["gaps"] = content["need"] = ""
    for signed in _signed_in(content):
        signed["text"] = ""
    for claim in content["summary"]["claims"]:
        claim |= {"text": UNSAID, "result": ""}
    for story in content["stories"]:
        story |= dict.fromkeys(Story.TEXTS, "") | {"title": UNSAID}
    for piece in content["evidence"]:
        piece |= {"title": UNSAID, "text": "", "link": ""}
    appeal = content.get("appeal") or {}
    if appeal:
        appeal["grounds"] = ""
    for sheet in filter(None, (content["decision"], appeal.get("decision"))):
        _empty_sheet(sheet)
    return content


def _signed_in(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements and endorsements of a packet; the first format had one statement."""
    if content["format"] == 1:
        return [content["manager_statement"]] if content["manager_statement"] else []
    return [*content["statements"], *content["endorsements"]]


def _empty_sheet(sheet: dict[str, Any]) -> None:
    """Take the words out of a decision; outcome, days and votes stay."""
    sheet |= {name: "" for name in ("rationale", "feedback", "conditions") if name in sheet}
    ballots = [ballot for round_ in sheet.get("rounds", ()) for ballot in round_]
    for row in [*ballots, *sheet.get("recusals", ())]:
        row["reason"] = ""
    for part in [sheet, *ballots]:
        for reason in part.get("per_competency", ()):
            reason["text"] = ""


def _redact_packet(packet: Packet, content: dict[str, Any]) -> None:
    """Keep the packet as redacted; its document goes, and is typeset from what is left when somebody asks."""
    content["redacted"] = [*content.get("redacted", ()), f"{now():%Y-%m-%dT%H:%M:%S.%fZ}"]
    packet.snapshot = canonical(content)
    packet.save(update_fields=["snapshot"])
    for document in Document.objects.filter(packet=packet):
        Leftover.objects.create(kind=Leftover.Kind.PACKET, name=document.file)
        document.delete()


def _unread(person: Person) -> Q:
    """The answers about `person`, and those that `person` wrote and never handed in: nobody reads them."""
    drafts = Assessment.objects.unsubmitted().filter(author=person)
    return Q(assessment__review__subject=person) | Q(assessment__in=drafts.values("pk"))


def _of_case(person: Person) -> Q:
    """The texts of cases for `person`, and of cases that `person` never proposed: nobody reads those."""
    return Q(case__subject=person) | Q(case__sponsor=person, case__proposal=None)


def _of_hearing(person: Person) -> Q:
    """The ballots about `person`, and those that `person` wrote and never cast: nobody reads those."""
    return Q(hearing__case__subject=person) | Q(person=person, casting=None)


def _of_draft(person: Person) -> Q:
    """The drafts of decisions about `person`, and those that `person` wrote: nobody else reads them."""
    return Q(hearing__case__subject=person) | Q(person=person)


def _of_endorsed_case(person: Person) -> Q:
    """What was said of `person`, or for a case that `person` never proposed."""
    dropped = Q(request__case__sponsor=person, request__case__proposal=None)
    return Q(request__case__subject=person) | dropped


def _jobs_failed_for(person: Person) -> Q:
    """What failed of work that was about `person`: one whose reason were empty would be taken for done."""
    about: list[QuerySet[Any]] = [
        Export.objects.filter(person=person),
        Order.objects.filter(packet__case__subject=person),
        ExportItem.objects.filter(case__subject=person),
    ]
    return ~Q(failure="") & reduce(or_, (Q(pk__in=rows.values("job")) for rows in about))


BY: By = {"by": STAYS}
NOTHING = Q(pk=None)
HANDED_IN = Q(assessment__in=Assessment.objects.submitted())
PROPOSED = Q(case__proposal__isnull=False)
OF_DRAFTS = Q(pk__in=Order.objects.of_drafts().values("job"))
CAST = Q(casting__isnull=False)
OF_PROPOSED = Q(request__case__proposal__isnull=False)

classify("trail.Head", digest=CODE)
classify(
    "trail.Entry",
    actor=STAYS, about=STAYS,
    action=CODE, row_model=CODE, row_pk=CODE, data=CODE, salt=CODE, previous=CODE, digest=CODE,
)  # fmt: skip
nobody_in("sources.Source", "sources.Passage")
nobody_in(
    *(f"framework.{name}" for name in ("Framework", "Edition", "Level", "Inclusion", "Track", "Coverage")),
    *(f"framework.{name}" for name in ("Area", "Competency", "Expectation", "Behaviour", "Skill")),
    *(f"framework.{name}" for name in ("Requirement", "Citation", "RatingScale", "ScalePoint")),
)
classify("framework.Publication", **BY)
classify("framework.Retirement", **BY)

classify(
    "people.Organisation",
    name=CONTENT, personas=RENAMED, second_factor_for=CODE, setup_digest=CODE, time_zone=CODE,
)  # fmt: skip
classify(
    "people.Person", _("Name, email and other personal details"), of=lambda person: Q(pk=person.pk),
    name=RENAMED, email=RENAMED, number=RENAMED, password=RENAMED,
    pronouns=RENAMED, title=RENAMED, team=RENAMED, time_zone=RENAMED, browser_time_zone=RENAMED,
)  # fmt: skip
classify("people.ReportingLine", person=STAYS, manager=STAYS)
classify("people.ManagerPath", person=STAYS, manager=STAYS)
classify("people.Word", person=STAYS, text=RENAMED)
classify("people.FormerName", person=STAYS, kind=CODE, text=GOES)
classify("people.MissingAssignment", person=STAYS, kind=CODE)
classify("people.Placement", _("Reasons given with a level"), of="person", person=STAYS, reason=Prose(), **BY)
classify("people.RoleGrant", person=STAYS, role=CODE, **BY)
classify("people.Invitation", _("Invitations"), of="person", goes=True, person=STAYS, digest=CODE, **BY)
classify(
    "people.Token", _("API tokens"), of="person", goes=True,
    person=STAYS, label=Prose(), scope=CODE, hint=CODE, digest=CODE,
)  # fmt: skip

classify(
    "notices.Letter", _("Emails"), of="receiver", goes=True,
    receiver=STAYS, kind=CODE, what=CODE, address=GOES, site=CODE, failure=CODE, **BY,
)  # fmt: skip
classify("people.IdempotencyKey", person=STAYS, mark=CODE, content=CODE, location=GOES, body=GOES)

classify(
    "jobs.Job", _("Reasons why background work failed"), of=_jobs_failed_for, counted=~OF_DRAFTS,
    kind=CODE, claim=CODE, claimed_by=CODE, failure=Prose(UNSAID), **BY,
)  # fmt: skip

classify("people_import.Import", file=CONTENT, read_as=CODE, **BY)
classify("people_import.Sheet", headings=GOES, packed=GOES, content=GOES, about=GOES)
classify("people_import.Preview", mapping=GOES, counts=GOES, digest=CODE, **BY)
classify("people_import.Finding", person=STAYS, kind=CODE, name=GOES, changes=GOES, reasons=GOES)
classify("people_import.Memory", packed=GOES)
classify("people_import.Application", counts=CODE, **BY)
classify("people_import.Undoing", **BY)
classify("people_import.Withdrawal", person=STAYS)
classify("people_import.Run", kind=CODE, options=CODE)

classify(
    "evidence.Evidence", _("Evidence"), of="person",
    person=STAYS, author=STAYS, kind=CODE, title=Prose(UNSAID), text=Prose(), link=Prose(),
)  # fmt: skip
classify("evidence.Withdrawal", **BY)

classify("reviews.Cycle", name=CONTENT, created_by=STAYS)
classify("reviews.Cycle_people", person=STAYS)
for state in ("Opening", "Closing", "Discussion", "Signoff"):
    classify(f"reviews.{state}", **BY)
classify("reviews.Review", subject=STAYS, manager=STAYS)
classify("reviews.Assessment", author=STAYS, kind=CODE)
classify("reviews.Rating", _("Ratings in assessments"), of=_unread, counted=HANDED_IN, comment=Prose())
classify(
    "reviews.Submission", _("Submitted assessments"), of="assessment__review__subject", sealed=EVERY_ROW,
    snapshot=Frozen(_emptied_submission, _write_submission), digest=CODE, **BY,
)  # fmt: skip
classify(
    "reviews.Reopening", _("Reasons for reopening"), of="submission__assessment__review__subject",
    reason=Prose(), **BY,
)  # fmt: skip

classify("promotions.Policy", seats=CODE, second_ballot=CODE)
classify("promotions.PromotionCase", subject=STAYS, sponsor=STAYS, presenter=STAYS)
classify("promotions.Sharing", **BY)
classify("promotions.Proposal", **BY)
classify("promotions.Withdrawal", _("Reasons for withdrawing"), of="case__subject", reason=Prose(), **BY)
classify("promotions.Committee", name=CONTENT, **BY)
classify("promotions.Seat", person=STAYS, ended_by=STAYS, **BY)
classify("promotions.Hearing", stage=CODE, second_ballot=CODE, **BY)
classify("promotions.Member", person=STAYS, **BY)
classify(
    "promotions.Recusal", _("Reasons for recusal"), of="hearing__case__subject",
    person=STAYS, ground=CODE, reason=Prose(UNSAID), **BY,
)  # fmt: skip
classify(
    "promotions.Ballot", _("Ballots"), of=_of_hearing, counted=CAST, sealed=CAST,
    person=STAYS, vote=CODE, reason=Prose(UNSAID), per_competency=Prose("{}"),
)  # fmt: skip
classify(
    "promotions.Remark", _("Notes of discussions"), of="hearing__case__subject", text=Prose(UNSAID), **BY
)
classify(
    "promotions.Unmasking", _("Reasons for asking for a candidate’s name"), of="hearing__case__subject",
    person=STAYS, reason=Prose(UNSAID),
)  # fmt: skip
classify(
    "promotions.Decision", _("Decisions"), of="hearing__case__subject", sealed=EVERY_ROW,
    outcome=CODE, rationale=Prose(UNSAID), per_competency=Prose("{}"), conditions=Prose(),
    feedback=Prose(), **BY,
)  # fmt: skip
classify(
    "promotions.DecisionDraft", _("Drafts of decisions"), of=_of_draft, goes=True, counted=NOTHING,
    person=STAYS, outcome=CODE, rationale=Prose(), per_competency=Prose("{}"), conditions=Prose(),
    feedback=Prose(),
)  # fmt: skip
classify("promotions.Release", **BY)
classify("promotions.Appeal", _("Appeals"), of="case__subject", grounds=Prose(UNSAID), **BY)
classify(
    "promotions.Statement", _("Case statements"), of=_of_case, counted=PROPOSED,
    written_by=STAYS, kind=CODE, text=Prose(),
)  # fmt: skip
classify(
    "promotions.Claim", _("Case claims"), of=_of_case, counted=PROPOSED,
    written_by=STAYS, text=Prose(UNSAID), result=Prose(),
)  # fmt: skip
classify(
    "promotions.Story", _("Impact stories"), of=_of_case, counted=PROPOSED,
    written_by=STAYS, title=Prose(UNSAID),
    context=Prose(), problem=Prose(), scope=Prose(), own_role=Prose(), decisions=Prose(), result=Prose(),
)  # fmt: skip

classify(
    "promotions.EndorsementRequest", _("Requests for endorsements"), of=_of_case, counted=PROPOSED,
    person=STAYS, name=Prose(UNSAID), email=Prose(), relation=CODE, note=Prose(), **BY,
)  # fmt: skip
classify("promotions.EndorsementLetter", key_digest=CODE, **BY)
classify(
    "promotions.Endorsement", _("Endorsements"), of=_of_endorsed_case, counted=OF_PROPOSED, sealed=EVERY_ROW,
    text=Prose(UNSAID), asked_relation=CODE,
)  # fmt: skip
classify(
    "promotions.EndorsementRefusal", _("Reasons for declining to endorse"), of=_of_endorsed_case,
    counted=OF_PROPOSED, reason=Prose(),
)  # fmt: skip
classify("promotions.EndorsementRecall", **BY)

classify(
    "packets.Packet", _("Packets"), of="case__subject", counted=Q(at__gte=F("case__proposal__at")),
    sealed=EVERY_ROW, snapshot=Frozen(_emptied_packet, _redact_packet),
    number=CODE, variant=CODE, digest=CODE, code=CODE, **BY,
)  # fmt: skip
classify("packets.Document", file=CODE, sha256=CODE)
classify("packets.PacketExport", variant=CODE, chosen=CONTENT, **BY)
classify("packets.ExportPause", ended_by=STAYS, **BY)
classify("packets.ExportCancellation", **BY)
classify("packets.PacketLink", _("Links to packets"), of="person", goes=True, person=STAYS, digest=CODE, **BY)

classify(
    "records.Hold", _("Legal holds"), of="person",
    person=STAYS, lifted_by=STAYS, reason=Prose(UNSAID), lifted_because=Prose(), **BY,
)  # fmt: skip
classify(
    "records.Export", _("Copies of the record"), of="person",
    person=STAYS, file=RENAMED, sha256=CODE,
)  # fmt: skip
classify("records.Receipt", counts=CODE)
classify("records.Erasure", person=STAYS, **BY)
classify("records.Leftover", kind=CODE, name=CODE)
