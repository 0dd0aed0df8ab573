from django.http import Http404
from django.urls import path


def pending(request, **ids):
    raise Http404


urlpatterns = [
    path("people/", pending, name="people"),
    path("people/<int:pk>/", pending, name="person"),
    path("team/", pending, name="team"),
]
