"""Exports of packets and links to them, page by page."""

from .asked import of_company, on, who

JOB, ITEM, LINK = "packets.PacketExport", "packets.ExportItem", "packets.PacketLink"
ORDER = "packets.order_export"
READ, STEER, DOWNLOAD = (
    who("packets.read_export"),
    who("packets.steer_export"),
    who("packets.download_export"),
)
SAVED = (302, 200)


def copies(scene, row):
    return {"variant": "committee"}


def for_mara(scene, row):
    return {"person": scene.people["mara"].email, "days": 3}


def by_key(scene, row):
    return (getattr(row, "key", "nobody-was-given-this"),)


def steered():
    return {"GET": on(JOB, (302, READ)), "POST": on(JOB, (SAVED, STEER))}


def taken():
    return {"GET": on(JOB, (200, DOWNLOAD))}


ROUTES = {
    "packet_exports": {"GET": of_company(ORDER)},
    "packet_export_new": {"GET": of_company(ORDER), "POST": of_company(ORDER, 302, body=copies)},
    "packet_export": {"GET": on(JOB, (200, READ))},
    "packet_export_pause": steered(),
    "packet_export_resumption": steered(),
    "packet_export_cancellation": steered(),
    "packet_export_retrial": steered(),
    "packet_export_zip": taken(),
    "packet_export_csv": taken(),
    "packet_export_xlsx": taken(),
    "packet_export_item": {"GET": on(ITEM, (200, who("packets.open_item")))},
    "packet_export_item_retrial": {
        "GET": on(ITEM, (302, who("packets.open_item"))),
        "POST": on(ITEM, (302, who("packets.retry_item"))),
    },
    "packet_links": {
        "GET": on(ITEM, (302, who("packets.open_item"))),
        "POST": on(ITEM, (200, who("packets.link_item")), body=for_mara),
    },
    "packet_link": {"GET": on(LINK, (200, who("packets.open_link")), args=by_key)},
    "packet_link_revocation": {
        "GET": on(LINK, (302, who("packets.revoke_link"))),
        "POST": on(LINK, (302, who("packets.revoke_link"))),
    },
}
