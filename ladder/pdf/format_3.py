"""Snapshots of formats 1 to 3 prepared for their templates: as they were read and set in their time."""

import hashlib
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competencies.trail.models import canonical
from ladder.charts import Series, bars, radar, spread

from .fitting import fitted, is_long, shortened
from .reading import (
    DAY,
    by_area,
    code_picture,
    day_of,
    decided,
    documents_cited,
    initials_of,
    joined,
    lacking,
    link_to,
    moment_of,
    signed,
    signed_number,
    spoken,
    steps_of,
    tenure,
    values_of,
    with_places,
    written,
)

WRAPPED = 3  # the first format in which nothing passes the edge of its column
CYCLES = 3
RUNNING = 64  # letters that fit an edge of the page beside the number of the packet
AXIS, ROW, RING, CYCLE = (22, 3), (34, 2), (16, 1), (34, 1)  # letters in a line of a chart, and its lines

VARIANTS = {
    "committee": gettext_lazy("Committee copy"),
    "candidate": gettext_lazy("Candidate's copy"),
    "masked": gettext_lazy("Masked copy"),
    "archive": gettext_lazy("Archive copy"),
}
CONFIDENTIALITY = {
    "committee": gettext_lazy("Confidential. For the members of the promotion committee; do not pass it on."),
    "candidate": gettext_lazy("Confidential. Your own copy: you may show it to whom you choose."),
    "masked": gettext_lazy(
        "Confidential. For the members of the promotion committee, who are to judge the work without knowing "
        "whose it is; do not pass it on."
    ),
    "archive": gettext_lazy("Confidential. For the personnel file."),
}
STATEMENTS = {
    "sponsor": gettext_lazy("The sponsor’s statement"),
    "manager": gettext_lazy("The manager’s statement"),
    "presenter": gettext_lazy("The presenter’s statement"),
}
DECISION: dict = {"conditions": "", "effective_on": None, "appeal_until": None, "quorum": None} | {
    part: [] for part in ("per_competency", "members", "recusals", "rounds")
}


class Section(NamedTuple):
    """A part of the packet: its anchor, its heading, and where in the snapshot its matter is."""

    key: str
    title: "str | Promise"
    source: str
    required: bool = False

    @property
    def template(self):
        return f"pdf/_{self.key}.html"


SECTIONS = [
    Section("summary", gettext_lazy("Summary"), "summary"),
    Section("bar", gettext_lazy("The bar"), "bar"),
    Section("matrix", gettext_lazy("The matrix at a glance"), "matrix"),
    Section("stories", gettext_lazy("Impact stories"), "stories"),
    Section("scope", gettext_lazy("Scope and influence"), "scope"),
    Section("trajectory", gettext_lazy("Trajectory"), "trajectory"),
    Section("endorsements", gettext_lazy("Endorsements"), "endorsements"),
    Section("gaps", gettext_lazy("Gaps and risks"), "gaps", required=True),
    Section("statements", gettext_lazy("Statements"), "statements"),
    Section("need", gettext_lazy("Business need"), "need"),
    Section("decision", gettext_lazy("Decision"), "decision"),
    Section("evidence", gettext_lazy("Evidence"), "evidence"),
    Section("provenance", gettext_lazy("Provenance"), "provenance"),
]


def context_of(snapshot):
    """Return what the templates of these formats need; each is typeset by the rules of its own."""
    provenance = _provenance(snapshot)
    snapshot = _as_of_today(snapshot)
    packet, wrapped = snapshot["packet"], snapshot["format"] >= WRAPPED
    facts = _facts(snapshot)
    return {
        **snapshot,
        "wrapped": wrapped,
        "long_cover": wrapped and _is_long(snapshot, facts),
        **_edges(snapshot, wrapped),
        "packet": packet | {"frozen_at": moment_of(packet["frozen_at"]), "by_day": _by_day(snapshot)},
        "variant": VARIANTS.get(packet["variant"], packet["variant"]),
        "confidentiality": CONFIDENTIALITY.get(packet["variant"], CONFIDENTIALITY["committee"]),
        "sections": [section for section in SECTIONS if section.required or snapshot.get(section.source)],
        "edition": snapshot["edition"] | {"published_on": day_of(snapshot["edition"]["published_on"])},
        "facts": facts,
        "bar": by_area([with_places(row) for row in snapshot["bar"]]),
        "cited": documents_cited(snapshot["bar"]),
        "carried": any(behaviour["inferred"] for row in snapshot["bar"] for behaviour in row["behaviours"]),
        "matrix": by_area(_matrix(snapshot["matrix"])),
        "initials": initials_of(snapshot["matrix"]),
        "attention": lacking(snapshot["matrix"]),
        "trajectory": _trajectory(snapshot["trajectory"]),
        "evidence": [row | {"on": day_of(row["on"]), **link_to(row["link"])} for row in snapshot["evidence"]],
        "index": _index(snapshot["matrix"], snapshot["evidence"]),
        "statements": [
            signed(row, "on") | {"title": STATEMENTS.get(row["kind"], row["kind"])}
            for row in snapshot["statements"]
        ],
        "endorsements": [signed(row, "on") for row in snapshot["endorsements"]],
        "outside": sum(row["outside"] for row in snapshot["endorsements"]),
        "decision": decided(snapshot["decision"], _answered),
        "appeal": _appeal(snapshot["appeal"]),
        "provenance": provenance,
        "redacted": [moment_of(text) for text in snapshot.get("redacted", [])],
        "charts": {
            "radar": _radar(snapshot),
            "bars": _bars(snapshot),
            "spread": _spread(snapshot),
            "code": code_picture(packet["verify"]),
        },
    }


