from django.urls import path

from .documents import verify, verify_code

urlpatterns = [
    path("verify/", verify, name="verify"),
    path("verify/<str:code>/", verify_code, name="verify_code"),
]
