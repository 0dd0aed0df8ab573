from django.urls import path

from .documents import download, order_again
from .packets import freeze, show_packet, show_sheet
from .previews import preview

urlpatterns = [
    path("cases/<int:pk>/packet/", preview, name="packet_preview"),
    path("cases/<int:pk>/packets/", freeze, name="packet_freeze"),
    path("packets/<int:pk>/", show_packet, name="packet"),
    path("packets/<int:pk>/sheet/", show_sheet, name="packet_sheet"),
    path("packets/<int:pk>/typesetting/", order_again, name="packet_typesetting"),
    path("packets/<int:pk>/packet.pdf", download, name="packet_pdf"),
]
