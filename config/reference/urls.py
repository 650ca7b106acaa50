"""api/v1/: what describes the API."""

from django.urls import path

from config.reference import views

app_name = "reference"
urlpatterns = [
    path("docs", views.api_reference, name="api_reference"),
    path("openapi.json", views.openapi_json, name="openapi_json"),
]
