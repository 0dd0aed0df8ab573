from django.urls import path

from . import applying, imports, mappings, previews

urlpatterns = [
    path("people/import/", imports.imports, name="imports"),
    path("people/import/new/", imports.import_new, name="import_new"),
    path("people/import/example.csv", imports.example, name="import_example"),
    path("people/import/<int:pk>/", previews.preview, name="import_preview"),
    path("people/import/<int:pk>/mapping/", mappings.mapping, name="import_mapping"),
    path("people/import/<int:pk>/reading/", mappings.reading, name="import_reading"),
    path("people/import/<int:pk>/dropped-rows/", applying.drop_rows, name="import_dropped_rows"),
    path("people/import/<int:pk>/refused.csv", previews.refused, name="import_refused"),
    path("people/import/<int:pk>/application/", applying.apply, name="import_application"),
    path("people/import/<int:pk>/undoing/", applying.undo, name="import_undoing"),
    path("people/import/<int:pk>/removal/", applying.drop, name="import_removal"),
]
