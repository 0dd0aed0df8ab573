from django.urls import path

from . import palette

urlpatterns = [
    path("palette/", palette.palette, name="palette"),
]
