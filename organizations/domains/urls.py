"""organizations/domains/: proven mail domains, and joining through them."""

from django.urls import path

from organizations.domains import views

app_name = "domains"
urlpatterns = [
    # /organizations/domains/
    path("", views.domain_list, name="domain_list"),
    path("new/", views.domain_create, name="domain_create"),
    path("near/", views.near, name="near"),
    path("join/", views.join, name="join"),
    path("requests/", views.request_list, name="request_list"),
    # /organizations/domains/<id>/
    path("<uuid:pk>/", views.domain_detail, name="domain_detail"),
    path("<uuid:pk>/verify/", views.domain_verify, name="domain_verify"),
    path("<uuid:pk>/joining/", views.domain_joining, name="domain_joining"),
    path("<uuid:pk>/remove/", views.domain_remove, name="domain_remove"),
    # /organizations/domains/requests/<id>/
    path(
        "requests/<uuid:wish>/approve/", views.request_approve, name="request_approve"
    ),
    path("requests/<uuid:wish>/deny/", views.request_deny, name="request_deny"),
]
