"""What the palette finds. Every row comes through the rule of its own page, and no reading is noted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from competencies.core.folding import UNSPACED, fold, words_of
from competencies.evidence.models import Evidence
from competencies.framework.in_force import InForce
from competencies.framework.models import Competency, Level, Track
from competencies.people.models import Organisation, Person
from competencies.people.search import search as search_people
from competencies.promotions.models import Hearing, PromotionCase
from competencies.reviews.models import Assessment, Cycle, Review
from ladder.web.navigation import ways as ways_of

PEOPLE, OTHERS = 5, 6  # shown of a kind
LOOKED_AT = 50  # people who are found before it is asked what each may be found by
LOOKED_THROUGH = 300  # of the newest rows of a kind, by their names


@dataclass(frozen=True)
class Entry:
    """A line of the palette: what it is called, where it leads, and a lighter word on it."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Entries of one kind under their heading, with the name of its icon."""

    heading: str
    icon: str
    entries: list[Entry]


@dataclass
class Asked:
    """Who asks for which words, and the people found by them."""

    reader: Person
    organisation: Organisation
    text: str
    words: list[str] = field(default_factory=list)

    def names(self, *texts: str) -> bool:
        """Return True if every word begins a word of `texts`, however short: one types the beginning."""
        text = fold(" ".join(texts))
        begun = words_of(text)
        return all(
            any(word.startswith(typed) for word in begun) or (UNSPACED.match(typed) and typed in text)
            for typed in self.words
        )

    @cached_property
    def people(self) -> list[Person]:
        """Those whom the reader may see, in full or in the org chart, with what may be done for them.

        Whom they see in the org chart alone is found by what it shows, not by email or number.
        """
        action = "people.read_person" if self.organisation.may_browse else "people.see_in_chart"
        seen = Person.objects.allowing(self.reader, action)
        seen = seen if self.organisation.may_browse else seen.active()
        pks, _more = search_people(seen, self.text, most=LOOKED_AT)
        marked = Person.objects.marking(
            self.reader,
            may_read="people.read_person",
            may_log="evidence.log_evidence",
            may_nominate="promotions.nominate_person",
        )
        rows = {person.pk: person for person in marked.filter(pk__in=pks)}
        found = [rows[pk] for pk in pks if pk in rows]
        return [one for one in found if one.may_read or self.names(one.name, one.team)][:PEOPLE]

    @cached_property
    def of_people(self) -> Q:
        """Rows whose `subject` was found, or asks."""
        return Q(subject__in=[person.pk for person in self.people]) | Q(subject=self.reader)


def ways(asked: Asked) -> Group:
    """Return the pages of the bar and its menu, and those of the reader's own account."""
    nav = ways_of(asked.organisation, reverse("palette"))
    entries = [Entry(way["label"], way["url"]) for way in nav["bar"] + nav["admin"]]
    own = [
        (_("Account and security"), reverse("account")),
        (_("My record"), reverse("record")),
        (_("Access history"), reverse("person_trail", args=[asked.reader.pk])),
        (_("Background work"), reverse("background_work")),
        (_("Role documents"), reverse("sources")),
        (_("Help"), reverse("help")),
    ]
    if not nav["admin"]:
        own.append((_("Org chart"), reverse("chart")))
    return Group(_("Go to"), "arrow-right", entries + [Entry(*page) for page in own])


def commands(asked: Asked) -> Group:
    """Return what the reader can begin."""
    may = asked.organisation
    entries = [
        (True, _("Add evidence"), reverse("evidence_new", args=[asked.reader.pk])),
        (may.may_browse, _("Add person"), reverse("person_new")),
        (may.may_browse, _("Import people"), reverse("import_new")),
        (may.may_browse, _("Invite people"), reverse("invitations")),
        (may.may_run_cycles, _("Prepare a cycle"), reverse("cycle_new")),
        (may.may_govern, _("Promotion policy"), reverse("promotion_policy")),
        (may.may_govern, _("Release decisions"), reverse("releases")),
        (may.may_order_exports, _("Export packets"), reverse("packet_export_new")),
        (may.may_write, _("Import a framework"), reverse("edition_import")),
    ]
    return Group(_("Do"), "plus", [Entry(title, url) for shown, title, url in entries if shown])


def found(asked: Asked) -> list[Group]:
    """Return the groups that have an entry, and last the way to the full search of frameworks."""
    groups = [
        _named(commands(asked), asked),
        _named(ways(asked), asked),
        Group(_("People"), "user-round", list(_people(asked))),
        Group(_("Reviews"), "scale", _some(_reviews(asked))),
        Group(_("Promotions"), "trending-up", _some([*_cases(asked), *_hearings(asked)])),
        Group(_("Cycles"), "calendar", _some(_cycles(asked))),
        Group(_("Evidence"), "bookmark", _some(_evidence(asked))),
        Group(_("Career framework"), "list-tree", [*_some(_framework(asked)), _all_of_it(asked)]),
    ]
    return [group for group in groups if group.entries]


def _named(group: Group, asked: Asked) -> Group:
    return Group(group.heading, group.icon, [entry for entry in group.entries if asked.names(entry.title)])


