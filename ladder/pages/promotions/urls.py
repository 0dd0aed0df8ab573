from django.urls import path

from .cases import case_new, show_case, show_cases
from .claims import change_claim, make_claim, remove_claim
from .exhibits import choose_evidence
from .framings import frame
from .policies import govern
from .proposals import propose
from .sharings import share, show_writing, unshare
from .statements import write_statement
from .stories import edit_story, move_story, remove_story, tell_story
from .withdrawals import withdraw

urlpatterns = [
    path("cases/", show_cases, name="cases"),
    path("promotions/policy/", govern, name="promotion_policy"),
    path("people/<int:pk>/cases/new/", case_new, name="case_new"),
    path("cases/<int:pk>/", show_case, name="case"),
    path("cases/<int:pk>/framing/", frame, name="case_framing"),
    path("cases/<int:pk>/sharing/", share, name="case_sharing"),
    path("cases/<int:pk>/sharing/removal/", unshare, name="case_sharing_removal"),
    path("cases/<int:pk>/writing/", show_writing, name="case_writing"),
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
]
