"""accounts/data/: everything about oneself."""

from django.urls import path

from organizations.personal import views

app_name = "personal"
urlpatterns = [
    path("", views.data, name="data"),
    path("export/", views.export_ask, name="export_ask"),
    path("download/", views.export_download, name="export_download"),
]
