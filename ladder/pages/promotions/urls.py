from django.urls import path

from .cases import case_new, show_case, show_cases
from .claims import change_claim, make_claim, remove_claim
from .decisions import decide
from .exhibits import choose_evidence
from .proposals import propose
from .statements import write_statement
from .stories import edit_story, move_story, remove_story, tell_story
from .withdrawals import withdraw

urlpatterns = [
    path("cases/", show_cases, name="cases"),
    path("people/<int:pk>/cases/new/", case_new, name="case_new"),
    path("cases/<int:pk>/", show_case, name="case"),
    path("cases/<int:pk>/statements/<slug:kind>/", write_statement, name="statement"),
    path("cases/<int:pk>/claims/", make_claim, name="claims"),
    path("claims/<int:pk>/", change_claim, name="claim"),
    path("claims/<int:pk>/removal/", remove_claim, name="claim_removal"),
    path("cases/<int:pk>/stories/", tell_story, name="stories"),
    path("stories/<int:pk>/", edit_story, name="story"),
    path("stories/<int:pk>/position/", move_story, name="story_position"),
    path("stories/<int:pk>/removal/", remove_story, name="story_removal"),
    path("cases/<int:pk>/evidence/", choose_evidence, name="case_evidence"),
    path("cases/<int:pk>/proposal/", propose, name="proposal"),
    path("cases/<int:pk>/withdrawal/", withdraw, name="withdrawal"),
    path("cases/<int:pk>/decision/", decide, name="decision"),
]
