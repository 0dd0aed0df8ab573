from django.urls import path

from . import access, organisation, time_zone

urlpatterns = [
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/name/", organisation.rename, name="rename_organisation"),
    path("organisation/second-factor/", organisation.require_second_factor, name="require_second_factor"),
    path("organisation/time-zone/", time_zone.time_zone, name="organisation_time_zone"),
    path("people/<int:pk>/access/", access.access, name="access"),
    path("people/<int:pk>/second-factor/", access.reset_second_factor, name="reset_second_factor"),
    path("people/<int:pk>/connection/", access.disconnect, name="disconnect"),
]
