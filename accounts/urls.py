"""accounts/: sign-in by allauth, the person's own pages by us."""

from django.urls import include, path

from accounts import views

# The only namespace here; allauth's names have none.
own = [
    path("profile/", views.user_profile, name="profile"),
    path("profile/picture/", views.picture_change, name="picture_change"),
    path("profile/picture/remove/", views.picture_remove, name="picture_remove"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("", include("allauth.account.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
