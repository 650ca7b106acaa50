"""developers/webhooks/: endpoints, their log, and everything done to them."""

from django.urls import path

from organizations.webhooks import views

app_name = "webhooks"
urlpatterns = [
    # /developers/webhooks/
    path("", views.endpoint_list, name="endpoint_list"),
    path("new/", views.endpoint_create, name="endpoint_create"),
    # /developers/webhooks/<id>/
    path("<uuid:pk>/", views.endpoint_detail, name="endpoint_detail"),
    path("<uuid:pk>/edit/", views.endpoint_edit, name="endpoint_edit"),
    path("<uuid:pk>/secret/", views.endpoint_roll, name="endpoint_roll"),
    path("<uuid:pk>/pause/", views.endpoint_pause, name="endpoint_pause"),
    path("<uuid:pk>/resume/", views.endpoint_resume, name="endpoint_resume"),
    path("<uuid:pk>/remove/", views.endpoint_remove, name="endpoint_remove"),
    path("<uuid:pk>/test/", views.endpoint_test, name="endpoint_test"),
    path("<uuid:pk>/replay/", views.endpoint_replay, name="endpoint_replay"),
    # /developers/webhooks/deliveries/<id>/
    path("deliveries/<uuid:delivery>/", views.delivery_detail, name="delivery_detail"),
    path(
        "deliveries/<uuid:delivery>/replay/",
        views.delivery_replay,
        name="delivery_replay",
    ),
]
