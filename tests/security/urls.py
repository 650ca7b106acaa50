"""The house's routes, and some that get into trouble on purpose."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import include, path

from config import urls
from organizations.decorators import public


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Lazy:
    """A value that asks the database when a template prints it."""

    def __str__(self) -> str:
        run("SELECT pg_terminate_backend(pg_backend_pid())")
        return "never"


@public
def lost(request: HttpRequest) -> HttpResponse:
    run("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse()


@public
def lost_while_rendering(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Template("{{ lazy }}").render(Context({"lazy": Lazy()})))


@public
def slow(request: HttpRequest) -> HttpResponse:
    run("SET statement_timeout = 20", "SELECT pg_sleep(5)")
    return HttpResponse()


@public
def wrong(request: HttpRequest) -> HttpResponse:
    run("SELECT nothing FROM nowhere")
    return HttpResponse()


@public
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@public
def secret(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse(key)


trouble = [
    path("secret/<str:key>/", secret, name="secret"),
    path("lost/", lost, name="lost"),
    path("lost-while-rendering/", lost_while_rendering, name="lost_while_rendering"),
    path("slow/", slow, name="slow"),
    path("wrong/", wrong, name="wrong"),
    path("broken/", broken, name="broken"),
]
urlpatterns = [path("trouble/", include(trouble)), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
