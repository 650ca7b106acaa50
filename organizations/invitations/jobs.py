"""Mail to the invited, and to who invited them."""

from django.urls import reverse
from django.utils import timezone, translation

from accounts.mail import absolute, mail, mail_to
from accounts.models import offered_language
from organizations.invitations.models import Invitation, State
from organizations.invitations.tokens import hash_of, new_token
from organizations.tenancy.jobs import job


@job()
def mail_invitation(*, invitation_id: str) -> None:
    """Mail an open invitation with a token made only now: the queue never holds one."""
    rows = Invitation.objects.select_related("organization", "inviter")
    invitation = rows.filter(pk=invitation_id).first()
    if invitation is None or invitation.state != State.OPEN or invitation.is_link:
        return
    token = new_token(invitation.organization.pk)
    invitation.token_hash, invitation.sent_at = hash_of(token), timezone.now()
    invitation.save(update_fields=["token_hash", "sent_at"])
    context = {
        "invitation": invitation,
        "organization": invitation.organization,
        "address": absolute(reverse("join:show", args=[token])),
    }
    # Of an address nobody knows a language; the organization says its newcomers'.
    language = invitation.organization.preference("language")
    with translation.override(offered_language(language)):
        mail("invitation", invitation.email, context).send()


@job()
def mail_wanted(*, invitation_id: str) -> None:
    """Tell an inviter that somebody would like their invitation again."""
    rows = Invitation.objects.select_related("organization", "inviter")
    invitation = rows.filter(pk=invitation_id).first()
    if invitation is None or invitation.inviter is None:
        return
    mail_to(
        invitation.inviter,
        "invitation_wanted",
        invitation=invitation,
        organization=invitation.organization,
        address=absolute(reverse("invitations:invitation_list")),
    ).send()
