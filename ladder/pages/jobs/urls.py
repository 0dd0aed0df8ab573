from django.urls import path

from . import jobs

urlpatterns = [path("background-work/", jobs.jobs, name="background_work")]
