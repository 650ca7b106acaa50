"""tasks/: many tasks at once, what was done to them, and the trash."""

from django.urls import path

from tasks.changesets import views

app_name = "changesets"
urlpatterns = [
    # /tasks/
    path("bulk/", views.bulk_edit, name="bulk_edit"),
    path("bulk/delete/", views.bulk_delete, name="bulk_delete"),
    path("new/several/", views.task_several, name="task_several"),
    path("trash/", views.trash, name="trash"),
    path("trash/restore/", views.trash_restore, name="trash_restore"),
    path("changes/", views.change_list, name="change_list"),
    # /tasks/changes/<id>/
    path("changes/<uuid:pk>/", views.change_detail, name="change_detail"),
    path("changes/<uuid:pk>/undo/", views.change_undo, name="change_undo"),
]
