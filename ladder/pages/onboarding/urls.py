from django.urls import path

from . import acceptance, first_run, invitations, missing, sign_on

urlpatterns = [
    path("setup/", first_run.set_up, name="set_up"),
    path("setup/<str:key>/", first_run.open_set_up, name="open_set_up"),
    path("next-steps/", first_run.next_steps, name="next_steps"),
    path("invitation/", acceptance.invitation, name="invitation"),
    path("invitation/<str:key>/", acceptance.open_invitation, name="open_invitation"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/all/", invitations.invite_all, name="invite_all"),
    path("invitations/<int:pk>/revocation/", invitations.revoke_invitation, name="revoke_invitation"),
    path("people/<int:pk>/invitation/", invitations.invite_person, name="invite_person"),
    path("sign-in/second-step/", missing.missing_factor, name="second_factor"),
    path("sign-in/company/", sign_on.sign_on, name="single_sign_on"),
    path("sign-in/company/return/", sign_on.come_back, name="single_sign_on_return"),
]
