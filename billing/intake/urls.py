from django.urls import path

from billing.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.stripe_event, name="stripe_event"),
]
