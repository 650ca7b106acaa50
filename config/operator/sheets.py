"""Pages with one form, on which staff do one thing to one row."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.operator.audited import AuditedAdmin

ROWS = {"rows": 3}


class Refused(Exception):
    """The act is not possible now; the message says why."""


class Sheet(forms.Form):
    """One act of staff: what its page says, and what it does."""

    name = ""
    title: str | Promise = ""
    button: str | Promise = ""
    lead: str | Promise = ""
    permission = ""
    is_danger = False
    # Whether the row's page has a button for it above its fields.
    is_tool = True

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row

    @classmethod
    def fits(cls, row: Any) -> bool:
        """Whether there is something to do for a row."""
        return True

    @property
    def about(self) -> Any:
        """What the page says it is about."""
        return self.row

    def act(self, by: Any) -> str:
        """Do it and return what was done; Refused when that is not possible."""
        raise NotImplementedError


class Reasoned(Sheet):
    """An act that is recorded with its reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs=ROWS),
        help_text=_("For your colleagues; members see it in their audit log."),
        error_messages={
            "required": _("Say why, in a sentence the next colleague understands.")
        },
    )


class SheetsPage(AuditedAdmin):
    """A row's page with further ones, each with one form."""

    sheets: tuple[type[Sheet], ...] = ()

    def get_urls(self) -> list[Any]:
        own = [
            path(
                f"<uuid:object_id>/{sheet.name}/",
                self.guarded(sheet),
                name=self.address(sheet),
            )
            for sheet in self.sheets
        ]
        return [*own, *super().get_urls()]

    def address(self, sheet: type[Sheet] | None = None) -> str:
        page = sheet.name if sheet else "change"
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def guarded(self, sheet: type[Sheet]) -> Any:
        def page(request: HttpRequest, object_id: Any) -> HttpResponse:
            return self.sheet_view(request, object_id, sheet)

        def entered(request: HttpRequest, object_id: Any) -> HttpResponse:
            return self.admin_site.admin_view(page)(request, object_id)

        return entered

    def sheet_view(
        self, request: HttpRequest, object_id: Any, sheet: type[Sheet]
    ) -> HttpResponse:
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        seen = self.has_view_permission(request, row)
        if not (seen and request.user.has_perm(sheet.permission)):
            raise PermissionDenied
        form = sheet(request.POST if request.method == "POST" else None, row=row)
        if form.is_valid():
            try:
                self.message_user(request, form.act(request.user))
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return HttpResponseRedirect(self.page_of(row))
        return self.sheet_page(request, form)

    def sheet_page(self, request: HttpRequest, form: Sheet) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": form.title,
            "form": form,
            "original": form.row,
            "back": self.page_of(form.row),
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/sheet.html", context, status=status)

    def offers(self, request: HttpRequest, sheet: type[Sheet], row: Any) -> bool:
        """Whether staff may do what a sheet does, and there is something to do."""
        return request.user.has_perm(sheet.permission) and sheet.fits(row)  # type: ignore[union-attr]

    def page_of(self, row: Any) -> str:
        return reverse(f"admin:{self.address()}", args=[row.pk])

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        context["heading"] = self.label_of(row) if row else ""
        context.setdefault("tools", []).extend(
            {
                "url": reverse(f"admin:{self.address(sheet)}", args=[row.pk]),
                "words": sheet.button,
                "is_danger": sheet.is_danger,
            }
            for sheet in self.sheets
            if row and sheet.is_tool and self.offers(request, sheet, row)
        )
        return super().render_change_form(request, context, *args, **kwargs)
