"""Snapshots of format 4 prepared for their templates: a packet that leads with the person."""

import hashlib
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competencies.trail.models import canonical
from ladder.charts import Series, radar, spread, strip

from .fitting import Cover, fitted, is_long, shortened
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

CYCLES = 3
TOP, FOOT = 76, 62  # letters that fit above a page, and below it beside its number
COVER = Cover(title_lines=5, fact_rows=15, content_rows=17, title=25, fact=38, content=31)
CHART = 12.5  # the size of letters in a chart that comes out at nine points on paper
AXIS, RING, CYCLE, AREA = (22, 3), (14, 1), (28, 1), 2  # letters in a line of a chart, and its lines
FORM = ("committee", "masked")  # copies that a committee writes its decision on

VARIANTS = {
    "committee": gettext_lazy("Committee copy"),
    "candidate": gettext_lazy("Candidate’s copy"),
    "masked": gettext_lazy("Anonymised copy"),
    "archive": gettext_lazy("Archive copy"),
}
CONFIDENTIALITY = {
    "committee": gettext_lazy("Confidential. For the members of the promotion committee; do not pass it on."),
    "candidate": gettext_lazy("Confidential. Your own copy: you may show it to anyone you choose."),
    "masked": gettext_lazy(
        "Confidential. For the members of the promotion committee, who judge the work without knowing whose "
        "it is; do not pass it on."
    ),
    "archive": gettext_lazy("Confidential. For the personnel file."),
}
STATEMENTS = {
    "sponsor": gettext_lazy("Sponsor’s statement"),
    "manager": gettext_lazy("Manager’s statement"),
    "presenter": gettext_lazy("Presenter’s statement"),
}


class Section(NamedTuple):
    """A part of the packet: its anchor, its heading, and the template that shows it."""

    key: str
    title: str
    part: str = ""

    @property
    def template(self):
        return f"pdf/v4/_{self.part or self.key}.html"


def context_of(snapshot):
    """Return what the templates of this format need."""
    packet = snapshot["packet"]
    sections, facts = _sections(snapshot), _facts(snapshot)
    return {
        **snapshot,
        "running": shortened(f"{snapshot['candidate']['name']}, {_step(snapshot)}", TOP),
        "foot": shortened(
            "{}. {}. {}".format(packet["number"], snapshot["organisation"]["name"], _("Confidential")), FOOT
        ),
        "long_cover": _is_long(snapshot, facts, sections),
        "packet": packet
        | {"frozen_at": moment_of(packet["frozen_at"]), "by_day": packet["variant"] == "masked"},
        "variant": VARIANTS.get(packet["variant"], packet["variant"]),
        "confidentiality": CONFIDENTIALITY.get(packet["variant"], CONFIDENTIALITY["committee"]),
        "sections": sections,
        "edition": snapshot["edition"] | {"published_on": day_of(snapshot["edition"]["published_on"])},
        "target": next((point["label"] for point in steps_of(snapshot) if point["bar"]), ""),
        "outcome": _outcome(snapshot),
        "facts": facts,
        "counts": _counts(snapshot["matrix"]),
        "supporters": _supporters(snapshot),
        "asked": _asked(snapshot),
        "bar": by_area([_unbroken(with_places(row)) for row in snapshot["bar"]]),
        "cited": documents_cited(snapshot["bar"]),
        "inferred": any(behaviour["inferred"] for row in snapshot["bar"] for behaviour in row["behaviours"]),
        "matrix": by_area(_matrix(snapshot)),
        "own_page": bool(snapshot["summary"]["ask"] and snapshot["summary"]["claims"]),
        "initials": initials_of(snapshot["matrix"]),
        "attention": lacking(snapshot["matrix"]),
        "trajectory": _trajectory(snapshot["trajectory"]),
        "evidence": [row | {"on": day_of(row["on"]), **link_to(row["link"])} for row in snapshot["evidence"]],
        "statements": [
            signed(row, "on") | {"title": STATEMENTS.get(row["kind"], row["kind"])}
            for row in snapshot["statements"]
        ],
        "endorsements": [signed(row, "on") for row in snapshot["endorsements"]],
        "outside": sum(row["outside"] for row in snapshot["endorsements"]),
        "decision": decided(snapshot["decision"], _answered),
        "blank": packet["variant"] in FORM,
        "appeal": _appeal(snapshot["appeal"]),
        "provenance": _provenance(snapshot),
        "redacted": [moment_of(text) for text in snapshot.get("redacted", [])],
        "charts": {
            "strip": _strip(snapshot),
            "radar": _radar(snapshot),
            "spread": _spread(snapshot),
            "code": code_picture(packet["verify"]),
        },
    }


