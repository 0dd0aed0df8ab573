"""What the page of a hearing shows, by whom it is read and how far the hearing has come."""

import json
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from competencies.core.refusals import Stale
from competencies.packets.models import Packet
from competencies.promotions.models import Ballot, Hearing, Outcome
from competencies.promotions.models.decision import majority
from competencies.promotions.recusal import GROUNDS
from competencies.trail.audit_reads import note
from ladder.web.autosave import SaveStatus

from .forms import NOTE, BallotForm, RemarkForm, SomebodyForm

PAGE = "committees/hearing.html"


@dataclass
class Round:
    """One round whose ballots are open: who voted how, and what each said of which competency."""

    number: int
    ballots: list
    tally: list = field(default_factory=list)
    compared: list = field(default_factory=list)
    winner: str | None = None

    @property
    def outcome(self):
        return self.winner and Outcome(self.winner).label


def hearings_for(person, pk):
    """Return the hearing with this key with what its page reads, and what `person` may do with it."""
    return (
        Hearing.objects.filter(pk=pk)
        .with_related()
        .seen_by(person)
        .select_related("case__appeal", "decision__by", "decision__release__by")
        .prefetch_related("counts")
        .marking(
            person,
            may_cast="promotions.cast_ballot",
            may_step_aside="promotions.step_aside",
            may_call="promotions.call_member",
            may_excuse="promotions.excuse_member",
            may_discuss="promotions.discuss_hearing",
            may_unmask="promotions.unmask_hearing",
            may_decide="promotions.decide_hearing",
        )
    )


def show(request, hearing, **replaced):
    """Return the context of the page of `hearing`; `replaced` holds the forms that were refused."""
    person, round = request.user, hearing.round
    packet = packet_of(hearing, person)
    content = packet.content if packet else {}
    bar = content.get("bar", [])
    mine = {
        ballot.round: ballot for ballot in hearing.ballots.filter(person=person).select_related("casting")
    }
    rounds = opened(hearing, person, bar, by=person)
    context = {
        "hearing": hearing,
        "crumbs": crumbs(hearing),
        "packet": packet,
        "appeal": content.get("appeal"),
        "round": round,
        "rounds": rounds,
        "mine": mine.get(round),
        "first": mine.get(1) if round == 2 else None,
        "places": places(hearing),
        "remarks": list(hearing.remarks.select_related("by")) if hearing.final_round else [],
        "case_open": person.has_perm("promotions.read_case", hearing.case) and not hearing.hidden,
        "unmaskings": _unmaskings(hearing, person),
    }
    if decision := getattr(hearing, "decision", None):
        context["decided_notes"] = titled(decision.notes, bar)
    if hearing.may_cast:
        context |= ballot_form(hearing, bar, mine.get(round))
    if hearing.may_discuss:
        context["remark_form"] = RemarkForm()
    if hearing.may_call and round:
        sitting = [place for place in context["places"] if not place["ground"] and place["person"].is_active]
        context |= {"call_form": SomebodyForm(), "sitting": len(sitting)}
        context["too_few"] = len(sitting) < hearing.quorum
    return context | replaced


def crumbs(hearing, *further):
    """Return the way to the page of a hearing, or to something further below it."""
    start = [{"label": _("Committees"), "url": reverse("committees")}]
    if not further:
        return [*start, {"label": hearing.title}]
    return [*start, {"label": hearing.title, "url": hearing.get_absolute_url()}, *further]


def packet_of(hearing, person):
    """Return the copy that `person` reads: the named one where they may, else the masked; or None."""
    rows = Packet.objects.allowing(person, "packets.read_packet").filter(hearing=hearing)
    named = [Packet.Variant.COMMITTEE] if not hearing.hidden else []
    copies = rows.filter(variant__in=[*named, Packet.Variant.MASKED]).order_by("at", "pk")
    found = {row.variant: row for row in copies}  # of two of a kind the newest
    return found.get(Packet.Variant.COMMITTEE) or found.get(Packet.Variant.MASKED)


