"""audit/: what happened in the organization."""

from django.urls import path

from organizations.audit import views

app_name = "audit"
urlpatterns = [
    # /audit/
    path("", views.entry_list, name="entry_list"),
    path("export/csv/", views.export_csv, name="export_csv"),
    path("export/json/", views.export_json, name="export_json"),
    path("verifier/", views.verifier, name="verifier"),
    # /audit/<id>/
    path("<uuid:pk>/", views.entry_detail, name="entry_detail"),
]
