"""tasks/: the list, one task, and what can be done to it."""

from django.urls import path

from tasks import behind, changing, mine, moving, views

app_name = "tasks"
urlpatterns = [
    # /tasks/
    path("", views.task_list, name="task_list"),
    path("mine/", mine.my_tasks, name="my_tasks"),
    path("board/", moving.task_board, name="task_board"),
    path("new/", views.task_create, name="task_create"),
    # /tasks/: what its filters offer
    path("people/", views.assignee_list, name="assignee_list"),
    path("with-label/", views.label_choices, name="label_choices"),
    path("of-team/", views.team_choices, name="team_choices"),
    # /tasks/<number>/: pages by what people call the task
    path("<int:number>/", views.task_numbered, name="task_numbered"),
    path("<int:number>/row/", behind.task_row, name="task_row"),
    path("<int:number>/status/", views.status_numbered, name="status_numbered"),
    path("<int:number>/edit/", views.edit_numbered, name="edit_numbered"),
    # /tasks/<number>/change/<field>/: one property by itself
    path("<int:number>/change/<slug:field>/", changing.task_change, name="task_change"),
    # /tasks/<id>/
    path("<uuid:pk>/", views.task_detail, name="task_detail"),
    path("<uuid:pk>/edit/", views.task_edit, name="task_edit"),
    path("<uuid:pk>/status/", views.task_status, name="task_status"),
    path("<uuid:pk>/move/", moving.task_move, name="task_move"),
    path("<uuid:pk>/delete/", views.task_delete, name="task_delete"),
    path("<uuid:pk>/restore/", views.task_restore, name="task_restore"),
]
