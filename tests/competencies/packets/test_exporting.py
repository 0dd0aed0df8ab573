"""An export is made item by item, each by one worker at a time, and lost by none."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from competencies.core.clock import now, standing_at
from competencies.core.refusals import Denied, NotNow
from competencies.jobs.models import LEASE, Job, Lost
from competencies.packets.models import Packet
from competencies.packets.models.export import ExportItem, PacketExport, PacketLink, unpaused
from competencies.packets.selection import Choice
from competencies.people.models.reporting_closure import relink
from competencies.promotions.models import PromotionCase, Proposal
from competencies.reviews.models import Cycle
from competencies.trail.models import Entry
from tests.conftest import decide

DOCUMENT = {"sha256": "a" * 64, "pages": 9, "size": 1234}
LATER = LEASE + timedelta(seconds=1)


def made(item):
    """Make an item as a worker does, with a stand-in for the document; return it as it is stored."""
    token = take(item)
    item.find_packet(token)
    item.finish(token, "a.pdf", **DOCUMENT)
    return ExportItem.objects.with_all().select_related("export").get(pk=item.pk)


def take(item, worker="here:1"):
    """Claim an item as a worker does; return the secret of the claim, or None."""
    return item.job.take(worker=worker, among=unpaused(Job.objects.all()))


def state(job):
    return PacketExport.objects.with_state().get(pk=job.pk).state


def actions(prefix):
    entries = Entry.objects.filter(action__startswith=prefix).order_by("sequence")
    return list(entries.values_list("action", flat=True))


class TestOrdering:
    def test_it_holds_an_item_for_each_case_and_lives_for_a_week(self, job, proposed, hana):
        assert [item.case for item in job.items.all()] == [proposed]
        assert (job.by, job.left_out, state(job)) == (hana, 0, "running")
        assert timedelta(days=6, hours=23) < job.expires_at - now() < timedelta(days=7, hours=1)
        assert Entry.objects.get(action="export.ordered").details == {"packets": 1, "variant": "committee"}

    @pytest.mark.parametrize("who", ["mara", "sam", "dora", "otto", "aude"])
    def test_none_but_hr_orders(self, request, proposed, who):
        with pytest.raises(Denied):
            PacketExport.order(Choice(), by=request.getfixturevalue(who), variant="committee")

    def test_an_export_of_nothing_is_refused(self, full_case, hana):
        with pytest.raises(NotNow, match="nothing to export"):
            PacketExport.order(Choice(), by=hana, variant="committee")

    def test_a_draft_and_a_withdrawn_case_are_neither_exported_nor_counted(self, full_case, hana, mara):
        assert Choice().cases().count() == 0
        full_case.propose(by=mara)
        assert Choice().cases().count() == 1
        full_case.withdraw(by=mara, reason="No seat.")
        assert Choice().cases().count() == 0

    def test_ones_own_case_is_left_out_and_counted(self, job, proposed, hana):
        PromotionCase.objects.filter(pk=proposed.pk).update(subject=hana)
        with pytest.raises(NotNow):
            PacketExport.order(Choice(), by=hana, variant="committee")

        other = PromotionCase.objects.get(pk=proposed.pk)
        other.pk, other.subject = None, proposed.subject
        other.save()
        Proposal.objects.create(case=other, by=other.sponsor)
        later = PacketExport.order(Choice(), by=hana, variant="committee")
        assert (later.items.get().case, later.left_out) == (other, 1)


class TestChoosing:
    @pytest.mark.parametrize(
        ("fits", "does_not"),
        [
            ({"level": "backend-engineering/staff"}, {"level": "frontend-engineering/staff"}),
            ({"outcome": "waiting"}, {"outcome": "decline"}),
        ],
    )
    def test_by_level_and_outcome(self, proposed, fits, does_not):
        assert list(Choice(**fits).cases()) == [proposed]
        assert list(Choice(**does_not).cases()) == []

    def test_by_what_was_decided(self, proposed, hana):
        decide(proposed, "decline", by=hana, rationale="Early.")

        assert list(Choice(outcome="decline").cases()) == [proposed]
        assert list(Choice(outcome="waiting").cases()) == []

    def test_by_team(self, proposed, sam):
        type(sam).objects.filter(pk=sam.pk).update(team="Payments")

        assert list(Choice(team="Payments").cases()) == [proposed]
        assert list(Choice(team="Search").cases()) == []

    def test_by_manager_at_any_depth(self, proposed, dora, mara, noor):
        assert list(Choice(below=mara.pk).cases()) == [proposed]
        assert list(Choice(below=dora.pk).cases()) == [proposed]
        assert list(Choice(below=noor.pk).cases()) == []

    def test_by_cycle(self, proposed, review, hana):
        assert list(Choice(cycle=review.cycle_id).cases()) == [proposed]
        assert list(Choice(cycle=review.cycle_id + 1).cases()) == []

    def test_by_the_cycle_that_it_is_meant_for_before_those_of_the_candidate(self, proposed, review, hana):
        other = Cycle.prepare(
            by=hana,
            name="Spring",
            editions=review.cycle.editions.all(),
            self_due_at=review.cycle.self_due_at,
            manager_due_at=review.cycle.manager_due_at,
        )
        PromotionCase.objects.filter(pk=proposed.pk).update(cycle=other)
        assert list(Choice(cycle=other.pk).cases()) == [proposed]
        assert list(Choice(cycle=review.cycle_id).cases()) == []

    def test_what_narrows_is_kept_as_plain_values(self, mara):
        assert Choice(below=mara.pk, level="staff").plain() == {"below": mara.pk, "level": "staff"}


class TestMaking:
    def test_it_freezes_and_orders_as_the_orderer(self, item, hana, proposed):
        packet = item.find_packet(take(item))

        assert (packet.case, packet.by, packet.variant, packet.orderer) == (proposed, hana, "committee", hana)
        assert actions("packet") == ["packet.frozen", "packet.ordered"]

    def test_a_packet_frozen_since_the_case_was_handed_on_is_taken_as_it_is(self, item, proposed, mara, hana):
        standing = Packet.freeze(proposed, by=mara)
        packet = item.find_packet(take(item))

        assert packet == standing
        assert packet.orderer == hana

    def test_one_from_before_the_decision_is_not(self, item, proposed, mara, hana):
        before = Packet.freeze(proposed, by=mara)
        decide(proposed, "decline", by=hana, rationale="Early.")

        assert item.find_packet(take(item)) != before

    def test_another_copy_is_not(self, item, proposed, mara):
        candidates = Packet.freeze(proposed, by=mara, variant="candidate")

        assert item.find_packet(take(item)) != candidates

    def test_one_that_is_typeset_needs_no_document(self, item, proposed, mara):
        Packet.freeze(proposed, by=mara).keep("a.pdf", **DOCUMENT)
        token = take(item)
        item.find_packet(token)
        item.finish(token)

        assert ExportItem.objects.get().state == "ready"
        assert actions("packet") == ["packet.frozen", "packet.typeset"]

    def test_a_killed_worker_froze_nothing_twice(self, item):
        first = item.find_packet(take(item))
        with standing_at(now() + LATER):
            again = ExportItem.objects.get()
            assert again.find_packet(take(again, "here:2")) == first

        assert Packet.objects.count() == 1

    def test_what_is_done_has_its_packet(self, item):
        with pytest.raises(Denied):
            item.finish(take(item))
        assert ExportItem.objects.get().state == "at-work"

    def test_a_case_has_one_item_in_an_export(self, item, job):
        other = Job.objects.create(kind=Job.Kind.PACKET_EXPORT, by=job.by)
        with pytest.raises(IntegrityError), transaction.atomic():
            ExportItem.objects.create(export=job, case=item.case, job=other)

    def test_who_lost_their_role_gets_nothing_any_more(self, item, hana):
        token = take(item)
        item.find_packet(token)
        hana.grants.update(revoked_at=now())

        with pytest.raises(Denied):
            item.finish(token, "a.pdf", **DOCUMENT)
        assert ExportItem.objects.get().state == "at-work"
        assert not Packet.objects.get().is_typeset

    def test_a_withdrawn_case_is_made_no_more(self, item, proposed, mara):
        proposed.withdraw(by=mara, reason="No seat.")

        with pytest.raises(Denied):
            item.find_packet(take(item))


class TestClaiming:
    def test_who_lost_it_can_end_nothing(self, item):
        token = take(item)
        item.find_packet(token)
        with standing_at(now() + LATER):
            other = ExportItem.objects.get()
            theirs = take(other, "here:2")
            for step in (
                lambda: item.finish(token, "a.pdf", **DOCUMENT),
                lambda: item.fail("It failed.", token=token),
                lambda: item.find_packet(token),
            ):
                with pytest.raises(Lost):
                    step()
            assert not Packet.objects.get().is_typeset
            other.find_packet(theirs)
            other.finish(theirs, "b.pdf", **DOCUMENT)

        assert Packet.objects.get().document.file == "b.pdf"

    @pytest.mark.parametrize("step", ["pause", "cancel"])
    def test_nothing_more_is_begun_once_it_is_paused_or_cancelled(self, item, job, hana, step):
        getattr(job, step)(by=hana)

        assert take(item) is None

    def test_what_was_begun_before_a_pause_is_finished(self, item, job, hana):
        token = take(item)
        job.pause(by=hana)
        item.find_packet(token)
        item.finish(token, "a.pdf", **DOCUMENT)

        assert state(job) == "done"

    def test_nothing_is_begun_after_its_week(self, item, job):
        with standing_at(job.expires_at):
            assert take(item) is None
            assert state(job) == "expired"


class TestSteering:
    def test_a_pause_ends_with_going_on(self, job, hana):
        job.pause(by=hana)
        assert state(job) == "paused"
        with pytest.raises(NotNow):
            job.pause(by=hana)
        job.resume(by=hana)
        assert state(job) == "running"
        with pytest.raises(NotNow):
            job.resume(by=hana)
        assert actions("export") == ["export.ordered", "export.paused", "export.resumed"]

    def test_a_cancelled_export_is_over(self, job, hana):
        job.cancel(by=hana)

        assert state(job) == "cancelled"
        for step in (job.pause, job.resume, job.cancel):
            with pytest.raises(Denied):
                step(by=hana)

    def test_what_is_done_can_not_be_cancelled(self, item, job, hana):
        made(item)

        with pytest.raises(NotNow):
            job.cancel(by=hana)

    def test_failures_alone_are_tried_again(self, item, job, hana):
        with pytest.raises(NotNow):
            job.retry(by=hana)
        item.fail("It failed.", token=take(item))
        assert (ExportItem.objects.get().state, state(job)) == ("failed", "done")

        assert job.retry(by=hana) == 1
        assert (ExportItem.objects.get().state, state(job)) == ("waiting", "running")

    def test_one_failure_is_tried_again(self, item, hana):
        item.fail("It failed.", token=take(item))
        ExportItem.objects.get().retry(by=hana)

        assert ExportItem.objects.get().state == "waiting"
        with pytest.raises(Denied):
            ExportItem.objects.get().retry(by=hana)

    @pytest.mark.parametrize("who", ["mara", "sam", "dora", "otto"])
    def test_nobody_else_steers(self, request, job, who):
        person = request.getfixturevalue(who)
        for step in (job.pause, job.resume, job.cancel, job.retry):
            with pytest.raises(Denied):
                step(by=person)


class TestLinks:
    def test_it_opens_for_its_person_alone_and_says_so(self, item, hana, mara, dora):
        link, _key = made(item).link(mara, by=hana, days=3)

        assert mara.has_perm("packets.open_link", link)
        assert not dora.has_perm("packets.open_link", link)
        assert not hana.has_perm("packets.open_link", link)
        link.note_download(by=mara)
        assert Entry.objects.get(action="packet.downloaded").about == item.case.subject
        with pytest.raises(Denied):
            link.note_download(by=dora)

    def test_its_key_is_kept_as_a_digest_alone(self, item, hana, mara):
        link, key = made(item).link(mara, by=hana, days=3)

        assert len(key) >= 40
        assert key not in str(PacketLink.objects.values().get(pk=link.pk))

    @pytest.mark.parametrize("who", ["sam", "noor", "otto"])
    def test_none_is_made_for_who_may_not_read_the_packet(self, request, item, hana, who):
        with pytest.raises(NotNow, match="a link would not work"):
            made(item).link(request.getfixturevalue(who), by=hana, days=3)

    def test_it_opens_nothing_once_they_may_not(self, item, hana, mara, sam, noor):
        link, _key = made(item).link(mara, by=hana, days=3)
        sam.lines.update(manager=noor)
        relink([sam.pk])

        assert not mara.has_perm("packets.open_link", link)

    def test_it_ends(self, item, hana, mara):
        link, _key = made(item).link(mara, by=hana, days=1)

        with standing_at(now() + timedelta(days=1, minutes=1)):
            assert not mara.has_perm("packets.open_link", link)

    def test_it_is_over_with_its_export(self, item, job, hana, mara):
        link, _key = made(item).link(mara, by=hana, days=30)

        assert link.expires_at == job.expires_at

    def test_it_can_be_taken_back(self, item, hana, mara):
        link, _key = made(item).link(mara, by=hana, days=1)
        link.revoke(by=hana)

        assert not mara.has_perm("packets.open_link", link)
        with pytest.raises(Denied):
            link.revoke(by=hana)

    def test_there_is_none_to_what_is_not_made(self, item, hana, mara):
        with pytest.raises(Denied):
            item.link(mara, by=hana, days=1)
