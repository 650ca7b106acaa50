"""What htmx gets back from a change of a member: the row and a toast."""

import json
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from organizations.http import TenantRequest
from organizations.members.forms import RoleForm
from organizations.models import Membership, Role

ROW = "members/member_list.html#row"


def changed_row(
    request: TenantRequest, member: Membership, text: str, undo: str
) -> HttpResponse:
    """Return the row of a changed member; a whole new page for one's own."""
    if member.user_id == request.user.pk:
        return HttpResponseClientRefresh()
    response = render(request, ROW, {"member": member})
    toast = {"text": text, "undo": undo}
    response["HX-Trigger"] = json.dumps({"toast": toast})
    return response


def refused_row(
    request: TenantRequest, member: Membership, form: RoleForm
) -> HttpResponse:
    """Return the row as it was, and say why nothing was changed."""
    response = render(request, ROW, {"member": member}, status=422)
    text = " ".join(str(error) for error in form.errors["role"])
    toast = {"text": text, "level": "error"}
    response["HX-Trigger"] = json.dumps({"toast": toast})
    return response


def role_undo(member: Membership, before: str) -> str:
    """Return the address that gives a role back; nothing where it can't be given."""
    if before in (Role.OWNER, member.role):
        return ""
    address = reverse("members:member_role", args=[member.pk])
    return f"{address}?{urlencode({'role': before})}"


def say_last_owner(member: Membership) -> str:
    """Return the sentence that keeps the last owner."""
    text = _("%(name)s is the only owner. Offer the ownership to somebody else first.")
    return text % {"name": member.user}
