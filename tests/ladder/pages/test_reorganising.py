"""After a change of who stands where, rights differ on the very next request: nothing of before is kept.

Each change is one row: what happens, and which doors of Sam's record stand open to whom before it and
after it. All of them were opened before: the browser is signed in, the form is loaded, the key is
made, the document is typeset.
"""

import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from competencies.core.clock import now, standing_at, today
from competencies.packets.models import Packet
from competencies.people.models import Person, RoleGrant, Token
from competencies.reviews.models import Rating
from ladder.jobs import packet_documents
from ladder.jobs.performing import perform
from tests.scenes import scene as played_once

HTMX = {"HX-Request": "true"}
TOMORROW = timedelta(days=1)

SHUT = set()
RATES = {"rating"}
READS = {"page", "fragment", "session", "key", "document"}
MANAGES = READS | {"form"}
WITHOUT_KEY = MANAGES - {"key"}
OWN = MANAGES - {"document"}  # the packet is the committee's copy
HR = READS | {"role"}


class Visit:
    """Somebody with everything open that can be open: a browser, a form of each kind, and a key."""

    def __init__(self, person, scene):
        self.scene = scene
        self.browser = Client(enforce_csrf_checks=True)
        self.browser.force_login(person)
        self.browser.get(reverse("account"))  # a page with a form, so that there is something to send back
        self.token, key = Token.issue(person, by=person, label="work", scope="write")
        self.program = Client(headers={"Authorization": f"Bearer {key}"})

    def open_doors(self):
        """Return the names of the doors that are open at this request."""
        doors = {name for name in MANAGES | HR if self._is_open(getattr(self, f"_{name}")())}
        return doors | (RATES if self._keeps_a_rating() else SHUT)

    @staticmethod
    def _is_open(response):
        if response.status_code in (401, 404) or response.headers.get("Location", "").startswith("/sign-in"):
            return False
        assert response.status_code in (200, 302, 422), response.status_code
        return True

    def _page(self):
        return self.browser.get(reverse("person", args=[self.scene.sam.pk]))

    def _fragment(self):
        return self.browser.get(reverse("review", args=[self.scene.review.pk]), headers=HTMX)

    def _session(self):
        return self.browser.get(f"/api/v1/people/{self.scene.sam.pk}/")

    def _key(self):
        return self.program.get(f"/api/v1/people/{self.scene.sam.pk}/")

    def _document(self):
        return self.browser.get(reverse("packet_pdf", args=[self.scene.packet.pk]))

    def _form(self):
        return self._send(reverse("evidence_new", args=[self.scene.sam.pk]), title="")

    def _role(self):
        return self._send(reverse("person_roles", args=[self.scene.sam.pk]), role="author")

    def _keeps_a_rating(self):
        """Save an answer from the form; one that is over is refused in words, and keeps nothing."""
        address = reverse("rating", args=[self.scene.assessment.pk, self.scene.competency.pk])
        kept = Rating.objects.filter(assessment=self.scene.assessment)
        version = max(kept.values_list("version", flat=True), default=0)
        self._send(address, version=version, comment=f"After {version}.", headers=HTMX)
        return kept.filter(version=version + 1).exists()

    def _send(self, address, headers=None, **fields):
        token = {"csrfmiddlewaretoken": self.browser.cookies["csrftoken"].value}
        return self.browser.post(address, token | fields, headers=headers)


class Scene:
    """Sam's review and case, with the document of the packet at hand for its readers."""

    def __init__(self, packet, review, folder, **people):
        self.__dict__.update(people)
        self.people, self.packet, self.case, self.review = people, packet, packet.case, review
        self.assessment = review.assessments.get(kind="manager")
        self.competency = self.assessment.competencies()[0]
        body = b"%PDF-1.7 a stand-in"
        sha256 = hashlib.sha256(body).hexdigest()
        folder.mkdir()
        (folder / f"{sha256}.pdf").write_bytes(body)
        self.packet.keep(f"{sha256}.pdf", sha256=sha256, pages=1, size=len(body))
        self.visits = {}

    def visit(self, name):
        if name not in self.visits:
            self.visits[name] = Visit(self.people[name], self)
        return self.visits[name]


@pytest.fixture
def folder(settings, tmp_path):
    settings.PACKET_DIR = tmp_path / "packets"
    return settings.PACKET_DIR


@played_once
def packet(full_case, review, mara, leo):
    full_case.propose(by=mara)
    RoleGrant.objects.create(person=leo, role="hr")  # so that Hana is not the last
    return Packet.freeze(full_case, by=mara)


@pytest.fixture
def scene(folder, packet, review, dora, mara, noor, sam, kit, leo, hana, otto):
    return Scene(
        packet,
        review,
        folder,
        dora=dora,
        mara=mara,
        noor=noor,
        sam=sam,
        kit=kit,
        leo=leo,
        hana=hana,
        otto=otto,
    )


def moved(name, to, *, in_days=0):
    def happen(scene):
        person, manager = scene.people[name], scene.people[to]
        person.report_to(manager, starts_on=today() + timedelta(days=in_days), by=scene.leo)

    return happen


def left(name):
    return lambda scene: scene.people[name].leave(on=today(), by=scene.leo)


