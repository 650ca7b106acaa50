"""The map of a development server, where the double's pages are."""

from django.urls import include, path

from config import urls as house

handler404 = house.handler404
urlpatterns = [
    *house.urlpatterns,
    path("fakestripe/", include("billing.fakestripe.urls")),
]
