"""accounts/: sign-in by allauth, the person's own pages by us."""

from django.urls import include, path

urlpatterns = [
    path("", include("allauth.account.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
