"""What is read of a snapshot in the same way whatever its format: days, names, citations, marks."""

from datetime import UTC, date, datetime
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ladder.charts import code

DAY = "j F Y"


class Unreadable(ValueError):
    """The snapshot is of a format that this printer does not know."""


def tally(ballots):
    """Return how often each vote was cast in a round: "Promote 2, Not yet 1"."""
    votes = [row["vote"] for row in ballots]
    return ", ".join(f"{vote} {votes.count(vote)}" for vote in dict.fromkeys(votes))


def decided(sheet, facts_of):
    """Return a decision with its ballots laid out by member: who voted how in each round, and why.

    `facts_of` gives its facts in the words of a format.
    """
    if not sheet:
        return None
    voters = dict.fromkeys(
        [*sheet["members"], *(row["member"] for ballots in sheet["rounds"] for row in ballots)]
    )
    rounds = [{row["member"]: row for row in ballots} for ballots in sheet["rounds"]]
    return signed(sheet, "on", "look_again_on", "effective_on", "appeal_until") | {
        "facts": facts_of(sheet),
        "rounds": [
            _("Ballot %(number)d") % {"number": number} for number, _ballots in enumerate(sheet["rounds"], 1)
        ],
        "voters": [{"name": name, "votes": [ballots.get(name) for ballots in rounds]} for name in voters],
        "tallies": [tally(ballots) for ballots in sheet["rounds"]],
    }


def code_picture(address):
    return (
        code(address, title=_("QR code that leads to %(address)s") % {"address": address}) if address else ""
    )


def tenure(candidate):
    months = candidate["months_in_level"]
    if months is None:
        return ""
    lasted = ngettext("%(months)d month", "%(months)d months", months) % {"months": months}
    return joined(written(candidate["level_since"]), lasted)


def joined(*parts):
    return ", ".join(str(part) for part in parts if part)


def day_of(text):
    return date.fromisoformat(text) if text else None


def moment_of(text):
    """Return the instant in UTC and without a zone, so that the server's own zone never shows in a packet."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None) if text else None


def written(text):
    return date_format(day_of(text), DAY) if text else ""


def signed(part, *days):
    return part and part | {name: day_of(part.get(name)) for name in days}


def link_to(link):
    """Return where a reader may go, and how it is written; nothing when it isn't a page on the web."""
    scheme, _colon, rest = link.partition("://")
    return (
        {"link": link, "written_link": rest}
        if scheme in ("http", "https")
        else {"link": "", "written_link": ""}
    )


def by_area(rows):
    """Return the rows under their areas, in the order of the ladder."""
    return [(area, list(group)) for area, group in groupby(rows, key=lambda row: row["area"])]


def with_places(row):
    return row | {
        "behaviours": [
            behaviour | {"cited": places_cited(behaviour["cites"])} for behaviour in row["behaviours"]
        ]
    }


def places_cited(cites):
    """Return where it is said, each document named once: "002 s3, s4; 000 s7"."""
    documents: dict[str, list[str]] = {}
    for cite in cites:
        document, _space, place = cite["ref"].partition(" ")
        documents.setdefault(document, []).append(place)
    return "; ".join(f"{document} {', '.join(places)}" for document, places in documents.items())


def documents_cited(bar):
    """Return the documents that the bar cites, by key: what "000" stands for."""
    cites = (cite for row in bar for behaviour in row["behaviours"] for cite in behaviour["cites"])
    return sorted({(cite["ref"].split()[0], cite["source"]) for cite in cites})


def signed_number(gap):
    if gap is None:
        return "–"
    return f"{gap:+d}".replace("-", "−") if gap else "0"


def initials_of(rows):
    """Return short marks for the people named in the matrix, told apart where two would be alike."""
    marks: dict[str, str] = {}
    for name in dict.fromkeys(name for row in rows for name in row["by"]):
        mark = "".join(part[0].upper() for part in name.split())
        alike = sum(other.rstrip("0123456789") == mark for other in marks.values())
        marks[name] = f"{mark}{alike + 1}" if alike else mark
    return marks


def lacking(matrix):
    """Return the competencies that a reader must not miss, by what they lack."""
    return {
        "below": [row["title"] for row in matrix if row["readiness"] == "below"],
        "unobserved": [row["title"] for row in matrix if row["readiness"] == "not observed"],
        "unassessed": [row["title"] for row in matrix if row["readiness"] == "not assessed"],
    }


def steps_of(snapshot):
    return [point for point in snapshot["edition"]["scale"] if point["value"] is not None]


def values_of(rows, cycle, side):
    return [rating["value"] if (rating := row["values"][cycle][side]) else None for row in rows]


def spoken(row):
    none = _("no rating")
    own, managers = row["values"][-1]["self"], row["values"][-1]["manager"]
    return _("%(competency)s: self %(self)s, manager %(manager)s") % {
        "competency": row["title"],
        "self": own["label"] if own else none,
        "manager": managers["label"] if managers else none,
    }
