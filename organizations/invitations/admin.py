"""How invitations look in the operator's console."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from organizations.invitations.models import Invitation


class InvitationAdmin(admin.ModelAdmin):
    """Who was invited where, by whom, and what became of it."""

    list_display = (
        "addressee",
        "organization",
        "role",
        "inviter",
        "standing",
        "expires_at",
        "created_at",
    )
    list_filter = ("role",)
    list_select_related = ("organization", "inviter")
    search_fields = ("email", "organization__name", "inviter__email")
    search_help_text = _("Address, organization, or who invited")
    ordering = ("-created_at", "-id")
    fields = (
        "organization",
        "email",
        "role",
        "inviter",
        "uses",
        "max_uses",
        "allowed_domains",
        "sent_at",
        "expires_at",
        "accepted_at",
        "declined_at",
        "revoked_at",
        "created_at",
    )

    @admin.display(description=_("for"), ordering="email")
    def addressee(self, invitation: Invitation) -> str:
        return str(invitation)

    @admin.display(description=_("state"))
    def standing(self, invitation: Invitation) -> str:
        return str(invitation.state.label)
