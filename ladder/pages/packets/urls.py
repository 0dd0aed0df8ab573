from django.http import Http404
from django.urls import path


def pending(request, **ids):
    raise Http404


urlpatterns = [
    path("cases/<int:pk>/packet/", pending, name="packet_preview"),
    path("cases/<int:pk>/packets/", pending, name="packet_freeze"),
    path("packets/<int:pk>/", pending, name="packet"),
    path("packets/<int:pk>/packet.pdf", pending, name="packet_pdf"),
]
