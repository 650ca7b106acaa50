"""audit/: what happened in the organization."""

from django.urls import path

from organizations.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.entry_list, name="entry_list"),
]
