"""organizations/support/: what staff may, what they looked at, and their way out."""

from django.urls import path

from organizations.support import views

app_name = "support"
urlpatterns = [
    path("", views.access, name="access"),
    path("grant/", views.grant, name="grant"),
    path("revoke/", views.revoke, name="revoke"),
    path("ask/", views.ask, name="ask"),
    path("stop/", views.stop, name="stop"),
]
