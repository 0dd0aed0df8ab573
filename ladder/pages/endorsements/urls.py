from django.urls import path

from .answering import decline, endorsement, open_asked, open_endorsement
from .asking import ask_endorsement, recall, remind

urlpatterns = [
    path("cases/<int:pk>/endorsements/", ask_endorsement, name="endorsements"),
    path("endorsement-requests/<int:pk>/", open_asked, name="endorsement_request"),
    path("endorsement-requests/<int:pk>/reminder/", remind, name="endorsement_reminder"),
    path("endorsement-requests/<int:pk>/recall/", recall, name="endorsement_recall"),
    path("endorsement/", endorsement, name="endorsement"),
    path("endorsement/refusal/", decline, name="endorsement_refusal"),
    path("endorsements/<str:key>/", open_endorsement, name="open_endorsement"),
]
