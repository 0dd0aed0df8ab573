from django.http import Http404
from django.urls import path


def pending(request, **ids):
    raise Http404


urlpatterns = [
    path("", pending, name="home"),
]
