"""join/: what somebody finds who was invited; the token says by whom."""

from django.urls import path

from organizations.invitations import views

app_name = "join"
urlpatterns = [
    # /join/<token>/
    path("<str:token>/", views.show, name="show"),
    path("<str:token>/accept/", views.accept, name="accept"),
    path("<str:token>/decline/", views.decline, name="decline"),
    path("<str:token>/continue/", views.carry_on, name="carry_on"),
    path("<str:token>/switch/", views.switch_person, name="switch_person"),
    path("<str:token>/ask/", views.ask_again, name="ask_again"),
]
