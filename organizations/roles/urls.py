"""organizations/roles/: roles of an organization's own, and who may do what why."""

from django.urls import path

from organizations.roles import views

app_name = "roles"
urlpatterns = [
    # /organizations/roles/
    path("", views.role_list, name="role_list"),
    path("new/", views.role_create, name="role_create"),
    path("assign/", views.role_assign, name="role_assign"),
    # /organizations/roles/why/<membership>/
    path("why/<uuid:member>/", views.role_why, name="role_why"),
    # /organizations/roles/<id>/
    path("<uuid:pk>/edit/", views.role_edit, name="role_edit"),
    path("<uuid:pk>/delete/", views.role_delete, name="role_delete"),
]
