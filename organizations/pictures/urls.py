"""pictures/: what the avatars show, and the logo of an organization."""

from django.urls import path

from organizations.pictures import views

app_name = "pictures"
urlpatterns = [
    path("people/<uuid:person>/", views.person, name="person"),
    path("organizations/<uuid:owner>/", views.organization, name="organization"),
    path("logo/", views.logo_change, name="logo_change"),
    path("logo/remove/", views.logo_remove, name="logo_remove"),
]
