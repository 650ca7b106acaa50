"""Whether the process lives, whether it can work, and its figures."""

from collections.abc import Callable
from functools import cache
from typing import Final

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateEvent

from config import metrics

Applied = frozenset[tuple[str, str]]


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    try:
        pending = expected_migrations() - applied_migrations()
        waiting = queue_age()
    except DatabaseError:
        return answer(["the database does not answer"])
    return answer(["migrations are pending"] if pending else [], waiting)


VIEWS: Final = {"/healthz": healthz, "/readyz": readyz}
FIGURES: Final = "/metrics"


class HealthMiddleware:
    """Answers those who watch before sessions: they need neither person nor tenant."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # For whoever has no token the address is as missing as any other.
        if request.path_info == FIGURES and metrics.is_asked_rightly(request):
            return metrics.answer(request)
        return VIEWS.get(request.path_info, self.get_response)(request)


def answer(problems: list[str], waiting: int | None = None) -> JsonResponse:
    return JsonResponse(
        {
            "status": "away" if problems else "ready",
            "problems": problems,
            "queue_age_seconds": waiting,
        },
        status=503 if problems else 200,
    )


@cache
def expected_migrations() -> Applied:
    """Return the last migration of every app, read from disk once a process."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def applied_migrations() -> Applied:
    """Return the migrations the database knows."""
    rows = MigrationRecorder.Migration.objects.using(connection.alias)
    return frozenset(rows.values_list("app", "name"))


def queue_age() -> int:
    """Return for how many seconds the oldest due job has been waiting."""
    now = timezone.now()
    due = Q(job__scheduled_at=None) | Q(job__scheduled_at__lte=now)
    oldest = ProcrastinateEvent.objects.filter(
        due, type="deferred", job__status="todo"
    ).aggregate(Min("at"))["at__min"]
    return int((now - oldest).total_seconds()) if oldest else 0