def _sections(snapshot):
    """Return the parts that the case has, in the order of reading, and the annexes under their letters."""
    level, kinds = snapshot["case"]["to"]["title"], {row["kind"] for row in snapshot["statements"]}
    parts = [
        (True, Section("summary", _("Summary"))),
        (snapshot["matrix"], Section("matrix", _("Competency matrix"))),
        (snapshot["stories"], Section("stories", _("Impact stories"))),
        (snapshot["scope"], Section("scope", _("Scope and influence"), "prose")),
        (snapshot["endorsements"], Section("endorsements", _("Endorsements"))),
        (True, Section("gaps", _("Gaps and risks"))),
        (snapshot["need"], Section("need", _("Business case"), "prose")),
        *((kind in kinds, Section(kind, str(title), "statement")) for kind, title in STATEMENTS.items()),
        ((snapshot["trajectory"] or {}).get("cycles"), Section("trajectory", _("Trajectory"))),
        (True, Section("decision", _("Decision sheet"))),
    ]
    annexes = [
        (snapshot["bar"], Section("bar", _("Expectations at %(level)s") % {"level": level})),
        (snapshot["evidence"], Section("evidence", _("Evidence index"))),
        (True, Section("provenance", _("Provenance and verification"))),
    ]
    lettered = zip("ABC", [section for there, section in annexes if there], strict=False)
    return [section for there, section in parts if there] + [
        section._replace(title=_("Annex %(letter)s. %(title)s") % {"letter": letter, "title": section.title})
        for letter, section in lettered
    ]


def _step(snapshot):
    return f"{snapshot['case']['from']['title']} → {snapshot['case']['to']['title']}"


def _is_long(snapshot, facts, sections):
    """Return True if the cover holds more than the one page that it is laid out for."""
    title = [snapshot["organisation"]["name"], snapshot["candidate"]["name"], _step(snapshot)]
    return is_long(
        title,
        [value for _label, value in facts],
        foot=snapshot["packet"]["number"],
        contents=[section.title for section in sections],
        cover=COVER,
    )


def _is_named(snapshot):
    """Return True if the copy names people: a role that stands for itself says nothing."""
    return snapshot["packet"]["variant"] != "masked"


def _facts(snapshot):
    candidate, case, packet = snapshot["candidate"], snapshot["case"], snapshot["packet"]
    facts = [
        (_("Pronouns"), candidate["pronouns"]),
        (_("Team"), candidate["team"]),
        (_("Track"), candidate["track"]["title"]),
        (_("In level since"), tenure(candidate)),
        *(_heads(snapshot) if _is_named(snapshot) else []),
        (_("Cycle"), case["cycle"]),
        (_("Requested from"), written(case["wanted_from"])),
        (_("Framework"), _("%(framework)s, edition %(number)s") % snapshot["edition"]),
        (_("Finalised on"), date_format(moment_of(packet["frozen_at"]), DAY)),
        (_("Packet"), packet["number"]),
    ]
    return [fact for fact in facts if fact[1]]


def _heads(snapshot):
    """Return who manages, sponsors and presents, somebody who does both once."""
    manager, sponsor = snapshot["candidate"]["manager"], snapshot["case"]["sponsor"]
    presenter = snapshot["case"].get("presenter", "")
    if manager == sponsor:
        return [(_("Manager and sponsor"), manager), (_("Presenter"), presenter)]
    return [(_("Manager"), manager), (_("Sponsor"), sponsor), (_("Presenter"), presenter)]


