"""tasks/: what is said about a task, and who follows it."""

from django.urls import path

from tasks.comments import views

app_name = "comments"
urlpatterns = [
    # /tasks/
    path("preview/", views.markdown_preview, name="markdown_preview"),
    # /tasks/<id>/
    path("<uuid:task>/comments/", views.comment_list, name="comment_list"),
    path("<uuid:task>/comments/new/", views.comment_create, name="comment_create"),
    path("<uuid:task>/comments/people/", views.person_list, name="person_list"),
    path("<uuid:task>/watch/", views.watch, name="watch"),
    path("<uuid:task>/unwatch/", views.unwatch, name="unwatch"),
    path("<uuid:task>/mute/", views.mute, name="mute"),
    path("<uuid:task>/unmute/", views.unmute, name="unmute"),
    # /tasks/comments/<id>/
    path("comments/<uuid:comment>/", views.comment_detail, name="comment_detail"),
    path("comments/<uuid:comment>/edit/", views.comment_edit, name="comment_edit"),
    path(
        "comments/<uuid:comment>/delete/", views.comment_delete, name="comment_delete"
    ),
    path(
        "comments/<uuid:comment>/restore/",
        views.comment_restore,
        name="comment_restore",
    ),
]
