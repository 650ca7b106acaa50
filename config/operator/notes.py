"""Staff's notes: written on the page of whom they are about, mended by their author."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from config.operator.audited import AuditedAdmin
from config.operator.duplicates import (
    MergeSheet,
    another,
    console_page,
    spelled,
    words_of,
)
from config.operator.sheets import Refused, Sheet, SheetsPage
from organizations.forms import visible_text
from organizations.notes.flows import add_note
from organizations.notes.models import LONGEST, StaffNote
from organizations.personal.erasure import is_erased

ADD, SEE = "notes.add_staffnote", "notes.view_staffnote"
MOST = 100
ROWS = {"rows": 4}


class NoteFields(forms.Form):
    """What a note says, and of whom."""

    text = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=LONGEST,
        validators=[visible_text],
        widget=forms.Textarea(attrs=ROWS),
        help_text=gettext_lazy("For staff alone; nobody else ever sees it."),
        error_messages={"required": gettext_lazy("Write something first.")},
    )
    same_as = forms.CharField(
        label=gettext_lazy("Duplicate of"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    pinned = forms.BooleanField(
        label=gettext_lazy("Pinned above the others"), required=False
    )

    @property
    def about(self) -> Any:
        """Whom the note is about."""
        raise NotImplementedError

    def clean_same_as(self) -> Any:
        words = self.cleaned_data["same_as"]
        return another(self.about, words) if words else None


class NoteSheet(NoteFields, Sheet):
    """Write a note about a person or an organization."""

    name = "notes"
    title = button = gettext_lazy("Add note")
    lead = gettext_lazy("For staff alone: customers never see notes.")
    permission = ADD
    is_tool = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["same_as"].help_text = words_of(self.row)

    @classmethod
    def fits(cls, row: Any) -> bool:
        return not (isinstance(row, User) and is_erased(row))

    @property
    def about(self) -> Any:
        return self.row

    def act(self, by: Any) -> str:
        if not self.fits(self.row):
            raise Refused(_("The account was erased, and nothing is noted of it."))
        add_note(about=self.row, by=by, **self.cleaned_data)
        return _("The note is kept.")


class NotesPage(SheetsPage):
    """The page of a person or an organization, with what staff noted below it."""

    sheets = (NoteSheet, MergeSheet)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        if row and request.user.has_perm(SEE):  # type: ignore[union-attr]
            context["staff_notes"] = self.notes_of(request, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def notes_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the panel shows: notes, twins, and what may be done."""
        joined = ("written_by", "person", "house", "same_person", "same_house")
        rows = StaffNote.objects.select_related(*joined).in_order()
        own = list(rows.about(row)[:MOST])
        return {
            "notes": [(each, self.link_to(request, each)) for each in own],
            "twins": [
                (each, console_page(each.about)) for each in rows.pointing_at(row)
            ],
            "form": NoteSheet(row=row)
            if self.offers(request, NoteSheet, row)
            else None,
            "action": reverse(f"admin:{self.address(NoteSheet)}", args=[row.pk]),
            "merge": reverse(f"admin:{self.address(MergeSheet)}", args=[row.pk])
            if own and self.offers(request, MergeSheet, row)
            else "",
        }

    def link_to(self, request: HttpRequest, note: StaffNote) -> dict[str, str]:
        """Return the pages that belong to a note: its own, and the other one's."""
        found = {}
        if notes_page(self).has_change_permission(request, note):
            found["edit"] = reverse("admin:notes_staffnote_change", args=[note.pk])
        if note.same_as:
            found["same"] = console_page(note.same_as)
        return found


def notes_page(console: AuditedAdmin) -> Any:
    """Return the console's page of notes, which knows who may change one."""
    return console.admin_site._registry[StaffNote]


class NoteForm(NoteFields, forms.ModelForm):
    """A note that is mended."""

    class Meta:
        model = StaffNote
        fields = ("text", "pinned")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        same = self.instance.same_as
        self.initial["same_as"] = spelled(same) if same else ""
        self.fields["same_as"].help_text = words_of(self.about)

    @property
    def about(self) -> Any:
        return self.instance.about

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "same_as" in values:
            self.instance.same_as = values["same_as"]
        return values


class StaffNotesAdmin(AuditedAdmin):
    """All notes; each is changed and deleted by its author, or a superuser."""

    plural = gettext_lazy("Staff notes")
    noun = "staff_note"
    form = NoteForm
    verbs: ClassVar[dict[str, str]] = {"changed": "edited", "deleted": "removed"}
    list_display = ("summary", "about", "pinned", "written_by", "created_at")
    list_filter = ("pinned",)
    list_select_related = ("person", "house", "written_by")
    search_fields = (
        "text",
        "person__email",
        "person__name",
        "house__name",
        "house__slug",
    )
    search_help_text = gettext_lazy("Words of the note, or whom it is about")
    ordering = ("-created_at", "-id")
    fields = (
        "about",
        "text",
        "same_as",
        "pinned",
        "written_by",
        "created_at",
        "edited_at",
    )
    readonly_fields = ("about", "written_by", "created_at", "edited_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Written where one sees whom they are about.
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        mine = obj is None or obj.is_of(request.user)
        return mine and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Many at once would be judged by nobody.
        return (
            obj is not None
            and obj.is_of(request.user)
            and super().has_delete_permission(request, obj)
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        joined = ("person", "house", "same_person", "same_house", "written_by")
        return super().get_queryset(request).select_related(*joined)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        # Which fields, and not what they say: a log is never mended.
        changed = form.changed_data
        after = {"about": str(form.about.pk), "changed": changed} if changed else {}
        return {"before": {}, "after": after}

    def save_model(
        self, request: HttpRequest, obj: StaffNote, form: Any, change: bool
    ) -> None:
        if form.changed_data:
            obj.edited_at = timezone.now()
        super().save_model(request, obj, form, change)

    def response_change(self, request: HttpRequest, obj: StaffNote) -> HttpResponse:
        answer = super().response_change(request, obj)
        going_on = {"_continue", "_save"} & request.POST.keys() == {"_continue"}
        return answer if going_on else HttpResponseRedirect(console_page(obj.about))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        note = self.get_object(request, object_id)
        answer = super().delete_view(request, object_id, extra_context)
        if note is None or StaffNote.objects.filter(pk=note.pk).exists():
            return answer
        return HttpResponseRedirect(console_page(note.about))

    @admin.display(description=gettext_lazy("about"))
    def about(self, note: StaffNote) -> str:
        return format_html(
            '<a class="link" href="{}">{}</a>', console_page(note.about), note.about
        )

    @admin.display(description=gettext_lazy("note"))
    def summary(self, note: StaffNote) -> str:
        """Return the first words of a note."""
        return Truncator(note.text).chars(80)
