"""Pages of one property: each field of a task has a small form of its own."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from organizations.decorators import member_can
from organizations.http import TenantRequest
from tasks.activity import clashes, last_editor, shown
from tasks.answers import LINES, PARTS, changed_line, changed_part
from tasks.conflicts import EditConflict
from tasks.forms import FieldForm, initial_of
from tasks.meanwhile import asking_again
from tasks.models import Task
from tasks.origins import came_from, task_page


@require_http_methods(["GET", "POST"])
@member_can("tasks.edit")
def task_change(request: TenantRequest, number: int, field: str) -> HttpResponse:
    if field not in PARTS:
        raise Http404
    task = numbered(number)
    posted = request.POST if request.method == "POST" else None
    form = FieldForm(field, posted, initial=initial_of(task, [field]))
    if form.is_valid():
        with asking_again(form):
            return saved(request, task, form)
        # What could not be written stands in the task that was at hand.
        task = numbered(number)
    return form_page(request, task, form)


def numbered(number: int) -> Task:
    """Return a task by its number; Http404 when there is none."""
    rows = Task.objects.select_related("team")
    task: Task = get_object_or_404(rows, number=number)
    return task


def saved(request: TenantRequest, task: Task, form: FieldForm) -> HttpResponse:
    """Write what a form changed and show it, or ask what is to stand."""
    values = dict(form.cleaned_data)
    back = values.pop("next") or task_page(request, task.pk)
    try:
        changed = task.edit(by=request.user, **values)
    except EditConflict:
        return conflict_page(request, task, form)
    if request.htmx:
        return answered(request, task, form.name, is_changed=bool(changed))
    return HttpResponseRedirect(back)


def answered(
    request: TenantRequest, task: Task, field: str, *, is_changed: bool
) -> HttpResponse:
    """Return what the place that asked shows of the task."""
    place = wanted(request)
    if place in LINES:
        return changed_line(request, task, field, place, is_changed=is_changed)
    return changed_part(request, task, field, is_changed=is_changed)


def wanted(request: TenantRequest) -> str:
    """Return what stands where the form was opened: a row, a card, else the page."""
    place = request.GET.get("as", "")
    return place if place in LINES else ""


def form_page(
    request: TenantRequest,
    task: Task,
    form: FieldForm,
    status: int = 200,
    **conflict: Any,
) -> HttpResponse:
    """Return the form of one field: for a menu of a page, or as a page of its own."""
    if form.errors:
        status = 422
    place, part = wanted(request), PARTS[form.name]
    # A row has no name of its own: the list's script knows where it is.
    targets = {"row": "this", "card": f"#card-{task.pk}", "": f"#{part}"}
    context = {
        "task": task,
        "key": task.key(request.organization.task_prefix),
        "form": form,
        "field": form.name,
        "label": form.field.label,
        "control": f"tasks/change_{form.name}.html",
        "place": place,
        "target": targets[place],
        "next": form["next"].value() if form.is_bound else came_from(request),
        **conflict,
    }
    part = "#form" if request.htmx else ""
    response = render(request, f"tasks/task_change.html{part}", context, status=status)
    if form.is_bound:
        response["HX-Retarget"], response["HX-Reswap"] = "this", "outerHTML"
    return response


def conflict_page(request: TenantRequest, task: Task, form: FieldForm) -> HttpResponse:
    """Show both values; sending the form again then writes what stands in it."""
    present = initial_of(task, [form.name])
    posted = request.POST.copy()
    posted["base"] = present["base"]
    return form_page(
        request,
        task,
        FieldForm(form.name, posted, initial=present),
        # A part of a page shows what comes with a 422, and nothing of a 409.
        status=422 if request.htmx else 409,
        clashes=clashes(task, [form.name]),
        other=last_editor(task),
        mine=mine(form),
    )


def mine(form: FieldForm) -> str:
    """Return what somebody chose where the form itself does not tell it."""
    if form.is_text:
        return ""
    value = form.cleaned_data[form.name]
    several = form.name in ("assignees", "labels")
    return shown(form.name, [str(one) for one in value] if several else value)
