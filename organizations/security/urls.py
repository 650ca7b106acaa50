"""organizations/security/: the second step an organization asks for."""

from django.urls import path

from organizations.security import views

app_name = "security"
urlpatterns = [
    # /organizations/security/
    path("second-step/", views.second_step, name="second_step"),
    path("second-step/policy/", views.second_step_policy, name="second_step_policy"),
]
