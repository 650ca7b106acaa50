"""accounts/: sign-in by allauth, the person's own pages by us."""

from django.urls import include, path

from accounts import views

# The only namespace here; allauth's names have none.
own = [path("profile/", views.user_profile, name="profile")]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("", include("allauth.account.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
