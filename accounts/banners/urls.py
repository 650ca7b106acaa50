"""accounts/banners/: what one has read and puts away."""

from django.urls import path

from accounts.banners import views

app_name = "banners"
urlpatterns = [
    path("<uuid:pk>/dismiss/", views.banner_dismiss, name="banner_dismiss"),
]
