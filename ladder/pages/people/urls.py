from django.urls import path

from . import people, team

urlpatterns = [
    path("people/", people.directory, name="people"),
    path("people/<int:pk>/", people.profile, name="person"),
    path("team/", team.team, name="team"),
]
