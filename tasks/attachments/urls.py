"""tasks/: the files of a task."""

from django.urls import path

from tasks.attachments import views

app_name = "attachments"
urlpatterns = [
    # /tasks/<id>/
    path("<uuid:task>/files/new/", views.file_create, name="file_create"),
    # /tasks/files/<id>/
    path("files/<uuid:file>/", views.file_download, name="file_download"),
    path("files/<uuid:file>/small/", views.file_thumbnail, name="file_thumbnail"),
    path("files/<uuid:file>/delete/", views.file_delete, name="file_delete"),
    path("files/<uuid:file>/restore/", views.file_restore, name="file_restore"),
]
