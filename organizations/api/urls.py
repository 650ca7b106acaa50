"""developers/keys/: the organization's API keys."""

from django.urls import path

from organizations.api import views

app_name = "api"
urlpatterns = [
    # /developers/keys/
    path("", views.key_list, name="key_list"),
    path("new/", views.key_create, name="key_create"),
    # /developers/keys/<id>/
    path("<uuid:pk>/", views.key_detail, name="key_detail"),
    path("<uuid:pk>/edit/", views.key_edit, name="key_edit"),
    path("<uuid:pk>/rotate/", views.key_rotate, name="key_rotate"),
    path("<uuid:pk>/revoke/", views.key_revoke, name="key_revoke"),
]
