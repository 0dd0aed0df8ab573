from django.urls import path

from . import evidence, timelines

urlpatterns = [
    path("evidence/", timelines.mine, name="evidence_list"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("evidence/<int:pk>/text/", evidence.rewrite, name="evidence_edit"),
    path("evidence/<int:pk>/withdrawal/", evidence.withdraw, name="evidence_withdrawal"),
    path("people/<int:pk>/evidence/", timelines.of, name="evidence_of"),
    path("people/<int:pk>/evidence/new/", evidence.log, name="evidence_new"),
]