def _as_of_today(snapshot):
    """Return a snapshot of the first format in the form of later ones, what it could not say empty."""
    if snapshot["format"] > 1:
        return snapshot
    signed, decision = snapshot["manager_statement"], snapshot["decision"]
    return snapshot | {
        "packet": {"code": "", "verify": ""} | snapshot["packet"],
        "statements": [{"kind": "manager", **signed}] if signed and signed["text"] else [],
        "endorsements": [],
        "decision": decision and DECISION | decision,
        "appeal": None,
    }


def _edges(snapshot, wrapped):
    """Return what runs along the edges of each page, short enough for it; the cover holds the whole."""
    candidate, case = snapshot["candidate"]["name"], snapshot["case"]
    running = f"{candidate}, {case['from']['title']} → {case['to']['title']}"
    foot = "{}. {}".format(snapshot["organisation"]["name"], _("Confidential"))
    return {
        "running": shortened(running, RUNNING) if wrapped else running,
        "foot": shortened(foot, RUNNING) if wrapped else foot,
    }


def _is_long(snapshot, facts):
    """Return True if the cover holds more than the one page that it is laid out for."""
    case, packet = snapshot["case"], snapshot["packet"]
    title = [snapshot["organisation"]["name"], snapshot["candidate"]["name"]]
    title.append(f"{case['from']['title']} → {case['to']['title']}")
    return is_long(title, [value for _label, value in facts], foot=packet["number"])


def _answered(sheet):
    facts = [
        (_("Decided on"), written(sheet["on"])),
        (_("In force from"), written(sheet["effective_on"])),
        (_("To be looked at again on"), written(sheet["look_again_on"])),
        (_("Appeal until"), written(sheet["appeal_until"])),
        (_("Quorum"), sheet["quorum"]),
    ]
    return [fact for fact in facts if fact[1]]


def _appeal(part):
    return part and signed(part, "on") | {"decision": decided(part["decision"], _answered)}


def _facts(snapshot):
    candidate, case, edition = snapshot["candidate"], snapshot["case"], snapshot["edition"]
    packet = snapshot["packet"]
    named = packet["variant"] != "masked"  # a role that stands for itself says nothing
    facts = [
        (_("Candidate"), named and joined(candidate["name"], candidate["pronouns"])),
        (_("Team"), candidate["team"]),
        (_("Track"), candidate["track"]["title"]),
        (
            _("%(level)s since") % {"level": candidate["level"]["title"]},
            tenure(candidate),
        ),
        (_("Manager"), named and candidate["manager"]),
        (_("Sponsor"), named and case["sponsor"]),
        (_("Presenter"), named and case.get("presenter", "")),
        (_("Cycle"), case["cycle"]),
        (_("Wanted from"), written(case["wanted_from"])),
        (_("Ladder"), _("%(framework)s, edition %(number)s") % edition),
        (_("Frozen on"), date_format(moment_of(packet["frozen_at"]), DAY)),
    ]
    return [fact for fact in facts if fact[1]]


def _matrix(rows):
    initials = initials_of(rows)
    return [_matrix_row(row, [initials[name] for name in row["by"]]) for row in rows]


def _matrix_row(row, by):
    held = ngettext("Met, %(times)d review", "Met, %(times)d reviews", row["sustained"])
    labels = {
        "met": held % {"times": row["sustained"]} if row["sustained"] else _("Met"),
        "below": _("Below the bar"),
        "not observed": _("Not observed"),
        "not assessed": _("Not assessed"),
    }
    pieces = ngettext("%(pieces)d in %(months)d month", "%(pieces)d in %(months)d months", row["months"])
    return row | {
        "mark": row["readiness"].replace(" ", "-"),
        "readiness_label": labels.get(row["readiness"], row["readiness"]),
        "by": by,
        "gap": signed_number(row["gap"]),
        "pieces": pieces % {"pieces": row["evidence"], "months": row["months"]}
        if row["evidence"]
        else _("None"),
    }


