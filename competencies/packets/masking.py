"""A snapshot without that by which its people could be known: names, addresses, pronouns, team, links.

Names are found however they are written: in another case, without accents, with an ending, split by a
line break, a soft hyphen or Markdown, joined to a handle. What nobody told the product, such as a
nickname or a project that one person alone could have done, is not found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from .pronouns import without_pronouns

PROSE = {
    *("summary", "stories", "scope", "gaps", "need", "statements", "endorsements", "evidence"),
    *("decision", "appeal"),
}
LEFT_ALONE = {"format", "organisation", "packet", "edition", "bar", "months"}
KEYS = {"key", "ref", "on", "level_since", "edition_digest"}
SIDES = ("self", "manager")
SHORTEST_NUMBER = 5  # "12" is somebody's staff number and everybody's twelve
SHORTEST_WHOLE = 6  # letters of a name that, run together, are nothing but the name
PARTICLES = {"van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "la", "le", "el"} | {
    *("al", "bin", "ibn", "ben", "af", "av", "zu", "ter", "ten", "st", "jr", "sr", "van't"),
}
# Names that are words too: these are names only where they begin with a capital letter.
SPOKEN = """
    ace amber angel april archer art august autumn baker banks barber basil bell berry bill black blue bond
    booker bowman brand bridge bright brook brooks brown bush butler carol carter cash chance chandler chase
    christian church clay cliff cole cook cooper cross crystal daisy dale dawn day dean dell dick dove drew
    earl east edge fall farmer faith field fields fisher flint flower ford forest foster fox frank garden
    gardener gene gilbert glass glen gold grace grant gray green grey grove guy hall harmony harper hart
    hazel heath hill holly hope house hunt hunter iris ivy jack jade jasmine jay jean jewel john josh joy
    july june justice king knight lake lamb lane law lee leaf lily link long love luck major marina mark
    marks marsh marshall mason max may melody mercy miles mill miller moon moss nick noble north oak olive
    page parish park parker parson patience pat paul pearl penny pepper pierce piper pope porter potter
    powers price prince queen rain ray read reed reef rich river rob robin rock rod root rose ross ruby
    rusty sage sally salmon sand sandy sawyer scout sharp shepherd short silver singer skip skipper sky
    smith snow south speaker star stark steel sterling stone storm stream street summer sue swan swift
    tailor tanner taylor temple terry thorn tiger trip tucker turner van vale victor viola violet wade
    walker wall ward waters weaver webb weeks west wheeler white will wing winter wise wolf wood woods
    wright young art al an do so no in on at or to we us it is be by my he me if of up go as am bo
