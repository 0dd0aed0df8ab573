from django.http import Http404
from django.urls import path


def pending(request, **ids):
    raise Http404


urlpatterns = [
    path("cases/", pending, name="cases"),
    path("people/<int:pk>/cases/new/", pending, name="case_new"),
    path("cases/<int:pk>/", pending, name="case"),
    path("cases/<int:pk>/proposal/", pending, name="proposal"),
    path("cases/<int:pk>/withdrawal/", pending, name="withdrawal"),
    path("cases/<int:pk>/decision/", pending, name="decision"),
]
