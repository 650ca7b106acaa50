"""The house with a page of billing, whatever billing is there."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config import urls


def overview(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


billing = ([path("", overview, name="overview")], "billing")
urlpatterns = [path("billing/", include(billing)), *urls.urlpatterns]
handler403, handler404 = urls.handler403, urls.handler404
