from django.http import Http404
from django.urls import path


def pending(request, **ids):
    raise Http404


urlpatterns = [
    path("cycles/", pending, name="cycles"),
    path("cycles/new/", pending, name="cycle_new"),
    path("cycles/<int:pk>/", pending, name="cycle"),
    path("cycles/<int:pk>/opening/", pending, name="opening"),
    path("cycles/<int:pk>/closing/", pending, name="closing"),
    path("reviews/", pending, name="reviews"),
    path("reviews/<int:pk>/", pending, name="review"),
    path("reviews/<int:pk>/yardstick/", pending, name="yardstick"),
    path("reviews/<int:pk>/discussion/", pending, name="discussion"),
    path("reviews/<int:pk>/signoff/", pending, name="signoff"),
    path("reviews/<int:pk>/manager/", pending, name="hand_over"),
    path("assessments/<int:pk>/", pending, name="assessment"),
    path("assessments/<int:pk>/ratings/<int:competency_pk>/", pending, name="rating"),
    path("assessments/<int:pk>/submission/", pending, name="submission"),
    path("assessments/<int:pk>/reopening/", pending, name="reopening"),
]
