"""Both copies of each case, frozen before the proposal and at it."""

from competencies.core.clock import now
from competencies.jobs.models import Job
from competencies.packets.models import Order, Packet
from competencies.promotions.models import Proposal

from ..cast import DAY


def make_packets(cases):
    def packet(case, variant, at):
        case = cases[case]
        number = f"P-{case.pk}-{Packet.objects.count()}"
        return Packet.objects.create(
            case=case, number=number, variant=variant, by=case.sponsor, at=at, snapshot="{}"
        )

    def each(case, what, at):
        return {f"{case}, {what}, {variant}": packet(case, variant, at) for variant in Packet.Variant.values}

    of_draft = {}
    for case in ("draft", "draft by Fay", "dropped", "draft of HR"):
        of_draft |= each(case, "as it was", now())
    for case in ("proposed", "withdrawn", "proposed by Fay", "proposed by Dora", "proposed of HR"):
        of_draft |= each(case, "its draft", cases[case].proposal.at - DAY)
    proposed = {}
    for case in cases:
        if Proposal.objects.filter(case=cases[case]).exists():
            proposed |= each(case, "itself", cases[case].proposal.at)
    return of_draft | proposed


def make_orders(packets):
    """The order of the document of each packet, by whoever froze it."""

    def ordered(packet):
        job = Job.objects.create(kind=Job.Kind.PACKET_DOCUMENT, by=packet.by)
        return Order.objects.create(packet=packet, job=job)

    return {label: ordered(packet) for label, packet in packets.items()}


def make_read_packets(hearings):
    """What those who answer a case read, of a hearing with names and of one without.

    The masked copy comes first, so that other copies follow on it as a release has them follow.
    """
    variants = sorted(Packet.Variant.values, key=lambda variant: variant != Packet.Variant.MASKED)
    made = {"for masked, masked, of before": _of_hearing(hearings["masked"], "masked", "before")}
    for label in ("voting", "masked"):
        for variant in variants:
            made[f"for {label}, {variant}"] = _of_hearing(hearings[label], variant)
    for label in (label for label in hearings if label.startswith("unreleased, ")):
        case = hearings[label].case
        made[f"archive, {label}"] = Packet.objects.create(
            case=case,
            number=f"P-{case.pk}-archive",
            variant="archive",
            by=case.sponsor,
            at=now(),
            snapshot="{}",
        )
    return made


def _of_hearing(hearing, variant, *more):
    case = hearing.case
    return Packet.objects.create(
        case=case,
        hearing=hearing,
        number="-".join(["P", str(case.pk), variant, *more]),
        variant=variant,
        by=case.sponsor,
        at=case.proposal.at,
        snapshot="{}",
    )