"""
WORDS = frozenset(SPOKEN.split())
SPELT = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"}
)
SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "ð": "th"})
MARKS = re.compile(r"[*`~_]+")
HUMP = "\0"  # stands where a word begins inside a handle: fixByLucja
GLUE = rf"(?:[*`~_\\{HUMP}]|[-\u2010]?\s*[\n\r]\s*)*"
BETWEEN = rf"(?:[\s.,_*`~\\'’+\-{HUMP}]|%20|&nbsp;)*"
NOT_INSIDE, NOT_BEFORE = r"(?<![^\W\d_])", r"(?![^\W\d_])"
AFTER_A_PREFIX = r"(?:(?<![^\W\d_])|(?<=(?<![^\W\d_])[وبلفك]))"  # which Arabic writes together with the name
VOWELS = "aeoyησςαяеийь"
ENDING = r"(?:a|e|i|u|y|em|om|ie|ej|ei|owi|ow|owie|owa|ova|ego|emu|im|iem|ami|ach|in|ar|en|n|nin)"
DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u1100-\u11ff\U00020000-\U0003ffff]")
INVISIBLE = re.compile("[\u00ad\u200b\u2060-\u2064\ufeff\u180e]|(?<=[A-Za-z])[\u200c\u200d](?=[A-Za-z])")
LINKS = [
    (re.compile(r"(?m)^\s{0,3}\[[^\]\n]+\]:\s*\S.*$"), lambda _found: ""),
    (re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?:[^()\s]|\([^()]*\)|\s)*\)"), lambda found: found[1]),
    (re.compile(r"<?\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.|mailto:|data:)[^\s<>|]+>?", re.I), None),
]
MAILS = re.compile(r"[\w.+%-]+\s*(?:@|\(at\)|\[at\]|%40)\s*[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
FILES = re.compile(
    r"[\w.+%/\\-]*[\w)]\.(?:pdf|docx?|odt|rtf|xlsx?|ods|csv|pptx?|odp|key|pages|txt|md|png|jpe?g|gif|svg|webp"
    r"|heic|mp4|mov|zip|tar|gz|7z|eml|msg|vcf|ics)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Alias:
    """Somebody of the packet: the role that stands in their place, and by what they are known."""

    role: str
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    @property
    def instead(self) -> str:
        return ROLES[self.role]() if self.role in ROLES else self.role

    def joined(self, other: Alias) -> Alias:
        """Return this with what is known of them elsewhere."""
        return replace(
            self,
            names=_each_once(self.names + other.names),
            emails=_each_once(self.emails + other.emails),
            numbers=_each_once(self.numbers + other.numbers),
        )


def _each_once(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, dict.fromkeys(texts)))


ROLES = {
    "candidate": lambda: _("the candidate"),
    "manager": lambda: _("the manager"),
    "sponsor": lambda: _("the sponsor"),
    "presenter": lambda: _("the presenter"),
    "hr": lambda: _("HR"),
    "colleague": lambda: _("a colleague"),
}


def masked(content: dict[str, Any], *, known: Sequence[Alias] = ()) -> dict[str, Any]:
    """Return the content of a packet with roles in the place of people.

    `known`: an `Alias` for each person of whom more is known than the content says, such as an address.
    The same content gives the same result. What is masked cannot be masked again: its roles are no names.
    """
    if content["packet"]["variant"] == "masked":
        raise ValueError("masked already")
    aliases = _people(content, known)
    own = {row[name] for row in content["matrix"] for name in ("title", "area")}
    mask = Mask(aliases, pronouns=content["packet"]["language"].startswith("en"), own=own)
    nameless = {
        name: value if name in LEFT_ALONE else mask.out_of_all(value, prose=name in PROSE)
        for name, value in content.items()
    }
    nameless |= _without_people(nameless, content, {name: alias for alias in aliases for name in alias.names})
    return without_instants(nameless)


def without_instants(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a masked copy with days in the place of instants, and no digest of what was
    handed in: both can be compared with what else a reader knows.
    """
    packet, provenance = content["packet"], content["provenance"]
    reviews = [
        {"cycle": review["cycle"]}
        | {f"submitted_{side}": (review[f"submitted_{side}"] or "")[:10] or None for side in SIDES}
        for review in provenance["reviews"]
    ]
    return content | {
        "packet": packet | {"frozen_at": f"{packet['frozen_at'][:10]}T00:00:00Z"},
        "provenance": provenance | {"reviews": reviews},
    }


def _people(content: Mapping[str, Any], known: Sequence[Alias]) -> list[Alias]:
    """Everybody whom the content names, each once, under the first of their roles."""
    people: dict[str, Alias] = {}
    for role, name in _roles(content):
        if name:
            people.setdefault(name, Alias(role, names=(name,)))
    for alias in known:
        here = [name for name in alias.names if name in people]
        for name in here or alias.names[:1]:
            people[name] = people.get(name, alias).joined(alias)
    candidate = content["candidate"]
    if candidate["team"]:
        people[candidate["name"]] = replace(people[candidate["name"]], teams=(candidate["team"],))
    return list(people.values())


