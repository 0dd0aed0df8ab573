from django.urls import path

from . import competencies, editions, imports, matrices, publications, roles, search, sources

urlpatterns = [
    path("ladder/", matrices.ladder, name="ladder"),
    path("editions/", editions.editions, name="editions"),
    path("editions/import/", imports.edition_import, name="edition_import"),
    path("editions/<int:pk>/", matrices.matrix, name="matrix"),
    path("editions/<int:pk>/framework.yaml", editions.edition_file, name="edition_file"),
    path("editions/<int:pk>/publication/", publications.publication, name="publication"),
    path("editions/<int:pk>/retirement/", publications.retirement, name="retirement"),
    path("competencies/<int:pk>/", competencies.competency, name="competency"),
    path("roles/<int:track_pk>/<int:level_pk>/", roles.role, name="role"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<int:pk>/", sources.source, name="source"),
    path("search/", search.find_words, name="search"),
]
