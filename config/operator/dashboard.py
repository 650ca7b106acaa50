"""All that the console's first page shows, asked for in few statements and no long ones."""

from typing import Any

from django.contrib.admin import AdminSite
from django.db import OperationalError
from django.http import HttpRequest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from config.doctor.asking import limited
from config.operator import attention, drawings
from config.operator.overview import Overview
from config.operator.periods import CHOICES, period
from config.operator.revenue import revenue
from config.queue import standing


def dashboard(site: AdminSite, request: HttpRequest) -> dict[str, Any]:
    """Return the page's context; without figures when counting takes too long."""
    seen = Overview(site, request, period(request))
    about = {"period": seen.period, "choices": CHOICES, "now": timezone.now()}
    try:
        with limited("operator"):
            return about | counted(site, request, seen)
    except OperationalError:
        return about | {"is_late": True}


def counted(site: AdminSite, request: HttpRequest, seen: Overview) -> dict[str, Any]:
    queue = standing("operator") if seen.may(ProcrastinateJob) else None
    joined = seen.signups()
    return {
        "figures": seen.figures(queue, joined),
        "line": drawings.signups(seen.period, joined),
        "bars": drawings.deliveries(seen),
        "looks": attention.to_look_at(seen),
        "hands": attention.needing_a_hand(seen, queue),
        "revenue": revenue(site, request),
        "entries": seen.entries(),
    }
