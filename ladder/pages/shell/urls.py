from django.urls import path

from . import outcomes, sessions

urlpatterns = [
    path("sign-in/", sessions.sign_in, name="sign_in"),
    path("sign-in/", sessions.sign_in, name="account_login"),  # as allauth looks it up
    path("sign-in/as/<int:pk>/", sessions.sign_in_as, name="sign_in_as"),
    path("sign-out/", sessions.sign_out, name="sign_out"),
    path("session/", sessions.session, name="session"),
    path("theme/", sessions.choose_theme, name="theme"),
    path("outcome/", outcomes.outcome, name="outcome"),
    path("healthz", sessions.alive, name="alive"),
    path("readyz", sessions.ready, name="ready"),
]
