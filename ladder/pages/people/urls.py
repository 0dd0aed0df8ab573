from django.urls import path

from . import chart, leaving, moves, people, profile, roles, team

urlpatterns = [
    path("people/", people.directory, name="people"),
    path("people/new/", people.welcome, name="person_new"),
    path("people/chart/", chart.chart, name="chart"),
    path("people/chart/<int:pk>/", chart.chart_of, name="chart_of"),
    path("people/<int:pk>/", profile.profile, name="person"),
    path("people/<int:pk>/description/", people.describe, name="person_description"),
    path("people/<int:pk>/pronouns/", people.describe_self, name="person_pronouns"),
    path("people/<int:pk>/line/", moves.move, name="person_line"),
    path("people/<int:pk>/placement/", moves.place, name="person_placement"),
    path("people/<int:pk>/leaving/", leaving.leave, name="person_leaving"),
    path("people/<int:pk>/return/", leaving.rejoin, name="person_return"),
    path("people/<int:pk>/roles/", roles.roles, name="person_roles"),
    path("grants/<int:pk>/revocation/", roles.revoke, name="grant_revocation"),
    path("lines/<int:pk>/withdrawal/", moves.call_off_line, name="line_withdrawal"),
    path("placements/<int:pk>/withdrawal/", moves.call_off_placement, name="placement_withdrawal"),
    path("team/", team.team, name="team"),
    path("team/manager-ratings.csv", team.ratings_csv, name="team_csv"),
]
