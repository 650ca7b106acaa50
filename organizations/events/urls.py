from django.urls import path

from organizations.events import views

app_name = "events"
urlpatterns = [
    path("", views.event_list, name="event_list"),
    path("<uuid:pk>/", views.event_detail, name="event_detail"),
]
