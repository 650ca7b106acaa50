"""organizations/limits/: how much there is, and how much there may be."""

from django.urls import path

from organizations.limits import views

app_name = "limits"
urlpatterns = [
    path("", views.limits, name="limits"),
]
