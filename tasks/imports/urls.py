"""tasks/import/: a file, its columns, what would become of it, and its tasks."""

from django.urls import path

from tasks.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("new/", views.import_create, name="import_create"),
    # /tasks/import/<id>/
    path("<uuid:pk>/", views.import_detail, name="import_detail"),
    path("<uuid:pk>/columns/", views.import_map, name="import_map"),
    path("<uuid:pk>/start/", views.import_start, name="import_start"),
    path("<uuid:pk>/cancel/", views.import_cancel, name="import_cancel"),
    path("<uuid:pk>/errors/", views.import_errors, name="import_errors"),
]
