from django.urls import path

from . import erasures, exports, holds, records

urlpatterns = [
    path("record/", records.mine, name="record"),
    path("people/<int:pk>/record/", records.of_person, name="record_of"),
    path("people/<int:pk>/record/exports/", exports.order, name="record_exports"),
    path("people/<int:pk>/record/holds/", holds.place, name="record_holds"),
    path("people/<int:pk>/record/erasure/", erasures.erasure, name="erasure"),
    path("exports/<int:pk>/", exports.show, name="export"),
    path("exports/<int:pk>/record.zip", exports.download, name="export_zip"),
    path("holds/<int:pk>/lifting/", holds.lift, name="hold_lifting"),
]
