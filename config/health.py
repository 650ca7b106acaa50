"""Whether the process lives, and whether it can work."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    problems = readiness_problems()
    status = 503 if problems else 200
    answer = {"status": "away" if problems else "ready", "problems": problems}
    return JsonResponse(answer, status=status)


def readiness_problems() -> list[str]:
    """Return what keeps this process from working, in words."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return ["the database does not answer"]
    return ["migrations are pending"] if pending else []