def _trajectory(trajectory):
    """Return the last cycles, as many as a page is wide."""
    return trajectory and {
        "cycles": [
            cycle | {"closed_on": day_of(cycle["closed_on"])} for cycle in trajectory["cycles"][-CYCLES:]
        ],
        "rows": [row | {"values": row["values"][-CYCLES:]} for row in trajectory["rows"]],
        "anew": trajectory.get("anew", False),
    }


def _index(matrix, evidence):
    """Per competency of the matrix, the evidence that speaks of it."""
    refs: dict[str, list[str]] = {row["title"]: [] for row in matrix}
    for piece in evidence:
        for title in piece["competencies"]:
            refs.setdefault(title, []).append(piece["ref"])
    return [{"title": row["title"], "months": row["months"], "refs": refs[row["title"]]} for row in matrix]


def _provenance(snapshot):
    """Return where the content comes from: up to format 2 with digests of assessments and their minutes."""
    provenance = snapshot["provenance"]
    sides = ("submitted_self", "submitted_manager")
    read = moment_of if snapshot["format"] < 3 else day_of
    reviews = [review | {side: read(review[side]) for side in sides} for review in provenance["reviews"]]
    text = canonical(snapshot).encode()
    details = {"reviews": reviews, "digest": hashlib.sha256(text).hexdigest(), "size": len(text)}
    return provenance | details | {"with_digests": snapshot["format"] < 3}


def _by_day(snapshot):
    """Return True if the copy tells days alone, as a masked one does: a minute could be compared."""
    return snapshot["format"] > 2 and snapshot["packet"]["variant"] == "masked"


def _radar(snapshot):
    series = _series(snapshot)
    if not series:
        return ""
    rows, cycles = snapshot["trajectory"]["rows"], snapshot["trajectory"]["cycles"]
    title = _(
        "Radar of %(count)d competencies in %(cycle)s: self and manager against the bar. "
        "The table after it holds the same values."
    )
    return radar(
        _labels(snapshot, [row["title"] for row in rows], AXIS),
        series,
        rings=_labels(snapshot, [point["label"] for point in steps_of(snapshot)], RING),
        title=title % {"count": len(rows), "cycle": cycles[-1]["name"]},
        description="; ".join(spoken(row) for row in rows),
    )


def _bars(snapshot):
    """Return the same readings as bars, for those who find lengths easier to compare than a shape."""
    series = _series(snapshot)
    if not series:
        return ""
    rows, cycles = snapshot["trajectory"]["rows"], snapshot["trajectory"]["cycles"]
    title = _("Bars of %(count)d competencies in %(cycle)s: how far self and manager reach, beside the bar.")
    return bars(
        _labels(snapshot, [row["title"] for row in rows], ROW),
        series,
        rings=_labels(snapshot, [point["label"] for point in steps_of(snapshot)], RING),
        title=title % {"count": len(rows), "cycle": cycles[-1]["name"]},
        description="; ".join(spoken(row) for row in rows),
    )


def _labels(snapshot, texts, room):
    """Return the labels of a chart, cut to their room; the table beside it holds them whole."""
    return [fitted(text, *room) for text in texts] if snapshot["format"] >= WRAPPED else texts


def _series(snapshot):
    """Return what the two charts of the trajectory draw; nothing without a review."""
    trajectory = snapshot["trajectory"]
    bar = next((point["value"] for point in steps_of(snapshot) if point["bar"]), None)
    if not trajectory or not trajectory["rows"] or not trajectory["cycles"]:
        return []

    rows, cycles = trajectory["rows"], trajectory["cycles"]
    series = [Series(_("The bar"), [bar] * len(rows), "target")] if bar else []
    if len(cycles) > 1:
        (name,) = _labels(snapshot, [cycles[-2]["name"]], CYCLE)
        earlier = _("Manager, %(cycle)s") % {"cycle": name}
        series.append(Series(earlier, values_of(rows, -2, "manager"), "previous"))
    return [
        *series,
        Series(_("Self"), values_of(rows, -1, "self"), "self"),
        Series(_("Manager"), values_of(rows, -1, "manager"), "manager"),
    ]


def _spread(snapshot):
    months, total = snapshot["months"], len(snapshot["evidence"])
    words = ngettext("%(total)d piece of evidence", "%(total)d pieces of evidence", total) % {"total": total}
    over = ngettext("over %(months)d month", "over %(months)d months", len(months)) % {"months": len(months)}
    counts = "; ".join(f"{row['month']}: {row['count']}" for row in months)
    return spread(months, title=f"{words} {over}. {counts}", description=counts)
