"""audit/: what happened in the organization."""

from django.urls import path

from organizations.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.entry_list, name="entry_list"),
    path("export/", views.entry_export, name="entry_export"),
    path("verifier/", views.entry_verifier, name="entry_verifier"),
    # /audit/<id>/
    path("<uuid:pk>/", views.entry_detail, name="entry_detail"),
]
