"""What describes the API, open to everybody."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.reference.openapi import schema_text
from config.reference.pages import codes, groups
from organizations.decorators import public


@require_GET
@public
def openapi_json(request: HttpRequest) -> HttpResponse:
    return HttpResponse(schema_text(), content_type="application/json")


@require_GET
@public
def api_reference(request: HttpRequest) -> HttpResponse:
    context = {
        "groups": groups(),
        "codes": codes(),
        "base": settings.BASE_URL.rstrip("/"),
    }
    return render(request, "reference/api_reference.html", context)
