"""What is answered to changes of many tasks: where to go on, and in which words."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django_htmx.http import HttpResponseClientRefresh

from organizations.http import TenantRequest
from organizations.teams.models import Team
from tasks.changesets.forms import BulkForm, SelectionForm
from tasks.changesets.models import ChangeSet, Kind
from tasks.changesets.selection import matching
from tasks.choices import Priority, Status
from tasks.filters import read
from tasks.forms import members
from tasks.labels.models import Label
from tasks.origins import came_from

PAGE = "changesets/bulk_edit.html"


def bulk_menus(request: TenantRequest) -> HttpResponse:
    """Return the menus of a list's bar, or the page that does without a list."""
    filters = read(request.GET)
    context = {
        "statuses": Status.choices,
        "priorities": Priority.choices[::-1],
        "total": matching(filters, request.user.pk).count(),
        "matching": filters.address(cursor=None),
    }
    if request.htmx:
        context |= {
            "people": members(),
            "labels": Label.objects.order_by("name"),
            "teams": Team.objects.order_by("name"),
        }
        return render(request, f"{PAGE}#menus", context)
    form = BulkForm(initial={"all": True, "matching": context["matching"]})
    return render(request, PAGE, context | {"form": form})


def bulk_page(request: TenantRequest, form: BulkForm) -> HttpResponse:
    """Return the page that asks what to change, with its tasks still selected."""
    status = 200 if form.is_valid() else 422
    wanted = form.cleaned_data
    total = None
    if form.is_valid():
        total = form.selection.rows(request.user.pk).count()
    context = {
        "form": form,
        "picked": wanted.get("pick", ()),
        "matching": wanted.get("matching", ""),
        "total": total,
    }
    return render(request, PAGE, context, status=status)


def changed(
    request: TenantRequest, form: SelectionForm, made: ChangeSet | None
) -> HttpResponse:
    """Tell what was done and go back to the list; a large change has a page to watch."""
    if made is not None and made.is_working:
        return redirect("changesets:change_detail", made.pk)
    if made is None:
        messages.info(request, gettext("Nothing to change: the tasks are so, or gone"))
    else:
        undo = reverse("changesets:change_undo", args=[made.pk])
        text = sentence(made, form.selection.size)
        messages.success(request, text, extra_tags=undo)
    return HttpResponseRedirect(reverse("tasks:task_list") + form.way_back)


def sentence(made: ChangeSet, picked: int) -> str:
    """Return how many tasks were changed, and how many were not."""
    count = number(made.count)
    if made.kind == Kind.DELETE:
        text = ngettext(
            "%(count)s task moved to the trash",
            "%(count)s tasks moved to the trash",
            made.count,
        )
    else:
        text = ngettext("%(count)s task changed", "%(count)s tasks changed", made.count)
    text %= {"count": count}
    if picked <= made.count:
        return text
    rest = gettext("%(rest)s were so already, or are gone")
    return f"{text}. {rest % {'rest': number(picked - made.count)}}"


def progress(request: TenantRequest, change: ChangeSet) -> HttpResponse:
    """Return how far a change has come; at its end the page is loaded anew."""
    if not change.is_working:
        return HttpResponseClientRefresh()
    page = "changesets/change_detail.html#progress"
    return render(request, page, {"change": change})


def undone(request: TenantRequest, change: ChangeSet) -> HttpResponse:
    """Tell what was taken back; what was kept is on the change's page."""
    if not change.is_working:
        messages.success(request, undone_sentence(change))
    back = came_from(request)
    if change.is_working or change.kept or not back:
        return redirect("changesets:change_detail", change.pk)
    return HttpResponseRedirect(back)


def undone_sentence(change: ChangeSet) -> str:
    text = ngettext(
        "%(count)s task is as it was",
        "%(count)s tasks are as they were",
        change.reverted,
    ) % {"count": number(change.reverted)}
    if not change.kept:
        return text
    rest = ngettext(
        "%(count)s was changed since and is kept",
        "%(count)s were changed since and are kept",
        change.kept,
    )
    return f"{text}. {rest % {'count': number(change.kept)}}"


def restored(request: TenantRequest, count: int) -> None:
    """Tell how many tasks have come out of the trash."""
    if not count:
        messages.info(request, gettext("Nothing was restored: select tasks first"))
        return
    text = ngettext("%(count)s task is back", "%(count)s tasks are back", count)
    messages.success(request, text % {"count": number(count)})


def added(count: int) -> str:
    """Return how many tasks were made."""
    text = ngettext("%(count)s task created", "%(count)s tasks created", count)
    return text % {"count": number(count)}


def number(count: Any) -> str:
    return number_format(count, force_grouping=True) if count > 999 else str(count)
