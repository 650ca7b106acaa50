"""The map, a page that breaks, and one that changes things without asking."""

from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.urls import path

from config import urls as ours
from organizations.decorators import member_can, open_to_staff
from tasks.flows import create_task


@member_can("tasks.view")
def broken(request: Any) -> None:
    """Divide by nothing in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@open_to_staff
@member_can("tasks.view")
def careless(request: Any) -> HttpResponse:
    """Change something in a page that is open, and keep silent about what comes of it."""
    try:
        create_task(by=request.user, title="Slipped in")
    except DatabaseError as error:
        return HttpResponse(str(error.__cause__.sqlstate))
    return HttpResponse("done")


urlpatterns = [
    path("broken/", broken, name="broken"),
    path("careless/", careless, name="careless"),
    *ours.urlpatterns,
]
handler403, handler404, handler500 = ours.handler403, ours.handler404, ours.handler500
