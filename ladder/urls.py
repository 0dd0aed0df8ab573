from django.urls import include, path

urlpatterns = [
    path("", include("ladder.pages.shell.urls")),
    path("", include("ladder.pages.accounts.urls")),
    path("", include("ladder.pages.onboarding.urls")),
    path("", include("ladder.pages.organisation.urls")),
    path("", include("ladder.pages.home.urls")),
    path("", include("ladder.pages.palette.urls")),
    path("", include("ladder.pages.help.urls")),
    path("", include("ladder.pages.framework.urls")),
    path("", include("ladder.pages.people.urls")),
    path("", include("ladder.pages.imports.urls")),
    path("", include("ladder.pages.evidence.urls")),
    path("", include("ladder.pages.reviews.urls")),
    path("", include("ladder.pages.promotions.urls")),
    path("", include("ladder.pages.endorsements.urls")),
    path("", include("ladder.pages.committees.urls")),
    path("", include("ladder.pages.packets.urls")),
    path("", include("ladder.pages.exports.urls")),
    path("", include("ladder.pages.verification.urls")),
    path("", include("ladder.pages.jobs.urls")),
    path("", include("ladder.pages.personal_data.urls")),
    path("", include("ladder.pages.trail.urls")),
    path("api/", include("ladder.api.urls")),
]

handler500 = "ladder.pages.shell.errors.broken"
