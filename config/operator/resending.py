"""Mails that staff send once more: the person's way in, and an invitation."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from config.operator.audited import ReadOnlyAdmin
from config.operator.sheets import Reasoned, Refused, SheetsPage
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.audit.recording import record
from organizations.invitations.admin import InvitationAdmin
from organizations.invitations.flows import resend
from organizations.invitations.models import Invitation, State
from organizations.jobs import mail_confirmation, mail_password
from organizations.limits.refusals import LimitReached
from organizations.personal.erasure import is_erased
from organizations.tenancy import tenant
from organizations.tenancy.jobs import enqueue

PAUSE: Final = timedelta(minutes=5)
MOST_A_DAY: Final = 5
JOBS: Final = "procrastinate.view_procrastinatejob"


def refuse_hasty(entries: Any, row: Any, action: str) -> None:
    """Raise Refused where staff sent the same mail a moment ago, or often today."""
    now = timezone.now()
    sent = entries.filter(action=action, target_id=str(row.pk))
    if sent.filter(created_at__gt=now - PAUSE).exists():
        raise Refused(_("It was sent less than five minutes ago. Give it time."))
    if sent.filter(created_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refused(_("It was sent five times within a day. That is enough."))


class PersonMail(Reasoned):
    """A mail that leads a person in; what it leads to has limits of its own."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For your colleagues; the person never sees it."),
        error_messages=Reasoned.base_fields["reason"].error_messages,
    )
    permission = "accounts.change_user"
    action = ""
    job: Any = None

    @classmethod
    def fits(cls, row: User) -> bool:
        return not cls.refusal(row)

    @classmethod
    def refusal(cls, row: User) -> str | Promise:
        """Return why the mail makes no sense; nothing where it does."""
        if is_erased(row):
            return _("The account was erased.")
        if row.is_banned:
            return _("The person is banned. Lift the ban first.")
        return "" if row.is_active else _("The account is closed.")

    def act(self, by: Any) -> str:
        # Two clicks come one after the other.
        person = User.objects.select_for_update(of=("self",)).get(pk=self.row.pk)
        if words := self.refusal(person):
            raise Refused(words)
        refuse_hasty(PlatformEntry.objects, person, self.action)
        reason = {"reason": self.cleaned_data["reason"]}
        record(self.action, person, by=by, after=reason)
        enqueue(type(self).job, user_id=str(person.pk))
        return _("The mail is on its way to %(email)s.") % {"email": person.email}


class ConfirmationSheet(PersonMail):
    """The mail that leads to a new code, with which an address is confirmed."""

    name = "mail-confirmation"
    title = button = gettext_lazy("Send the confirmation mail again")
    lead = gettext_lazy(
        "It says how to get a new code. Codes themselves are only mailed to whoever"
        " asks for one in the browser that takes it."
    )
    action = "user.confirmation_mailed"
    job = mail_confirmation

    @classmethod
    def refusal(cls, row: User) -> str | Promise:
        if row.email_verified:
            return _("The address is confirmed already.")
        return super().refusal(row)


class PasswordSheet(PersonMail):
    """The mail that leads to a new password."""

    name = "mail-password"
    title = button = gettext_lazy("Send a password mail")
    lead = gettext_lazy(
        "It says how to set a new password. The present one stays until then."
    )
    action = "user.password_mailed"
    job = mail_password


class MailsPage(SheetsPage):
    """People's page, from which mails go out again and failed ones are found."""

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        if row and request.user.has_perm(JOBS):  # type: ignore[union-attr]
            found = urlencode({"q": row.pk})
            url = reverse("admin:procrastinate_procrastinatejob_changelist")
            tool = {"url": f"{url}?{found}", "words": _("Jobs and mails")}
            context.setdefault("tools", []).append(tool)
        return super().render_change_form(request, context, *args, **kwargs)


class ResendSheet(Reasoned):
    """Mail an invitation again, as the members' own page does."""

    name = "resend"
    title = button = gettext_lazy("Send again")
    lead = gettext_lazy(
        "It is mailed with another seven days, and the link of the mail before ends."
    )
    permission = "invitations.change_invitation"

    @classmethod
    def fits(cls, row: Invitation) -> bool:
        return not row.is_link and row.state in (State.OPEN, State.EXPIRED)

    def act(self, by: Any) -> str:
        rows = Invitation.objects.select_for_update(of=("self",))
        kept = rows.select_related("organization").get(pk=self.row.pk)
        if not self.fits(kept):
            raise Refused(_("That invitation is no longer open."))
        if not kept.organization.is_active or kept.organization.deleted_at:
            raise Refused(_("The organization is closed, and lets nobody in."))
        refuse_hasty(AuditEntry.objects, kept, "invitation.resent")
        with tenant(kept.organization_id, by):
            try:
                resend(invitation=kept, by=by, reason=self.cleaned_data["reason"])
            except LimitReached as reached:
                raise Refused(str(reached)) from reached
        return _("Sent again to %(email)s") % {"email": kept}


class InvitationsAdmin(SheetsPage, ReadOnlyAdmin, InvitationAdmin):
    """Invitations; members write and withdraw them, staff may send one again."""

    plural = gettext_lazy("Invitations")
    sheets = (ResendSheet,)
