from django.urls import path

from . import assessments, cycles, expectations, ratings, reviews

urlpatterns = [
    path("cycles/", cycles.cycles, name="cycles"),
    path("cycles/new/", cycles.prepare, name="cycle_new"),
    path("cycles/<int:pk>/", cycles.cycle, name="cycle"),
    path("cycles/<int:pk>/details/", cycles.change, name="cycle_edit"),
    path("cycles/<int:pk>/opening/", cycles.open_, name="opening"),
    path("cycles/<int:pk>/closing/", cycles.close, name="closing"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/<int:pk>/ratings/<int:competency_pk>/", reviews.manager_rating, name="manager_rating"),
    path("reviews/<int:pk>/yardstick/", reviews.aim, name="yardstick"),
    path("reviews/<int:pk>/discussion/", reviews.discuss, name="discussion"),
    path("reviews/<int:pk>/signoff/", reviews.sign, name="signoff"),
    path("reviews/<int:pk>/manager/", reviews.hand_over, name="hand_over"),
    path(
        "roles/<int:track_pk>/<int:level_pk>/<int:competency_pk>/",
        expectations.expectation,
        name="expectation",
    ),
    path("assessments/<int:pk>/", assessments.assessment, name="assessment"),
    path("assessments/<int:pk>/ratings/<int:competency_pk>/", ratings.rating, name="rating"),
    path("assessments/<int:pk>/ratings/<int:competency_pk>/evidence/", ratings.support, name="support"),
    path(
        "assessments/<int:pk>/ratings/<int:competency_pk>/evidence/other/",
        ratings.other_evidence,
        name="other_evidence",
    ),
    path("assessments/<int:pk>/submission/", assessments.submit, name="submission"),
    path("assessments/<int:pk>/reopening/", assessments.reopen, name="reopening"),
]
