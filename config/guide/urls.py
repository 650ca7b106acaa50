"""docs/ and jump/: the articles, and the way to any page."""

from django.urls import path

from config.guide import views

app_name = "guide"
urlpatterns = [
    path("docs/", views.contents, name="contents"),
    path("docs/<slug:article>/", views.article, name="article"),
    path("jump/", views.jump, name="jump"),
]