def _outcome(snapshot):
    """Return the last answer to the case and its day, where the copy knows one."""
    appeal = snapshot["appeal"] or {}
    sheet = appeal.get("decision") or snapshot["decision"]
    if not sheet:
        return None
    words = _("Decided on appeal on %(day)s.") if appeal.get("decision") else _("Decided on %(day)s.")
    if appeal and not appeal.get("decision"):
        words = _("Decided on %(day)s, under appeal.")
    return {"title": sheet["outcome"], "on": words % {"day": written(sheet["on"])}}


def _counts(matrix):
    """Return how many competencies stand how against the target level, those that are none left out."""
    labels = {
        "met": _("met"),
        "below": _("below target"),
        "not observed": _("not observed"),
        "not assessed": _("not assessed"),
    }
    found = [row["readiness"] for row in matrix]
    return [(found.count(kind), label) for kind, label in labels.items() if kind in found]


def _supporters(snapshot):
    """Return who speaks for the candidate: their name, and in what capacity."""
    heads = [(role, name) for role, name in _heads(snapshot) if name]
    if not _is_named(snapshot):
        spoken_for = [(role, "") for role, _name in heads]
    else:
        spoken_for = [(name, role[:1].lower() + role[1:]) for role, name in heads]
    endorsers = [
        (row["by"], joined(row.get("level"), row["relation"], row["outside"] and _("outside the team")))
        for row in snapshot["endorsements"]
    ]
    return spoken_for + endorsers


def _asked(snapshot):
    """Return the decision that the committee is asked for, in a sentence of its own."""
    case, values = snapshot["case"], {"track": snapshot["candidate"]["track"]["title"]}
    values |= {"level": case["to"]["title"], "day": written(case["wanted_from"])}
    if case["wanted_from"]:
        return _("Promotion to %(level)s on the %(track)s track, effective from %(day)s.") % values
    return _("Promotion to %(level)s on the %(track)s track.") % values


def _matrix(snapshot):
    initials, level = initials_of(snapshot["matrix"]), snapshot["case"]["to"]["title"]
    refs: dict[str, list[str]] = {}
    for piece in snapshot["evidence"]:
        for title in piece["competencies"]:
            refs.setdefault(title, []).append(piece["ref"])
    return [
        row
        | {
            "mark": row["readiness"].replace(" ", "-"),
            "readiness_label": _readiness(row, level),
            "by": [initials[name] for name in row["by"] if len(initials) > 1],
            "gap": signed_number(row["gap"]),
            "refs": refs.get(row["title"], []),
        }
        for row in snapshot["matrix"]
    ]


def _unbroken(row):
    """Return an expectation whose citations keep the number of a document and that of a sentence together."""
    behaviours = [one | {"cited": one["cited"].replace(" s", "\u00a0s")} for one in row["behaviours"]]
    return row | {"behaviours": behaviours}


def _readiness(row, level):
    """Return where a competency stands against the target level, in words."""
    if row["readiness"] == "met" and row["sustained"]:
        held = ngettext("Met, %(times)d review", "Met, %(times)d reviews", row["sustained"])
        return held % {"times": row["sustained"]}
    if row["readiness"] == "not assessed" and row["yardstick"] not in ("", level):
        return _("Assessed at %(level)s") % {"level": row["yardstick"]}
    return {
        "met": _("Met"),
        "below": _("Below target"),
        "not observed": _("Not observed"),
        "not assessed": _("Not assessed"),
    }.get(row["readiness"], row["readiness"])


def _trajectory(trajectory):
    """Return the last cycles, the ratings of those before the last, and what changed since: the last is
    in the matrix.
    """
    if not trajectory:
        return trajectory
    cycles = [cycle | {"closed_on": day_of(cycle["closed_on"])} for cycle in trajectory["cycles"][-CYCLES:]]
    rows = [row | {"values": row["values"][-CYCLES:]} for row in trajectory["rows"]]
    return {
        "cycles": cycles,
        "earlier": cycles[:-1],
        "rows": [row | {"values": row["values"][:-1], "change": _change(row["values"])} for row in rows],
        "anew": trajectory.get("anew", False),
    }


