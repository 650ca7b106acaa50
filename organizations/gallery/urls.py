"""gallery/: pictures, one picture, and its files."""

from django.urls import path

from organizations.gallery import views

app_name = "gallery"
urlpatterns = [
    # /gallery/
    path("", views.image_list, name="image_list"),
    path("upload/", views.image_upload, name="image_upload"),
    path("trash/", views.image_trash, name="image_trash"),
    # /gallery/<id>/
    path("<uuid:pk>/", views.image_detail, name="image_detail"),
    path("<uuid:pk>/edit/", views.image_edit, name="image_edit"),
    path("<uuid:pk>/delete/", views.image_delete, name="image_delete"),
    path("<uuid:pk>/restore/", views.image_restore, name="image_restore"),
    path("<uuid:pk>/purge/", views.image_purge, name="image_purge"),
    path("<uuid:pk>/file/", views.image_file, name="image_file"),
    path("<uuid:pk>/thumbnail/", views.image_thumbnail, name="image_thumbnail"),
    path("<uuid:pk>/download/", views.image_download, name="image_download"),
]
