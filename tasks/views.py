"""Pages of tasks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from organizations.decorators import member_can
from organizations.events.product import track
from organizations.http import TenantRequest
from organizations.limits.answers import told_by
from organizations.teams.models import Team
from tasks import queries
from tasks.activity import (
    clashes,
    creator_of,
    last_editor,
    more_of,
    properties,
)
from tasks.answers import changed_row, new_row, quick_refusal
from tasks.choices import Status
from tasks.conflicts import EditConflict
from tasks.drawer import around, gone, shown
from tasks.filters import read
from tasks.flows import create_task
from tasks.forms import QuickTaskForm, StatusForm, TaskForm, initial_of, members
from tasks.labels.models import Label
from tasks.listing import continued, page_context
from tasks.meanwhile import asking_again
from tasks.models import Task
from tasks.origins import came_from, task_page


@require_GET
@member_can("tasks.view")
def task_list(request: TenantRequest) -> HttpResponse:
    filters = read(request.GET)
    listing = queries.task_list(filters, request.user.pk)
    if request.htmx and filters.cursor is not None:
        return HttpResponse(continued(request, filters, listing))
    if filters.words and not listing.rows:
        track("search.empty", words=len(filters.words.split()))
    context = page_context(request, filters, listing)
    return render(request, "tasks/task_list.html", context, using="drawn")


@require_GET
@member_can("tasks.view")
def assignee_list(request: TenantRequest) -> HttpResponse:
    return choices(request, "assignee", members())


@require_GET
@member_can("tasks.view")
def label_choices(request: TenantRequest) -> HttpResponse:
    return choices(request, "label", Label.objects.order_by("name"))


@require_GET
@member_can("tasks.view")
def team_choices(request: TenantRequest) -> HttpResponse:
    return choices(request, "team", Team.objects.order_by("name"))


def choices(request: TenantRequest, name: str, rows: Any) -> HttpResponse:
    """Answer with the list, or the board, narrowed to each of these."""
    filters = read(request.GET)
    view = "board" if request.GET.get("view") == "board" else "list"
    base = reverse(f"tasks:task_{view}")
    found = [
        (row, base + filters.address(**{name: str(row.pk)}, cursor=None))
        for row in rows
    ]
    part = "#menu" if request.htmx else ""
    page = {"choices": found, "name": name}
    return render(request, f"tasks/choices.html{part}", page)


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def task_create(request: TenantRequest) -> HttpResponse:
    if request.htmx and request.method == "POST":
        return quick_create(request)
    posted = with_defaults(request.POST) if request.method == "POST" else None
    # A column of the board begins a task in its own status.
    form = TaskForm(posted, initial={"status": read(request.GET).status or Status.TODO})
    if form.is_valid():
        with told_by(form, request), asking_again(form):
            return created(request, form)
    return form_page(request, "tasks/task_create.html", {"form": form})


def created(request: TenantRequest, form: TaskForm) -> HttpResponse:
    """Make the task of a form and go on to the list."""
    form.cleaned_data.pop("base")
    task = create_task(by=request.user, **form.cleaned_data)
    key = task.key(request.organization.task_prefix)
    messages.success(request, gettext("%(key)s created") % {"key": key})
    return redirect("tasks:task_list")


def quick_create(request: TenantRequest) -> HttpResponse:
    form = QuickTaskForm(request.POST)
    if form.is_valid():
        with told_by(form, request, "title"):
            task = create_task(by=request.user, title=form.cleaned_data["title"])
            return new_row(request, task)
    return quick_refusal(request, form)


def with_defaults(posted: Any) -> Any:
    """A title alone makes a task: what the quick form leaves out gets its default."""
    missing = {"status": "todo", "priority": "3"}.items() - posted.items()
    if not missing:
        return posted
    filled = posted.copy()
    for name, value in missing:
        filled.setdefault(name, value)
    return filled


@require_GET
@member_can("tasks.view")
def task_detail(request: TenantRequest, pk: UUID) -> HttpResponse:
    task = get_object_or_404(Task.objects.select_related("team"), pk=pk)
    context = {
        "task": task,
        "key": task.key(request.organization.task_prefix),
        "creator": creator_of(task),
        **properties(task),
        **more_of(task, request),
        **around(request, task),
    }
    return shown(request, context)


@require_GET
@member_can("tasks.view")
def task_numbered(request: TenantRequest, number: int) -> HttpResponseBase:
    return task_detail(request, pk_of(number))


@require_GET
@member_can("tasks.edit")
def edit_numbered(request: TenantRequest, number: int) -> HttpResponse:
    return redirect("tasks:task_edit", pk_of(number))


@require_GET
@member_can("tasks.edit")
def status_numbered(request: TenantRequest, number: int) -> HttpResponseBase:
    return task_status(request, pk_of(number))


def pk_of(number: int) -> UUID:
    """Return the id of a task by its number; Http404 when there is none."""
    found = Task.objects.filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def task_edit(request: TenantRequest, pk: UUID) -> HttpResponse:
    task = get_object_or_404(Task, pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = TaskForm(posted, initial=initial_of(task))
    if form.is_valid():
        with asking_again(form):
            return saved(request, task, form)
    return form_page(request, "tasks/task_edit.html", edit_page(request, task, form))


def saved(request: TenantRequest, task: Task, form: TaskForm) -> HttpResponse:
    """Write what a form changed and go on to the task, or ask what is to stand."""
    try:
        changed = task.edit(by=request.user, **form.cleaned_data)
    except EditConflict as conflict:
        return conflict_page(request, task, conflict)
    if changed:
        messages.success(request, gettext("Saved"))
    return redirect("tasks:task_detail", task.pk)


def edit_page(request: TenantRequest, task: Task, form: TaskForm) -> dict[str, Any]:
    key = task.key(request.organization.task_prefix)
    return {"form": form, "task": task, "key": key}


def conflict_page(
    request: TenantRequest, task: Task, conflict: EditConflict
) -> HttpResponse:
    """Show both values; sending the form again then writes what stands in it."""
    posted = request.POST.copy()
    posted["base"] = initial_of(task)["base"]
    form = TaskForm(posted, initial=initial_of(task))
    context = edit_page(request, task, form) | {
        "clashes": clashes(task, conflict.fields),
        "other": last_editor(task),
    }
    return render(request, "tasks/task_edit.html", context, status=409)


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def task_status(request: TenantRequest, pk: UUID) -> HttpResponse:
    form = StatusForm(request.POST)
    if request.method == "GET" or not form.is_valid():
        return status_page(request, pk)
    wanted = form.cleaned_data["status"]
    try:
        before = Task(id=pk, organization=request.organization).move(
            wanted, by=request.user
        )
    except Task.DoesNotExist as error:
        raise Http404 from error
    if request.htmx:
        return changed_row(request, before, wanted)
    # Not redirect(), which would take a word for the name of a route.
    return HttpResponseRedirect(form.cleaned_data["next"] or task_page(request, pk))


def status_page(request: TenantRequest, pk: UUID) -> HttpResponse:
    line = queries.task_row(pk)
    if not line.rows:
        raise Http404
    task = line.rows[0]
    context = {
        "task": task,
        "key": f"{request.organization.task_prefix}-{task.number}",
        "statuses": Status.choices,
        "next": came_from(request),
    }
    part = "#menu" if request.htmx else ""
    status = 422 if request.method == "POST" else 200
    return render(request, f"tasks/task_status.html{part}", context, status=status)


@require_POST
@member_can("tasks.delete")
def task_delete(request: TenantRequest, pk: UUID) -> HttpResponse:
    task = get_object_or_404(Task, pk=pk)
    task.remove(by=request.user)
    key = task.key(request.organization.task_prefix)
    text = gettext("%(key)s moved to the trash") % {"key": key}
    undo = reverse("tasks:task_restore", args=[pk])
    if request.htmx:
        return gone(task, text, undo)
    messages.success(request, text, extra_tags=undo)
    return redirect("tasks:task_list")


@require_POST
@member_can("tasks.delete")
def task_restore(request: TenantRequest, pk: UUID) -> HttpResponse:
    task: Task = get_object_or_404(Task.with_trash, pk=pk)
    if task.restore(by=request.user):
        key = task.key(request.organization.task_prefix)
        messages.success(request, gettext("%(key)s is back") % {"key": key})
    return redirect("tasks:task_detail", pk)


def form_page(
    request: TenantRequest, template: str, context: dict[str, Any]
) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, template, context, status=status)
