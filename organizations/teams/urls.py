"""organizations/teams/: groups of people."""

from django.urls import path

from organizations.teams import views

app_name = "teams"
urlpatterns = [
    # /organizations/teams/
    path("", views.team_list, name="team_list"),
    path("new/", views.team_create, name="team_create"),
    path("rest/", views.team_rest, name="team_rest"),
    # /organizations/teams/<id>/
    path("<uuid:pk>/", views.team_detail, name="team_detail"),
    path("<uuid:pk>/edit/", views.team_edit, name="team_edit"),
    path("<uuid:pk>/delete/", views.team_delete, name="team_delete"),
    path("<uuid:pk>/restore/", views.team_restore, name="team_restore"),
    path("<uuid:pk>/add/", views.team_add, name="team_add"),
    path("<uuid:pk>/take-out/", views.team_take_out, name="team_take_out"),
    path("<uuid:pk>/choose/", views.team_choose, name="team_choose"),
]
