"""What the page of a case shows: as a workspace while it is a draft, for reading from then on."""

from datetime import timedelta
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competencies.core.clock import now
from competencies.core.prepared import prepared
from competencies.evidence.models import Evidence
from competencies.framework.models import Competency
from competencies.packets.models import Packet
from competencies.people.models import Person
from competencies.promotions.contents import CaseContents
from competencies.promotions.limits import MOST_CLAIMS
from competencies.promotions.models import EndorsementRequest, Hearing, PromotionCase, Statement
from competencies.promotions.models.case import read_hearings
from competencies.promotions.readiness import MET, history_of, readiness
from competencies.reviews.comparing import by_month
from ladder.web.autosave import SaveStatus
from ladder.web.request import Request
from ladder.web.views import respond

from .checklist import lacking
from .forms import ClaimForm, by_area

PAGE = "promotions/case.html"
JUST_NOW = timedelta(minutes=10)

HINTS = {
    "ask": gettext_lazy(
        "What you’re asking for and from when, in two or three sentences. The packet opens with it."
    ),
    "scope": gettext_lazy("Work across teams, mentoring and sponsoring, standards set, glue work."),
    "gaps": gettext_lazy(
        "What is still missing, and the plan to close it. A case without any gaps isn’t credible."
    ),
    "need": gettext_lazy(
        "Why the organisation needs someone at this level now. Some levels need this business case."
    ),
    "manager": gettext_lazy(
        "What you have seen yourself. Only you read it until you propose the case. Then it carries your name."
    ),
}
STANDINGS = {
    "met": gettext_lazy("Meets expectations"),
    "below": gettext_lazy("Below expectations"),
    "not observed": gettext_lazy("Not observed"),
    "not assessed": gettext_lazy("Not assessed at this level"),
}


def cases_for(person, pk):
    """Return the case with this key with all that the page reads, and what `person` may do with it."""
    cases = _case(person, pk)
    read_hearings(cases)
    return cases


@prepared
def _case(person: Person, pk: int):
    return (
        PromotionCase.objects.filter(pk=pk)
        .joined()
        .select_related("to_level__edition__scale")
        .marking(
            person,
            may_write="promotions.write_case",
            may_propose="promotions.propose_case",
            may_describe="promotions.describe_case",
            may_share="promotions.share_case",
            may_unshare="promotions.unshare_case",
            may_ask="promotions.ask_endorsement",
            may_withdraw="promotions.withdraw_case",
            may_convene="promotions.convene_hearing",
            may_appeal="promotions.appeal_decision",
            may_read_rationale="promotions.read_rationale",
            may_freeze="packets.freeze_packet",
        )
    )


def show(request: Request, case, **forms):
    """Return the context of the page of `case`; `forms` replaces what was refused."""
    contents, history = CaseContents.of(case), history_of(case)
    statements = statements_for(case.pk, request.user)
    rows = readiness(case, contents.exhibits, history)
    exhibits = [row.evidence for row in contents.exhibits]
    context = {
        "case": case,
        "crumbs": crumbs(case),
        "mine": case.subject_id == request.user.pk,
        "statements": {
            row.kind: {
                "row": row,
                "text": row.text,
                "hint": HINTS[row.kind],
                "save_status": save_status_of(row),
            }
            for row in statements
        },
        "stories": contents.stories,
        "exhibits": exhibits,
        "months": by_month(exhibits),
        "unshown": unshown(contents.stories, exhibits),
        "hearings": hearings_for(case, request.user),
        "requests": requests_for(case.pk, request.user) if contents.requests else [],
        "before_move": history[1],
        "packets": _packets(case.pk, request.user),
        **status_counts(rows),
    }
    if case.may_write:
        context |= {**lacking(case, request.user, rows, contents), **claims(case, contents)}
        context["writing"] = writing(case, request.user, statements, contents)
        context["may_open"] = case.may_share and contents.policy.together
    else:
        context["claims"] = contents.claims
    return context | forms


@prepared
def _packets(case: int, reader: Person):
    packets = Packet.objects.filter(case=case).allowing(reader, "packets.read_packet")
    return packets.select_related("by", "document")


def hearings_for(case, reader):
    """Return the hearings of a case, read with its state, that `reader` may read."""
    if not case.hearings.all():
        return []
    return list(Hearing.objects.filter(case=case).allowing(reader, "promotions.read_hearing"))


def kept(request: Request, case, save_status, whole, *, previews=None):
    """Answer for a form of the page that saves itself.

    htmx gets the foot of the form, what is still missing, and `previews`, the saved texts by the keys of
    their places; a plain form goes back to where it stood, or gets the whole page, whose context `whole()`
    gives, when something was wrong.
    """
    if save_status.status == 200 or request.htmx:
        context = {"case": case, "save_status": save_status, "previews": previews or {}}
        context |= lacking(case, request.user)
        fragment, done = "promotions/_kept.html", save_status.place
        return respond(request, PAGE, context, fragment=fragment, done=done, status=save_status.status)
    return respond(request, PAGE, whole(), status=save_status.status)


