"""tasks/export/: what a list shows, as a file."""

from django.urls import path

from tasks.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.task_export, name="task_export"),
]
