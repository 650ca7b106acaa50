"""The pages on which staff ban one person, and let them in again: why, until when, and
what they are told."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from config.operator import acts
from config.operator.audited import AuditedAdmin
from organizations.models import Organization, owned_alone
from organizations.owners import LastOwner

LONGEST = timedelta(days=3660)
ROWS = {"rows": 3}
EACH = gettext_lazy("Tick every organization, or make somebody else an owner first.")


class LiftForm(forms.Form):
    """Why a person may sign in again."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs=ROWS),
        help_text=gettext_lazy("For your colleagues; the person never sees it."),
        error_messages={
            "required": gettext_lazy(
                "Say why, in a sentence the next colleague understands."
            )
        },
    )


class BanForm(LiftForm):
    """Why and how long; organizations left without an owner are named and closed."""

    message = forms.CharField(
        label=gettext_lazy("What the person is told"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=ROWS),
        help_text=gettext_lazy("Shown at sign-in, after the right password."),
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Ends"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=gettext_lazy(
            "In your own time zone. Left empty, the ban has no end."
        ),
    )
    closing = forms.MultipleChoiceField(
        label=gettext_lazy("Organizations left without an owner"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": EACH},
        help_text=gettext_lazy(
            "Nobody else owns them, so they are suspended with the ban. Tick each."
        ),
    )

    def __init__(self, *args: Any, alone: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if alone:
            choices = [(str(one.pk), str(one)) for one in alone]
            self.fields["closing"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["closing"]
        self.alone = alone

    def clean_until(self) -> Any:
        until, now = self.cleaned_data["until"], timezone.now()
        if until and not now < until < now + LONGEST:
            raise forms.ValidationError(_("Choose a moment in the next ten years."))
        return until

    def clean_closing(self) -> list[Organization]:
        if len(self.cleaned_data["closing"]) < len(self.alone):
            raise forms.ValidationError(EACH)
        return self.alone


class BanPage(AuditedAdmin):
    """People's page with further ones for a ban and its end."""

    def get_urls(self) -> list[Any]:
        def inside(view: Any) -> Any:
            def guarded(request: HttpRequest, object_id: Any) -> HttpResponse:
                return self.admin_site.admin_view(view)(request, object_id)

            return guarded

        own: list[URLPattern] = [
            path(
                f"<uuid:object_id>/{name}/", inside(view), name=f"accounts_user_{name}"
            )
            for name, view in (("ban", self.ban_view), ("unban", self.unban_view))
        ]
        return [*own, *super().get_urls()]

    def ban_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        person = self.bannable_person(request, object_id)
        alone = owned_alone(person)
        posted = request.POST if request.method == "POST" else None
        form = BanForm(posted, alone=alone)
        if form.is_valid():
            if self.banned(request, person, form.cleaned_data):
                return back_to(person)
            form.add_error(None, _("The owners have changed meanwhile. Look again."))
        return self.form_page(request, person, form, "ban", _("Ban"))

    def unban_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        person = self.bannable_person(request, object_id)
        form = LiftForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            done = acts.unban(person, by=request.user, **form.cleaned_data)
            words = _("%(name)s can sign in again.") if done else _("There is no ban.")
            self.message_user(request, words % {"name": person}, messages.SUCCESS)
            return back_to(person)
        return self.form_page(request, person, form, "unban", _("Lift the ban"))

    def form_page(
        self,
        request: HttpRequest,
        person: User,
        form: forms.Form,
        page: str,
        title: Any,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "original": person,
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        status = 422 if form.errors else 200
        return TemplateResponse(request, f"admin/{page}.html", context, status=status)

    def bannable_person(self, request: HttpRequest, object_id: Any) -> User:
        """Return whom staff may ban: nobody above them, and not themselves."""
        person = self.get_object(request, str(object_id))
        if person is None:
            raise Http404
        if person == request.user or not self.has_change_permission(request, person):
            raise PermissionDenied
        return person

    def banned(self, request: HttpRequest, person: User, values: Any) -> bool:
        """Ban a person; False when an owner went meanwhile."""
        try:
            done = acts.ban(person, by=request.user, **values)
        except LastOwner:
            return False
        words = _("%(name)s is banned.") if done else _("%(name)s was banned already.")
        self.message_user(request, words % {"name": person}, messages.SUCCESS)
        return True


def back_to(person: User) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[person.pk]))