def _change(values):
    """Return by how many steps the manager’s rating moved from the review before to the last one."""
    last = [value["manager"] and value["manager"]["value"] for value in values[-2:]]
    return signed_number(None if len(last) < 2 or None in last else last[1] - last[0])


def _answered(sheet):
    facts = [
        (_("Decided on"), written(sheet["on"])),
        (_("Effective from"), written(sheet["effective_on"])),
        (_("Revisit on"), written(sheet["look_again_on"])),
        (_("Appeal until"), written(sheet["appeal_until"])),
        (_("Quorum"), sheet["quorum"]),
    ]
    return [fact for fact in facts if fact[1]]


def _appeal(part):
    return part and signed(part, "on") | {"decision": decided(part["decision"], _answered)}


def _provenance(snapshot):
    """Return where the content comes from, with the days on which each side was submitted."""
    provenance, sides = snapshot["provenance"], ("submitted_self", "submitted_manager")
    reviews = [review | {side: day_of(review[side]) for side in sides} for review in provenance["reviews"]]
    text = canonical(snapshot).encode()
    return provenance | {
        "reviews": reviews,
        "digest": hashlib.sha256(text).hexdigest(),
        "size": len(text),
    }


def _strip(snapshot):
    """Return the picture of the cover: the manager’s rating of each competency beside the target."""
    rows, steps = snapshot["matrix"], steps_of(snapshot)
    target = next((point for point in steps if point["bar"]), None)
    if target is None:
        return ""
    areas = [(area, [_rated(row) for row in group]) for area, group in by_area(rows)]
    title = _(
        "Strip of %(count)d competencies: the manager’s rating of each beside the target, %(target)s. "
        "The matrix holds the same ratings in words."
    )
    return strip(
        areas,
        steps=max(point["value"] for point in steps),
        target=target["value"],
        title=title % {"count": len(rows), "target": target["label"]},
        description="; ".join(_told(row) for row in rows),
        fit=fitted,
        letters=CHART + 0.7,
    )


def _rated(row):
    """Return the value of the manager’s rating at the target level; nothing where there is none."""
    return row["manager"]["value"] if row["readiness"] in ("met", "below") and row["manager"] else None


def _told(row):
    rating = row["manager"]["label"] if _rated(row) else _("no rating at this level")
    return _("%(competency)s: %(rating)s") % {"competency": row["title"], "rating": rating}


def _radar(snapshot):
    series = _series(snapshot)
    if not series:
        return ""
    rows, cycles = snapshot["trajectory"]["rows"], snapshot["trajectory"]["cycles"]
    title = _(
        "Radar of %(count)d competencies in %(cycle)s: self and manager against the target. "
        "The matrix holds the same ratings in words."
    )
    return radar(
        [fitted(row["title"], *AXIS) for row in rows],
        series,
        rings=[fitted(point["label"], *RING) for point in steps_of(snapshot)],
        title=title % {"count": len(rows), "cycle": cycles[-1]["name"]},
        description="; ".join(spoken(row) for row in rows),
        letters=CHART,
    )


def _series(snapshot):
    """Return what the radar draws: the target, the manager before and now, and the candidate."""
    trajectory = snapshot["trajectory"]
    target = next((point["value"] for point in steps_of(snapshot) if point["bar"]), None)
    if not trajectory or not trajectory["rows"] or not trajectory["cycles"]:
        return []

    rows, cycles = trajectory["rows"], trajectory["cycles"]
    series = [Series(_("Target"), [target] * len(rows), "target")] if target else []
    if len(cycles) > 1:
        earlier = _("Manager, %(cycle)s") % {"cycle": fitted(cycles[-2]["name"], *CYCLE)}
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
    return spread(months, title=f"{words} {over}. {counts}", description=counts, letters=CHART)
