"""Pages of tasks."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from organizations.decorators import member_can
from organizations.http import TenantRequest


@require_GET
@member_can("tasks.view")
def task_list(request: TenantRequest) -> HttpResponse:
    return render(request, "tasks/task_list.html")
