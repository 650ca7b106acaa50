"""inbox/: what one was told, and what one wants to hear."""

from django.urls import path

from organizations.notifications import views

app_name = "notifications"
urlpatterns = [
    # /inbox/
    path("", views.inbox, name="inbox"),
    path("unread/", views.unread, name="unread"),
    path("read/", views.read_all, name="read_all"),
    path("settings/", views.preferences, name="preferences"),
    path("unsubscribe/<str:way_out>/", views.unsubscribe, name="unsubscribe"),
    # /inbox/<id>/
    path("<uuid:pk>/", views.notification_open, name="notification_open"),
    path("<uuid:pk>/read/", views.notification_read, name="notification_read"),
    path("<uuid:pk>/unread/", views.notification_unread, name="notification_unread"),
    path("<uuid:pk>/archive/", views.notification_archive, name="notification_archive"),
    path(
        "<uuid:pk>/unarchive/",
        views.notification_unarchive,
        name="notification_unarchive",
    ),
]
