from django.http import Http404
from django.urls import path


def pending(request, **ids):
    raise Http404


urlpatterns = [
    path("ladder/", pending, name="ladder"),
    path("editions/", pending, name="editions"),
    path("editions/<int:pk>/", pending, name="matrix"),
    path("editions/<int:pk>/publication/", pending, name="publication"),
    path("competencies/<int:pk>/", pending, name="competency"),
    path("roles/<int:track_pk>/<int:level_pk>/", pending, name="role"),
    path("sources/", pending, name="sources"),
    path("sources/<int:pk>/", pending, name="source"),
    path("search/", pending, name="search"),
]
