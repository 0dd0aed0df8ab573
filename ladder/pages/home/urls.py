from django.urls import path

from . import today

urlpatterns = [
    path("", today.home, name="home"),
]
