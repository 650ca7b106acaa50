"""The guide's pages, open to everybody."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.guide import jumping, searching, shelf
from organizations.decorators import public
from organizations.http import TenantRequest


@require_GET
@public
def contents(request: TenantRequest) -> HttpResponse:
    spoken, words = shelf.language(), searching.tidy(request.GET.get("q", ""))
    context = {
        "groups": shelf.groups(spoken),
        "words": words,
        "hits": searching.find(words, spoken),
        "canonical": canonical(request),
    }
    narrows = request.htmx and not request.htmx.history_restore_request
    part = "#found" if narrows else ""
    return render(request, f"guide/contents.html{part}", context)


@require_GET
@public
def article(request: HttpRequest, article: str) -> HttpResponse:
    spoken = shelf.language()
    try:
        shown = shelf.article(article, spoken)
    except KeyError:
        raise Http404 from None
    before, after = shelf.beside(article, spoken)
    context = {
        "article": shown,
        "groups": shelf.groups(spoken),
        "before": before,
        "after": after,
        "canonical": canonical(request),
    }
    return render(request, "guide/article.html", context)


@require_GET
@public
def jump(request: TenantRequest) -> HttpResponse:
    words = searching.tidy(request.GET.get("q", ""))
    groups = jumping.offers(request, words)
    count = sum(len(group.places) for group in groups)
    context = {"groups": groups, "words": words, "count": count}
    part = ""
    if request.htmx and not request.htmx.history_restore_request:
        part = "#found" if request.htmx.target == "jump-found" else "#dialog"
    return render(request, f"guide/jump.html{part}", context)


def canonical(request: HttpRequest) -> str:
    """Return a page's one address, without what was asked for."""
    return settings.BASE_URL.rstrip("/") + request.path
