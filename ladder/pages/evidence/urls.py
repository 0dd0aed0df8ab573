from django.http import Http404
from django.urls import path


def pending(request, **ids):
    raise Http404


urlpatterns = [
    path("evidence/", pending, name="evidence_list"),
    path("evidence/<int:pk>/", pending, name="evidence"),
    path("people/<int:pk>/evidence/", pending, name="evidence_of"),
    path("people/<int:pk>/evidence/new/", pending, name="evidence_new"),
]
