"""welcome/: the set-up of newcomers."""

from django.urls import path

from organizations.onboarding import views

app_name = "onboarding"
urlpatterns = [
    path("", views.start, name="start"),
    path("dismiss/", views.dismiss, name="dismiss"),
    path("address/", views.address, name="address"),
    path("<uuid:pk>/", views.step, name="step"),
]
