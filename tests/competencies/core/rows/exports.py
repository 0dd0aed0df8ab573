"""Exports in each state, their items by how far they are, and links to what they made."""

from datetime import timedelta

from competencies.core.clock import now
from competencies.jobs.models import Job
from competencies.packets.models import ExportCancellation, ExportItem, ExportPause, PacketExport, PacketLink
from competencies.people.querysets import digest_of

from ..cast import DAY


def make_export_jobs(people):
    def job(by, until=DAY):
        return PacketExport.objects.create(by=people[by], variant="committee", expires_at=now() + until)

    jobs = {
        "by Hugo": job("hugo"),
        "by Hugo, paused": job("hugo"),
        "by Hugo, cancelled": job("hugo"),
        "by Hugo, expiring": job("hugo", timedelta(0)),
        "by Hana": job("hana"),
        "by Fay, who was of HR": job("fay"),
    }
    ExportPause.objects.create(export=jobs["by Hugo, paused"], by=people["hugo"])
    ExportCancellation.objects.create(export=jobs["by Hugo, cancelled"], by=people["hugo"])
    return jobs


IN_COMPANY = {
    "waiting": "proposed by Fay, itself, committee",
    "failed": "proposed by Noor, itself, committee",
    "made": "proposed, itself, committee",
    "of HR": "proposed of HR, itself, committee",
    "draft": "draft, as it was, committee",
}


def make_export_items(jobs, packets, named=IN_COMPANY):
    """For each export one item that waits, one that failed and one whose packet is there."""

    def item(job, packet, **told):
        made = Job.objects.create(kind=Job.Kind.PACKET_EXPORT, by=job.by, **told)
        return ExportItem.objects.create(export=job, job=made, case=packet.case, packet=packet)

    items = {}
    for label, job in jobs.items():
        items[f"{label}, waiting"] = item(job, packets[named["waiting"]])
        items[f"{label}, failed"] = item(job, packets[named["failed"]], failure="It failed.", ended_at=now())
        items[f"{label}, made"] = item(job, packets[named["made"]], ended_at=now())
    items["by Hana, made, of herself"] = item(jobs["by Hana"], packets[named["of HR"]], ended_at=now())
    items["by Hugo, waiting, of a draft"] = item(jobs["by Hugo"], packets[named["draft"]])
    items["by Hugo, cancelled, dropped"] = item(
        jobs["by Hugo, cancelled"], packets[named["of HR"]], wanted_until=now(), ended_at=now(), dropped=True
    )
    return items


def make_packet_links(items, people):
    """Links to one packet; each has its key, as long as the row is not read anew."""
    made = items["by Hugo, made"]

    def link(person, by="hugo", until=DAY, **more):
        key = f"key-{PacketLink.objects.count()}"
        link = PacketLink.objects.create(
            item=made,
            person=people[person],
            by=people[by],
            expires_at=now() + until,
            digest=digest_of(key),
            **more,
        )
        link.key = key
        return link

    return {
        "for Mara": link("mara"),
        "for Mara, revoked": link("mara", revoked_at=now()),
        "for Mara, expiring": link("mara", until=timedelta(0)),
        "for Dora by Hana": link("dora", by="hana"),
        "for Lena, who has her own copy": link("lena"),
        "for Noor, to whom it is nothing": link("noor"),
        "for Gone": link("gone"),
        "for Mara by Fay": link("mara", by="fay"),
    }
