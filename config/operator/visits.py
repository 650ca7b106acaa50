"""The page on which staff begin to look on as a person: where, why, and for how long."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.impersonation.models import (
    LENGTHS,
    PERMISSION,
    REASON_LENGTH,
    USUAL_LENGTH,
    may_be_shown,
)
from accounts.models import User
from accounts.proving import to_prove
from accounts.ways import page_of_ours
from config.operator.audited import AuditedAdmin
from organizations.models import Organization
from organizations.support import visiting

ROWS = {"rows": 3}


def lengths() -> list[tuple[int, str]]:
    """Return how long a stay may last, in words."""
    words = ngettext("%d minute", "%d minutes", max(LENGTHS))
    return [(minutes, words % minutes) for minutes in LENGTHS]


class VisitForm(forms.Form):
    """Where, why and for how long staff look on."""

    organization = forms.ChoiceField(
        label=gettext_lazy("Organization"),
        help_text=gettext_lazy(
            "Only this one is shown. Its owners and admins see that you were there,"
            " why, and what you looked at."
        ),
        required=False,
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("How long"),
        choices=lengths,
        coerce=int,
        initial=USUAL_LENGTH,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs=ROWS),
        help_text=gettext_lazy("The organization reads it in its audit log."),
        error_messages={
            "required": gettext_lazy("Say why, in a sentence the customer understands.")
        },
    )

    def __init__(self, *args: Any, places: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in places}
        if places:
            field: Any = self.fields["organization"]
            field.choices = [(key, str(one)) for key, one in self.places.items()]
            field.required = True
        else:
            del self.fields["organization"]

    def values(self) -> dict[str, Any]:
        """Return what `visiting.start` takes."""
        values = dict(self.cleaned_data)
        key = values.pop("organization", None)
        return values | {"organization": self.places.get(key or "")}


class VisitPage(AuditedAdmin):
    """People's page with a further one, on which a stay begins."""

    def get_urls(self) -> list[Any]:
        def page(request: HttpRequest, object_id: Any) -> HttpResponse:
            return self.admin_site.admin_view(self.visit_view)(request, object_id)

        own = path("<uuid:object_id>/visit/", page, name="accounts_user_visit")
        return [own, *super().get_urls()]

    def visit_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        person = self.person_to_visit(request, object_id)
        place = request.GET.get("organization", "")
        asked = to_prove(request, request.GET.urlencode())
        if asked is not None and request.user.has_second_factor:  # type: ignore[union-attr]
            return asked
        posted = request.POST if request.method == "POST" else None
        form = VisitForm(
            posted,
            places=visiting.places_of(person),
            initial={"organization": place},
        )
        if form.is_valid() and request.user.has_second_factor:  # type: ignore[union-attr]
            return begin(request, person, form)
        return self.visit_page(request, person, form)

    def visit_page(
        self, request: HttpRequest, person: User, form: VisitForm
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Look on as %(name)s") % {"name": person},
            "form": form,
            "original": person,
            "back": back_of(request, person),
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/visit.html", context, status=status)

    def person_to_visit(self, request: HttpRequest, object_id: Any) -> User:
        """Return whom staff may look on as: nobody who works here, an open account."""
        person = self.get_object(request, str(object_id))
        if person is None:
            raise Http404
        if not request.user.has_perm(PERMISSION) or not may_be_shown(person):
            raise PermissionDenied
        return person

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        if row and request.user.has_perm(PERMISSION) and may_be_shown(row):
            url = reverse("admin:accounts_user_visit", args=[row.pk])
            tool = {"url": url, "words": _("Look on as this person")}
            context.setdefault("tools", []).append(tool)
        return super().render_change_form(request, context, *args, **kwargs)


def begin(request: HttpRequest, person: User, form: VisitForm) -> HttpResponse:
    """Begin a stay in this browser, and show what the person sees first."""
    stay = visiting.start(staff=request.user, person=person, **form.values())
    visiting.turn(request, stay, back_of(request, person))
    return HttpResponseRedirect("/")


def back_of(request: HttpRequest, person: User) -> str:
    """Return the page of the console that led here."""
    own = reverse("admin:accounts_user_change", args=[person.pk])
    return page_of_ours(request.GET.get("back", ""), own)
