from django.urls import path

from . import guide

urlpatterns = [
    path("help/", guide.show_help, name="help"),
]
