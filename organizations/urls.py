"""/, o/ and organizations/: the landing page, making, choosing and settling in."""

from django.urls import path

from organizations import views

app_name = "organizations"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("o/<slug:slug>/", views.organization_enter, name="organization_enter"),
    # organizations/
    path("organizations/", views.organization_list, name="organization_list"),
    path("organizations/new/", views.organization_create, name="organization_create"),
    path(
        "organizations/switch/", views.organization_switch, name="organization_switch"
    ),
    path(
        "organizations/settings/",
        views.organization_settings,
        name="organization_settings",
    ),
    path(
        "organizations/restore/",
        views.organization_restore,
        name="organization_restore",
    ),
    path(
        "organizations/settings/delete/",
        views.organization_delete,
        name="organization_delete",
    ),
    path(
        "organizations/settings/preferences/",
        views.organization_settings_preferences,
        name="organization_settings_preferences",
    ),
    path(
        "organizations/settings/joining/",
        views.organization_settings_joining,
        name="organization_settings_joining",
    ),
    path(
        "organizations/settings/metadata/",
        views.organization_settings_metadata,
        name="organization_settings_metadata",
    ),
]
