from django.urls import path

from . import downloads, exports, items, links, steering
from .ordering import order

urlpatterns = [
    path("packet-exports/", exports.exports, name="packet_exports"),
    path("packet-exports/new/", order, name="packet_export_new"),
    path("packet-exports/<int:pk>/", exports.show, name="packet_export"),
    path("packet-exports/<int:pk>/pause/", steering.pause, name="packet_export_pause"),
    path("packet-exports/<int:pk>/resumption/", steering.resume, name="packet_export_resumption"),
    path("packet-exports/<int:pk>/cancellation/", steering.cancel, name="packet_export_cancellation"),
    path("packet-exports/<int:pk>/retrial/", steering.retry_failed, name="packet_export_retrial"),
    path("packet-exports/<int:pk>/packets.zip", downloads.as_zip, name="packet_export_zip"),
    path("packet-exports/<int:pk>/packets.csv", downloads.as_csv, name="packet_export_csv"),
    path("packet-exports/<int:pk>/packets.xlsx", downloads.as_xlsx, name="packet_export_xlsx"),
    path("packet-export-items/<int:pk>/", items.show, name="packet_export_item"),
    path("packet-export-items/<int:pk>/retrial/", items.retry, name="packet_export_item_retrial"),
    path("packet-export-items/<int:pk>/links/", links.make, name="packet_links"),
    path("packet-links/<int:pk>/revocation/", links.revoke, name="packet_link_revocation"),
    path("packet-links/<str:key>/packet.pdf", links.follow, name="packet_link"),
]
