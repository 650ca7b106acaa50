"""tasks/: the list, one task, and what can be done to it."""

from django.urls import path

from tasks import views

app_name = "tasks"
urlpatterns = [
    path("", views.task_list, name="task_list"),
]