def bar_of(packet):
    """Return what the target level asks for in each competency, as it stands in the packet."""
    return packet.content.get("bar", []) if packet else []


def ballot_form(hearing, bar, ballot, data=None):
    """Return the form of one's ballot with each competency beside its field, and its `SaveStatus`."""
    ballot = ballot or Ballot(hearing=hearing, round=hearing.round)
    values = {"vote": ballot.vote, "reason": ballot.reason}
    values |= {f"{NOTE}{key}": text for key, text in ballot.notes.items()}
    form = BallotForm(data, bar=bar, initial=values)
    return {
        "ballot_form": form,
        "asked": [{"row": row, "field": form[f"{NOTE}{row['key']}"]} for row in bar],
        "save_status": save_status_of(hearing, ballot.version),
        "lacking": ballot.lacking,
    }


def titled(notes, bar):
    """Return reasons per competency under the titles of the competencies: `[(title, text)]`."""
    titles = {row["key"]: row["title"] for row in bar}
    return [(titles.get(key, key), text) for key, text in notes.items()]


def told_apart(refusal, choice):
    """Return the refusal with the reasons per competency told apart, as the form has them.

    `choice` names the field that holds an outcome.
    """
    stored, offered = (_by_field(refusal.details[side], choice) for side in ("stored", "offered"))
    both = stored.keys() | offered.keys()
    stored, offered = ({name: side.get(name, "") for name in both} for side in (stored, offered))
    return Stale(stored=stored, offered=offered, version=refusal.details["version"])


def _by_field(written, choice):
    values = {name: value for name, value in written.items() if name != "per_competency"}
    values[choice] = Outcome(values[choice]).label if values[choice] else ""
    return values | {f"{NOTE}{key}": text for key, text in json.loads(written["per_competency"]).items()}


def save_status_of(hearing, version):
    return SaveStatus(f"ballot-{hearing.pk}", version, f"{hearing.get_absolute_url()}#ballot")


def opened(hearing, person, bar, *, by):
    """Return the rounds that are open, the last one first."""
    numbers = [count.round for count in hearing.counts.all()]
    if not numbers:
        return []
    readable = Ballot.objects.allowing(person, "promotions.read_ballot").filter(hearing=hearing)
    ballots = list(
        readable.counting()
        .filter(round__in=numbers)
        .select_related("person", "casting", "hearing__case__subject")
    )
    note("promotions.read_ballot", ballots, by=by)
    return [
        _round(number, [row for row in ballots if row.round == number], bar) for number in reversed(numbers)
    ]


def _round(number, ballots, bar):
    votes = [ballot.vote for ballot in ballots]
    titles = {row["key"]: row["title"] for row in bar}
    reasons: dict[str, list[dict[str, object]]] = {key: [] for key in titles}
    for ballot in ballots:
        for key, text in ballot.notes.items():
            reasons.setdefault(key, []).append({"ballot": ballot, "text": text})
    return Round(
        number,
        ballots,
        tally=[{"vote": vote, "label": vote.label, "count": votes.count(vote)} for vote in Outcome],
        compared=[{"title": titles.get(key, key), "reasons": rows} for key, rows in reasons.items() if rows],
        winner=majority(votes),
    )


def places(hearing):
    """Return who was called, and for each whether they are awaited, have voted, or are recused and why.

    Who is recused by rule would tell whose case it is: from whom that is hidden, they are left out.
    """
    awaited = set(hearing.awaited().values_list("person", flat=True)) if hearing.round else set()
    return [
        {
            "person": member.person,
            "chair": member.chair,
            "seated": member.seated,
            "ground": member.ground and GROUNDS[member.ground],
            "because": member.recused_because,
            "awaited": member.person_id in awaited,
        }
        for member in hearing.members.with_recusals()
        if not (hearing.hidden and member.ground)
    ]


def _unmaskings(hearing, person):
    """Return who asked for the name and why: for HR, and for oneself."""
    rows = hearing.unmaskings.select_related("person")
    return list(rows if not hearing.sits and "hr" in person.roles else rows.filter(person=person))
