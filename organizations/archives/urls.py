"""organizations/settings/export/: the organization as one file."""

from django.urls import path

from organizations.archives import views

app_name = "archives"
urlpatterns = [
    path("", views.export_list, name="export_list"),
    path("ask/", views.export_ask, name="export_ask"),
    path("<uuid:pk>/download/", views.export_download, name="export_download"),
]
