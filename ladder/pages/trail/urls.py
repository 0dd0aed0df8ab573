from django.urls import path

from . import entries

urlpatterns = [
    path("trail/", entries.trail, name="trail"),
]
