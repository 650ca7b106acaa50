"""tasks/labels/: the words tasks are marked with."""

from django.urls import path

from tasks.labels import views

app_name = "labels"
urlpatterns = [
    # /tasks/labels/
    path("", views.label_list, name="label_list"),
    path("new/", views.label_create, name="label_create"),
    path("<uuid:pk>/edit/", views.label_edit, name="label_edit"),
    path("<uuid:pk>/delete/", views.label_delete, name="label_delete"),
]