def _roles(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of a role and the name that has it."""
    yield "candidate", content["candidate"]["name"]
    yield "manager", content["candidate"]["manager"]
    yield "sponsor", content["case"]["sponsor"]
    yield "presenter", content["case"].get("presenter", "")
    yield from ((row["kind"], row["by"]) for row in content["statements"])
    for place, row in enumerate(content["endorsements"], start=1):
        yield _("Endorser %(place)d") % {"place": place}, row["by"]
    for place, name in enumerate(_sat(content), start=1):
        yield _("Member %(place)d") % {"place": place}, name
    yield from (("colleague", name) for row in content["matrix"] for name in row["by"])
    yield from (("colleague", piece["recorded_by"]) for piece in content["evidence"])
    yield "hr", content["packet"]["frozen_by"]


def _sat(content: Mapping[str, Any]) -> list[str]:
    """Everybody who sat on a committee, each once."""
    sheets = [content.get("decision"), (content.get("appeal") or {}).get("decision")]
    names = []
    for sheet in filter(None, sheets):
        names += [sheet["by"], *sheet["members"], *(row["member"] for row in sheet["recusals"])]
        names += [row["member"] for ballots in sheet["rounds"] for row in ballots]
    return list(dict.fromkeys(filter(None, names)))


def _without_people(
    nameless: Mapping[str, Any], content: Mapping[str, Any], people: Mapping[str, Alias]
) -> dict[str, Any]:
    """Return the parts in which a field is somebody, with their role in it."""

    def role(name: str) -> str:
        known = people.get(name)
        return _capital(known.instead) if known else name

    def sheet(part: dict[str, Any] | None, source: Mapping[str, Any] | None) -> dict[str, Any] | None:
        if not part or not source:
            return part
        return part | {
            "by": role(source["by"]),
            "members": [role(name) for name in source["members"]],
            "recusals": _each(part["recusals"], source["recusals"], role, "member"),
            "rounds": [
                _each(*ballots, role, "member")
                for ballots in zip(part["rounds"], source["rounds"], strict=True)
            ],
        }

    appeal = nameless.get("appeal")
    return {
        "packet": content["packet"]
        | {"variant": "masked", "frozen_by": role(content["packet"]["frozen_by"])},
        "candidate": nameless["candidate"]
        | {
            "name": role(content["candidate"]["name"]),
            "pronouns": "",
            "team": "",
            "manager": role(content["candidate"]["manager"]),
        },
        "case": nameless["case"]
        | {name: role(content["case"][name]) for name in ("sponsor", "presenter") if name in content["case"]},
        "statements": _each(nameless["statements"], content["statements"], role, "by"),
        "endorsements": [
            row | ({"level": ""} if "level" in row else {})
            for row in _each(nameless["endorsements"], content["endorsements"], role, "by")
        ],
        "matrix": [
            row | {"by": [role(name) for name in source["by"]]}
            for row, source in zip(nameless["matrix"], content["matrix"], strict=True)
        ],
        "evidence": [
            piece | {"link": "", "recorded_by": role(source["recorded_by"])}
            for piece, source in zip(nameless["evidence"], content["evidence"], strict=True)
        ],
        "decision": sheet(nameless["decision"], content["decision"]),
        "appeal": appeal and appeal | {"decision": sheet(appeal["decision"], content["appeal"]["decision"])},
    }


def _each(
    rows: Sequence[dict[str, Any]],
    sources: Sequence[Mapping[str, Any]],
    role: Callable[[str], str],
    field: str,
) -> list[dict[str, Any]]:
    return [row | {field: role(source[field])} for row, source in zip(rows, sources, strict=True)]


class Mask:
    """Finds people in texts and puts their roles there. `own`: names of the ladder, which name nobody."""

    def __init__(
        self, aliases: Sequence[Alias], *, pronouns: bool = True, own: Collection[str] = frozenset()
    ) -> None:
        self.aliases, self.pronouns, self.own = aliases, pronouns, own

    def out_of_all(self, value: Any, *, prose: bool) -> Any:
        """Return plain JSON values without the people; what are keys, dates and digests stays."""
        if isinstance(value, str):
            return value if value in self.own else self.out_of(value, prose=prose)
        if isinstance(value, list):
            return [self.out_of_all(part, prose=prose) for part in value]
        if isinstance(value, dict):
            return {
                key: part if key in KEYS else self.out_of_all(part, prose=prose)
                for key, part in value.items()
            }
        return value

    def out_of(self, text: str, *, prose: bool = True) -> str:
        """Return `text` without the people. In `prose`, pronouns that tell men from women go too."""
        text = _without_links(INVISIBLE.sub("", text))
        text = self._without_names(text)
        if self._runs_together(text):
            return _("[Withheld: it names somebody.]")
        return without_pronouns(text) if prose and self.pronouns else text

    def _without_names(self, text: str) -> str:
        skeleton, places = _skeleton(text)
        written, end = "", 0
        for found in self._pattern.finditer(skeleton):
            start, stop = places[found.start()], places[found.end()]
            instead, way = self._ways[found.lastgroup or ""]
            if start < end or not way.is_a_name(text[start], _joined(found[0])):
                continue
            written += text[end:start]
            if MARKS.search(text[start:stop]):  # marks that began or ended within the name go with it
                written, stop = written.rstrip("*`~_"), _past_marks(text, stop)
            written += (_capital(instead) if _begins(written) else instead) + way.possessive(
                _joined(found[0])
            )
            end = stop
        return _once(written + text[end:], [alias.instead for alias in self.aliases])

    @cached_property
    def _ways(self) -> dict[str, tuple[str, Way]]:
        """Return what replaces each way to write somebody, by the name of its group in the pattern."""
        ways = [(alias.instead, way) for alias in self.aliases for way in _ways_of(alias)]
        ways += [(_("the candidate’s team"), Way("whole", _parts(team))) for team in self._teams]
        return {f"w{place}": way for place, way in enumerate(ways)}

    @property
    def _teams(self) -> list[str]:
        return [team for alias in self.aliases for team in alias.teams]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Return one pattern for all, longer ways to write a name before shorter ones."""
        ways = sorted(self._ways.items(), key=lambda item: -item[1][1].length)
        firsts = "".join(sorted({re.escape(way.words[0][0]) for _instead, way in self._ways.values()}))
        each = "|".join(f"(?P<{group}>{way.pattern})" for group, (_instead, way) in ways)
        return re.compile(f"(?=[{firsts}])(?:{each})" if each else "(?!)")

    def _runs_together(self, text: str) -> bool:
        """Return True if a whole name stands in the text in a way that no pattern foresaw."""
        letters = "".join(letter for letter in _skeleton(text)[0] if letter.isalpha())
        wholes = ("".join(_letters(name).split()) for alias in self.aliases for name in alias.names)
        return any(len(whole) >= SHORTEST_WHOLE and whole in letters for whole in wholes if " " not in whole)


def _without_links(text: str) -> str:
    for pattern, kept in LINKS:
        text = pattern.sub(kept or (lambda _found: _("[link]")), text)
    text = MAILS.sub(lambda _found: _("[address]"), text)
    return FILES.sub(lambda _found: _("[file]"), text)


def _skeleton(text: str) -> tuple[str, list[int]]:
    """Return the text as plain small letters, and for each of them the place where it comes from."""
    letters, places, small = [], [], False
    for place, character in enumerate(text):
        if small and character.isupper():
            letters.append(HUMP)
            places.append(place)
        small = character.islower()
        for part in unicodedata.normalize("NFKD", character.casefold().translate(SPELT)):
            if unicodedata.category(part) not in ("Mn", "Cf"):
                letters.append(part)
                places.append(place)
    return "".join(letters), [*places, len(text)]


def _letters(name: str, *, out: bool = False) -> str:
    small = unicodedata.normalize("NFC", name).casefold()
    spelt = small.translate(SPELT_OUT) if out else small
    return _skeleton(re.sub(r"[-‐–'’.,]", " ", spelt))[0]


@dataclass(frozen=True)
class Way:
    """One way to write somebody: some words `whole`, a `part` of a name, or `dense`, without gaps."""

    kind: str
    words: tuple[str, ...]

    @property
    def length(self) -> int:
        return sum(len(word) + 1 for word in self.words)

    @property
    def pattern(self) -> str:
        spelt = [GLUE.join(map(re.escape, word)) for word in self.words]
        if self.kind == "dense":
            return spelt[0]
        if self.kind == "whole":
            return rf"{NOT_INSIDE}{BETWEEN.join(spelt)}s?{NOT_BEFORE}"
        latin = self.words[0].isascii()
        return rf"{NOT_INSIDE if latin else AFTER_A_PREFIX}(?:{spelt[0]}s?|{self._inflected}){NOT_BEFORE}"

    @property
    def _inflected(self) -> str:
        """Return the name with another ending, which in many languages takes the place of its last letter."""
        word = self.words[0]
        short = len(word) > 4 and re.search(rf"(?:ur|[{VOWELS}])$", word)
        stem = word[: short.start()] if short else word
        ending = ENDING if word.isascii() else rf"[^\W\d_]{{{0 if short else 1},3}}"
        return rf"{GLUE.join(map(re.escape, stem))}{GLUE}{ending}" if len(stem) > 3 else "(?!)"

    def is_a_name(self, first: str, joined: str) -> bool:
        """Return True if what begins with the letter `first` is the name, not a word that looks like it."""
        if not first.islower() or self.kind == "dense":
            return True
        name = "".join(self.words)
        return joined in (name, name + "s") and len(name) > 2 and name not in WORDS

    def possessive(self, joined: str) -> str:
        """Return the ending of somebody whose name took an s without an apostrophe."""
        return "’s" if joined == "".join(self.words) + "s" else ""


def _ways_of(alias: Alias) -> Iterator[Way]:
    for email in alias.emails:
        yield Way("whole", _parts(email.partition("@")[0]))
    for number in alias.numbers:
        if len(number) >= SHORTEST_NUMBER:
            yield Way("whole", _parts(number))
    for name in alias.names:
        yield from (Way("whole", parts) for parts in map(_parts, name.split()) if len(parts) > 1)
        for words in dict.fromkeys((_parts(name), _parts(name, out=True))):
            yield from (Way(*way) for way in _ways_to_write(words))


def _parts(name: str, *, out: bool = False) -> tuple[str, ...]:
    return tuple(_letters(name, out=out).split())


def _ways_to_write(words: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    first, last = words[0], words[-1]
    if any(DENSE.search(word) for word in words):  # the whole name, and the given one, which is most of it
        whole = "".join(words)
        return [("dense", (whole,)), *([("dense", (whole[1:],))] if len(whole) > 2 else [])]
    ways: list[tuple[str, tuple[str, ...]]] = [
        ("part", (word,)) for word in words if len(word) > 1 and word not in PARTICLES
    ]
    if len(words) > 1:
        ways += [
            ("whole", pair) for pair in ((first, last), (last, first), (first[0], last), (last, first[0]))
        ]
        ways += [("whole", (first, last[0])), ("whole", words), ("whole", (*words[1:], first))]
    return ways or [("whole", words)]


def _past_marks(text: str, place: int) -> int:
    found = MARKS.match(text, place)
    return found.end() if found else place


def _joined(found: str) -> str:
    """Return what was found as letters alone."""
    return re.sub(r"[\W_]", "", found)


def _begins(before: str) -> bool:
    """Return True if a sentence begins after this."""
    text = before.rstrip(" \t*_`~>#-\"'“‘(")
    return not text or text[-1] in ".!?\n" or before.endswith("\n")


def _once(text: str, roles: Sequence[str]) -> str:
    """Return the text with one role where a name of several words gave it several times in a row."""
    for role in dict.fromkeys(roles):
        again = rf"(?:[\s._*`~-]{{1,3}}(?:[^\W\d_]\.?[\s.]{{1,2}})?{re.escape(role)})+(?![^\W_])"
        text = re.sub(rf"(?i)({re.escape(role)}){again}", r"\1", text)
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