def came_back(name):
    def happen(scene):
        left(name)(scene)
        Person.objects.get(pk=scene.people[name].pk).rejoin(by=scene.leo)

    return happen


def granted(name, role):
    return lambda scene: scene.people[name].grant(role, by=scene.leo)


def lost_role(scene):
    scene.hana.grants.get().revoke(by=scene.leo)


def closed(scene):
    scene.review.cycle.close(by=scene.leo)


def revoked(scene):
    scene.visit("mara").token.revoke(by=scene.mara)


def nothing(scene):
    pass


NOW, NEXT_DAY, NEXT_MONTH = timedelta(0), TOMORROW, timedelta(days=31)
# name: what happens, when it is looked at again, and for each person the doors before and after
CHANGES = {
    "a new manager from today": (
        moved("sam", "noor"), NOW,
        {"noor": (SHUT, MANAGES), "mara": (MANAGES | RATES, SHUT), "dora": (READS, READS)},
    ),
    "a new manager from tomorrow, today": (
        moved("sam", "noor", in_days=1), NOW,
        {"noor": (SHUT, SHUT), "mara": (MANAGES | RATES, MANAGES | RATES)},
    ),
    "a new manager from tomorrow, tomorrow": (
        moved("sam", "noor", in_days=1), NEXT_DAY,
        {"noor": (SHUT, MANAGES), "mara": (MANAGES | RATES, SHUT)},
    ),
    "a manager between gives way": (
        moved("sam", "dora"), NOW,
        {"dora": (READS, MANAGES), "mara": (MANAGES | RATES, SHUT)},
    ),
    "another manager further up": (
        moved("mara", "noor"), NOW,
        {"noor": (SHUT, READS), "dora": (READS, READS), "mara": (MANAGES | RATES,) * 2},
    ),
    "nobody further up any more": (
        moved("mara", "otto"), NOW,
        {"dora": (READS, SHUT), "otto": (SHUT, READS), "hana": (HR, HR)},
    ),
    "the person leaves": (
        left("sam"), NOW,
        {"sam": (OWN, SHUT), "mara": (MANAGES | RATES, SHUT), "hana": (HR, HR - {"role"})},
    ),
    "the manager leaves": (
        left("mara"), NOW,
        {"mara": (MANAGES | RATES, SHUT), "dora": (READS, SHUT), "sam": (OWN,) * 2},
    ),
    "the manager comes back": (came_back("mara"), NOW, {"mara": (MANAGES | RATES, SHUT)}),  # to sign in anew
    "HR comes back": (came_back("hana"), NOW, {"hana": (HR, SHUT)}),
    "a role is granted": (granted("kit", "hr"), NOW, {"kit": (SHUT, HR)}),
    "a role of one's own is granted": (
        granted("sam", "hr"), NOW,
        {"sam": (OWN, OWN)},  # not the role door, which is of oneself
    ),
    "a role is taken back": (lost_role, NOW, {"hana": (HR, SHUT)}),
    "a token is revoked": (
        revoked, NOW, {"mara": (MANAGES | RATES, WITHOUT_KEY | RATES)},
    ),
    "a token expires": (
        nothing, NEXT_MONTH, {"mara": (MANAGES | RATES, WITHOUT_KEY | RATES)},
    ),
    "the cycle is closed": (
        closed, NOW, {"mara": (MANAGES | RATES, MANAGES), "sam": (OWN,) * 2},
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_rights_differ_on_the_next_request(scene, change):
    happen, later, people = CHANGES[change]
    before = {name: scene.visit(name).open_doors() for name in people}
    assert before == {name: doors for name, (doors, _after) in people.items()}

    happen(scene)

    with standing_at(now() + later):
        after = {name: scene.visit(name).open_doors() for name in people}
    assert after == {name: doors for name, (_before, doors) in people.items()}


ORDERS = {
    "the sponsor has another report": ("mara", moved("sam", "noor")),
    "the sponsor leaves": ("mara", left("mara")),
    "somebody further up loses the line": ("dora", moved("mara", "otto")),
    "HR loses the role": ("hana", lost_role),
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", ORDERS)
def test_a_document_on_its_way_does_not_come_to_whoever_lost_it(scene, monkeypatch, folder, change):
    name, happen = ORDERS[change]
    packet = Packet.freeze(scene.case, by=scene.hana)
    packet.order(by=scene.people[name])

    def typeset(snapshot, *, to):
        raise AssertionError("it should not have come so far")

    monkeypatch.setattr(packet_documents, "typeset", typeset)
    happen(scene)
    perform.call(packet.orders.get().job_id)

    assert Packet.objects.get(pk=packet.pk).state == "failed"
    assert len(list(folder.iterdir())) == 1  # the one that was there before


@pytest.mark.django_db
def test_a_role_does_not_reach_ones_own_record(scene):
    """HR of oneself: what somebody may do to others as HR, they may not do to themselves."""
    scene.people["sam"].grant("hr", by=scene.leo)

    for action in ("place_person", "grant_role", "release_person", "readmit_person", "read_plans"):
        assert not scene.sam.has_perm(f"people.{action}", scene.sam), action
    assert not scene.sam.has_perm("promotions.convene_hearing", scene.case)
    assert not scene.sam.has_perm("promotions.read_rationale", scene.case)
