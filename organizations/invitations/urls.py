"""organizations/invitations/: who is invited, and the links that let people in."""

from django.urls import path

from organizations.invitations import views

app_name = "invitations"
urlpatterns = [
    # /organizations/invitations/
    path("", views.invitation_list, name="invitation_list"),
    path("new/", views.invitation_create, name="invitation_create"),
    path("link/", views.link_create, name="link_create"),
    path("accept/", views.accept_mine, name="accept_mine"),
    # /organizations/invitations/<id>/
    path("<uuid:pk>/resend/", views.invitation_resend, name="invitation_resend"),
    path("<uuid:pk>/revoke/", views.invitation_revoke, name="invitation_revoke"),
]
