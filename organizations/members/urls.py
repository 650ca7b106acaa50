"""organizations/members/: who belongs here, what they may do, and who owns it."""

from django.urls import path

from organizations.members import views

app_name = "members"
urlpatterns = [
    # /organizations/members/
    path("", views.member_list, name="member_list"),
    path("leave/", views.member_leave, name="member_leave"),
    # /organizations/members/ownership/
    path("ownership/", views.ownership, name="ownership"),
    path("ownership/accept/", views.ownership_accept, name="ownership_accept"),
    path("ownership/decline/", views.ownership_decline, name="ownership_decline"),
    path("ownership/withdraw/", views.ownership_withdraw, name="ownership_withdraw"),
    # /organizations/members/<id>/
    path("<uuid:pk>/", views.member_detail, name="member_detail"),
    path("<uuid:pk>/role/", views.member_role, name="member_role"),
    path("<uuid:pk>/suspend/", views.member_suspend, name="member_suspend"),
    path("<uuid:pk>/unsuspend/", views.member_unsuspend, name="member_unsuspend"),
    path("<uuid:pk>/remove/", views.member_remove, name="member_remove"),
    path("<uuid:pk>/offer/", views.ownership_offer, name="ownership_offer"),
]
