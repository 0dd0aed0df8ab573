from django.urls import path

from .appeals import appeal
from .ballots import cast, write_ballot
from .committees import found, rename, show_committee, show_committees
from .convening import convene
from .decisions import draft_decision, record_decision
from .hearings import show_hearing
from .members import call, excuse, step_aside
from .releases import confirm_release, show_releases
from .remarks import remark
from .seats import make_chair, seat, unseat
from .unmasking import unmask

urlpatterns = [
    path("committees/", show_committees, name="committees"),
    path("committees/new/", found, name="committee_new"),
    path("committees/<int:pk>/", show_committee, name="committee"),
    path("committees/<int:pk>/name/", rename, name="committee_name"),
    path("committees/<int:pk>/seats/", seat, name="seats"),
    path("committees/<int:pk>/seats/<int:person>/chair/", make_chair, name="seat_chair"),
    path("committees/<int:pk>/seats/<int:person>/removal/", unseat, name="seat_removal"),
    path("cases/<int:pk>/convening/", convene, name="convening"),
    path("cases/<int:pk>/appeal/", appeal, name="appeal"),
    path("hearings/<int:pk>/", show_hearing, name="hearing"),
    path("hearings/<int:pk>/ballot/", write_ballot, name="ballot"),
    path("hearings/<int:pk>/casting/", cast, name="casting"),
    path("hearings/<int:pk>/members/", call, name="members"),
    path("hearings/<int:pk>/members/<int:person>/excusal/", excuse, name="excusal"),
    path("hearings/<int:pk>/recusal/", step_aside, name="recusal"),
    path("hearings/<int:pk>/remarks/", remark, name="remarks"),
    path("hearings/<int:pk>/unmasking/", unmask, name="unmasking"),
    path("hearings/<int:pk>/decision/", draft_decision, name="hearing_decision"),
    path("hearings/<int:pk>/decision/recording/", record_decision, name="decision_recording"),
    path("releases/", show_releases, name="releases"),
    path("releases/new/", confirm_release, name="release_new"),
]