def _some(entries: Iterable[Entry]) -> list[Entry]:
    return list(entries)[:OTHERS]


def _people(asked: Asked) -> Iterable[Entry]:
    """Return each person found, and after them what the reader may do for them."""
    writable = Assessment.objects.allowing(asked.reader, "reviews.write_assessment")
    writable = writable.filter(review__subject__in=[person.pk for person in asked.people])
    to_write: dict[int, list[Assessment]] = {}
    for assessment in writable.select_related("review__cycle").order_by("review__cycle__self_due_at", "pk"):
        to_write.setdefault(assessment.review.subject_id, []).append(assessment)
    for person in asked.people:
        url = person.get_absolute_url() if person.may_read else reverse("chart_of", args=[person.pk])
        yield Entry(person.name, url, ", ".join(filter(None, (person.title, person.team))))
        called = {"person": person.name}
        for assessment in to_write.get(person.pk, []):
            mine = assessment.kind == Assessment.Kind.SELF
            title = _("Assess yourself") if mine else _("Assess %(person)s") % called
            yield Entry(title, assessment.get_absolute_url(), str(assessment.review.cycle))
        if person.may_log and person != asked.reader:
            url = reverse("evidence_new", args=[person.pk])
            yield Entry(_("Add evidence for %(person)s") % called, url)
        if person.may_nominate:
            url = reverse("case_new", args=[person.pk])
            yield Entry(_("Nominate %(person)s for promotion") % called, url)


def _reviews(asked: Asked) -> Iterable[Entry]:
    rows = Review.objects.allowing(asked.reader, "reviews.read_review").filter(asked.of_people)
    for review in rows.select_related("subject", "cycle").order_by("-pk")[:LOOKED_THROUGH]:
        if asked.names(review.subject.name, str(review.cycle)):
            yield Entry(str(review.subject), review.get_absolute_url(), str(review.cycle))


def _cases(asked: Asked) -> Iterable[Entry]:
    rows = PromotionCase.objects.allowing(asked.reader, "promotions.read_case").filter(asked.of_people)
    for case in rows.select_related("subject", "to_level").order_by("-pk")[:LOOKED_THROUGH]:
        if asked.names(str(case), _("case")):
            yield Entry(str(case), case.get_absolute_url())


def _hearings(asked: Asked) -> Iterable[Entry]:
    """Return what is before the reader's committees, by the title that they may know."""
    if not asked.organisation.may_sit:
        return
    rows = Hearing.objects.with_related().seen_by(asked.reader)
    rows = rows.allowing(asked.reader, "promotions.read_hearing").filter(members__person=asked.reader)
    for hearing in rows.order_by("-pk")[:LOOKED_THROUGH]:
        if asked.names(hearing.title):
            yield Entry(hearing.title, hearing.get_absolute_url(), _("before your committee"))


def _cycles(asked: Asked) -> Iterable[Entry]:
    rows = Cycle.objects.allowing(asked.reader, "reviews.read_cycle")
    for cycle in rows.order_by("-pk")[:LOOKED_THROUGH]:
        if asked.names(cycle.name):
            yield Entry(cycle.name, cycle.get_absolute_url())


def _evidence(asked: Asked) -> Iterable[Entry]:
    """Return evidence of the reader and their reports by its title; that of others is found at the person."""
    rows = Evidence.objects.allowing(asked.reader, "evidence.read_evidence").select_related("person")
    rows = rows.filter(Q(person=asked.reader) | Q(person__in=asked.reader.reports().values("pk")))
    for piece in rows.order_by("-happened_on", "-pk")[:LOOKED_THROUGH]:
        if asked.names(piece.title):
            note = f"{piece.person.name}, {date_format(piece.happened_on)}"
            yield Entry(piece.title, piece.get_absolute_url(), note)


def _framework(asked: Asked) -> Iterable[Entry]:
    """Return the competencies and levels so called, of the reader's own framework or of all."""
    in_force = InForce()
    own = in_force.of(asked.reader.placement_on())
    for edition in [own] if own else in_force.editions:
        for texts, entry in _index(edition.pk, edition.digest, get_language()):
            if asked.names(*texts):
                yield entry


@lru_cache(maxsize=64)
def _index(edition: int, digest: str, language: str) -> list[tuple[tuple[str, ...], Entry]]:
    """Return the entries of a published edition, which never changes, with the texts they are found by."""
    entries: list[tuple[tuple[str, ...], Entry]] = []
    for competency in Competency.objects.filter(edition=edition).select_related("area"):
        entry = Entry(competency.title, competency.get_absolute_url(), competency.area.title)
        entries.append(((competency.title, competency.summary), entry))
    first = Track.objects.filter(edition=edition).order_by("position").first()
    for level in Level.objects.filter(edition=edition):
        title = _("Expectations at %(level)s") % {"level": level.title}
        url = reverse("role", args=[first.pk, level.pk]) if first else reverse("ladder")
        entries.append(((level.title,), Entry(title, url)))
    return entries


def _all_of_it(asked: Asked) -> Entry:
    url = f"{reverse('search')}?{urlencode({'q': asked.text})}"
    return Entry(_("Search the frameworks for “%(words)s”") % {"words": asked.text}, url)