@prepared
def statements_for(case: int, reader: Person):
    """Return the texts of a case (its id) that `reader` may read, with who wrote each last."""
    rows = Statement.objects.filter(case=case).allowing(reader, "promotions.read_statement")
    return rows.select_related("written_by")


@prepared
def requests_for(case: int, reader: Person):
    """Return who was asked to endorse a case (its id) and what came of it, as far as `reader` may know."""
    rows = EndorsementRequest.objects.filter(case=case).allowing(reader, "promotions.read_request")
    return rows.told_to(reader).marking(
        reader, may_remind="promotions.remind_endorser", may_recall="promotions.recall_request"
    )


def writing(case, reader, statements=None, contents=None):
    """Return who else wrote in a shared draft last: `{who, at, what, now}`; None where nobody did.

    `statements` are those that `reader` may read, and `contents` the case's, where they were read already.
    """
    if not case.is_shared:
        return None
    contents = contents or CaseContents.of(case)
    statements = statements_for(case.pk, reader) if statements is None else statements
    parts = [
        *((row, row.get_kind_display()) for row in statements),
        *((row, _("Claims")) for row in contents.claims),
        *((row, row.title) for row in contents.stories),
    ]
    of_others = [(row, name) for row, name in parts if row.written_by_id not in (None, reader.pk)]
    if not of_others:
        return None
    row, name = max(of_others, key=lambda part: part[0].written_at)
    return {
        "who": row.written_by,
        "at": row.written_at,
        "what": name,
        "now": row.written_at > now() - JUST_NOW,
    }


def is_read_by_others(case):
    """Return True if somebody else could read the case, who is told why it is withdrawn."""
    return case.is_shared or getattr(case, "proposal", None) is not None


def way_in():
    return [{"label": _("Promotions"), "url": reverse("cases")}]


def crumbs(case, *further):
    """Return the way to the page of a case, or to something further below it."""
    if not further:
        return [*way_in(), {"label": case.subject.name}]
    return [*way_in(), {"label": case.subject.name, "url": case.get_absolute_url()}, *further]


def save_status_of(statement):
    place = f"{reverse('case', args=[statement.case_id])}#statement-{statement.kind}"
    return SaveStatus(f"statement-{statement.pk}", statement.version, place)


def save_status_of_claim(claim):
    return SaveStatus(f"claim-{claim.pk}", claim.version, f"{reverse('case', args=[claim.case_id])}#claims")


def status_counts(rows):
    """Return the readiness rows by area, all, not met and met, and how many stand where: never one number.

    What is the same for every row, the latest review and who rated, is said once: `latest` and
    `rater` are None where the rows differ.
    """
    counts = [
        {"key": key, "label": label, "count": sum(row.status == key for row in rows)}
        for key, label in STANDINGS.items()
    ]
    return {
        "areas": _by_area(rows),
        "gaps": _by_area(row for row in rows if row.status != MET),
        "met": _by_area(row for row in rows if row.status == MET),
        "counts": counts,
        "unread": all(row.status == "not assessed" for row in rows),
        "latest": _shared(row.latest.review for row in rows if row.latest),
        "rater": _shared(manager for row in rows for manager in row.by),
    }


def _by_area(rows):
    return [(area, list(group)) for area, group in groupby(rows, key=lambda row: row.competency.area)]


def _shared(values):
    """Return the one value that all share, or None."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


def claims(case, contents=None, **refused):
    """Return the claims with a form each, and one for a further claim while there is room.

    `contents` is what is written in it, where it was read already. `refused` maps `claim-<pk>` or `claim`
    (the new one) to the entry that takes the place of a form.
    """
    rows = contents.claims if contents else list(case.claims.select_related("competency", "written_by"))
    options = claim_options(case)
    entries = [refused.get(f"claim-{row.pk}") or claim_of(row, options) for row in rows]
    new = ClaimForm(auto_id="claim-%s", hints=True, **options) if len(rows) < MOST_CLAIMS else None
    return {
        "claims": entries,
        "most_claims": MOST_CLAIMS,
        "new_claim": refused.get("claim", new),
    }


def claim_of(row, options):
    values = {"competency": row.competency_id, "text": row.text, "result": row.result}
    form = ClaimForm(initial=values, auto_id=f"claim-{row.pk}-%s", **options)
    return {"row": row, "form": form, "save_status": save_status_of_claim(row)}


def claim_options(case):
    competencies = competencies_of(case)
    return {"competencies": competencies, "choices": by_area(competencies, empty=_("Choose a competency"))}


def competencies_of(case):
    return Competency.objects.filter(edition=case.to_level.edition_id)


def evidence_of(case, reader):
    """Return the evidence of the candidate's work that `reader` may read, latest first."""
    return (
        Evidence.objects.allowing(reader, "evidence.read_evidence")
        .filter(person=case.subject_id)
        .select_related("author")
        .prefetch_related("competencies__area", "competencies__edition")
    )


def unshown(stories, exhibits):
    """Return the evidence that stories rest on and that the case does not show."""
    shown = {piece.pk for piece in exhibits}
    pieces = {piece.pk: piece for story in stories for piece in story.evidence.all()}
    return [piece for pk, piece in pieces.items() if pk not in shown]
