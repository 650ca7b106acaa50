"""accounts/data/: everything about oneself."""

from django.urls import path

from organizations.personal import views

app_name = "personal"
urlpatterns = [
    path("", views.data, name="data"),
    path("export/", views.export_ask, name="export_ask"),
    path("delete/", views.account_delete, name="account_delete"),
    path("deleted/", views.account_deleted, name="account_deleted"),
    path("download/", views.export_download, name="export_download"),
]
