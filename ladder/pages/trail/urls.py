from django.urls import path

from . import entries, exports, verification

urlpatterns = [
    path("trail/", entries.trail, name="trail"),
    path("trail/entries.csv", exports.as_csv, name="trail_csv"),
    path("trail/entries.jsonl", exports.as_json_lines, name="trail_jsonl"),
    path("trail/verification/", verification.verify, name="trail_verification"),
    path("people/<int:pk>/trail/", entries.of_person, name="person_trail"),
]
