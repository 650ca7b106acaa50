"""How people look in the operator's console, which records what is done to them."""

from typing import ClassVar

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class EmailAddressInline(admin.TabularInline):
    """A person's addresses, changed only by the person."""

    model = EmailAddress
    fields = readonly_fields = ("email", "verified", "primary")
    verbose_name_plural = _("e-mail addresses")
    extra = 0
    can_delete = False

    def has_add_permission(self, *args: object) -> bool:
        return False

    def has_change_permission(self, *args: object) -> bool:
        return False


class UserAdmin(admin.ModelAdmin):
    """People: found by name or address; the password is nowhere."""

    list_display = (
        "name",
        "email",
        "email_verified",
        "is_staff",
        "banned_now",
        "date_joined",
    )
    list_filter = ("is_staff", "is_superuser", "is_active", "banned", "email_verified")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("-date_joined", "-id")
    readonly_fields = (
        "email",
        "email_verified",
        "banned",
        "ban_reason",
        "ban_message",
        "ban_expires_at",
        "terms_version",
        "terms_accepted_at",
        "onboarding_completed",
        "welcomed_at",
        "hotkeys",
        "last_login",
        "date_joined",
    )
    formfield_overrides: ClassVar = {
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
    }
    fieldsets = (
        (None, {"fields": ("email", "email_verified", "first_name", "last_name")}),
        (_("Preferences"), {"fields": ("language", "timezone", "theme", "hotkeys")}),
        (
            _("Standing"),
            {
                "fields": (
                    "is_active",
                    "banned",
                    "ban_reason",
                    "ban_message",
                    "ban_expires_at",
                    "terms_version",
                    "terms_accepted_at",
                    "onboarding_completed",
                    "welcomed_at",
                    "last_login",
                    "date_joined",
                )
            },
        ),
        (_("Staff rights"), {"fields": ("is_staff", "is_superuser", "groups")}),
    )
    inlines = (EmailAddressInline,)

    @admin.display(description=_("banned"), boolean=True)
    def banned_now(self, person: User) -> bool:
        """Return whether a ban is in force; one that has ended is none."""
        return person.is_banned


class EmailAddressAdmin(admin.ModelAdmin):
    """All addresses, to find whose one is."""

    list_display = ("email", "user", "verified", "primary")
    list_filter = ("verified", "primary")
    list_select_related = ("user",)
    search_fields = ("email", "user__first_name", "user__last_name")
    ordering = ("-id",)


class UserSessionAdmin(admin.ModelAdmin):
    """Signed-in browsers, without the key that would let one in."""

    list_display = ("user", "ip", "user_agent", "created_at", "last_seen_at")
    list_select_related = ("user",)
    fields = ("user", "ip", "user_agent", "created_at", "last_seen_at")
    search_fields = ("user__email", "ip")
    ordering = ("-created_at", "-id")


class AuthenticatorAdmin(admin.ModelAdmin):
    """Second factors, without what would let one in by them."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")
    search_fields = ("user__email",)
    ordering = ("-created_at", "-id")


class ExternalIdentityAdmin(admin.ModelAdmin):
    """Who people are in the systems they came from."""

    list_display = ("provider", "external_id", "user", "created_at")
    list_filter = ("provider",)
    list_select_related = ("user",)
    fields = ("user", "provider", "external_id", "created_at")
    search_fields = ("external_id", "user__email")
    ordering = ("-created_at", "-id")
