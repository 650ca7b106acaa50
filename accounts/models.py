"""The person who signs in, and the sessions of their browsers."""

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django.conf import settings
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Coalesce, Concat, Lower, Now, NullIf, Trim
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

IDENTITY = "app.mode() = 'identity'"
SELF = "id = app.current_user_id()"
# What counts as a second step by itself; recovery codes only stand in for one.
SECOND_FACTORS: Final = ("totp", "webauthn")
# In characters; settings.py refuses a longer TERMS_VERSION.
TERMS_LENGTH: Final = 40


def offered_language(code: str) -> str:
    """Return the language if people can choose it, else the product's own."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class UserManager(BaseUserManager["User"]):
    """Makes people; an e-mail address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **kw: Any) -> "User":
        user = self.model(email=email.strip().lower(), **kw)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **kw: Any) -> "User":
        kw |= {"is_staff": True, "is_superuser": True, "email_verified": True}
        kw |= {"onboarding_completed": True}
        return self.create_user(email, password, **kw)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class Theme(models.TextChoices):
    """How the pages are lit."""

    SYSTEM = "system", _("Like my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractBaseUser, PermissionsMixin):
    """One person, signed in by e-mail; a member of any number of organizations.

    `is_staff` opens the operator console, `is_superuser` may do all of it. People are
    never deleted while anything names them: erasing makes them anonymous in place.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    email_verified = models.BooleanField(_("e-mail verified"), default=False)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    name = models.GeneratedField(
        expression=Coalesce(
            NullIf(
                Trim(Concat("first_name", models.Value(" "), "last_name")),
                models.Value(""),
            ),
            models.Func(
                models.F("email"),
                models.Value("@"),
                models.Value(1),
                function="split_part",
                output_field=models.TextField(),
            ),
        ),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("name"),
    )
    image = models.FileField(_("picture"), upload_to="people/", blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    theme = models.CharField(
        _("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM
    )
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC")
    hotkeys = models.BooleanField(
        _("single keys on the keyboard"), default=True, db_default=True
    )
    onboarding_completed = models.BooleanField(
        _("set-up finished"), default=False, editable=False
    )
    # What was announced later is offered by itself.
    welcomed_at = models.DateTimeField(
        _("set-up finished at"), null=True, editable=False
    )
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    banned = models.BooleanField(_("banned"), default=False)
    ban_reason = models.TextField(_("reason of the ban"), blank=True)
    ban_message = models.TextField(_("what the person is told"), blank=True, default="")
    ban_expires_at = models.DateTimeField(_("ban ends"), null=True, blank=True)
    # As accepted last; the audit log keeps every time.
    terms_version = models.CharField(
        _("accepted terms"),
        max_length=TERMS_LENGTH,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    terms_accepted_at = models.DateTimeField(
        _("terms accepted"), null=True, editable=False
    )
    date_joined = models.DateTimeField(_("joined"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    # Steps that were announced since, as the session's row tells them: each with its
    # id, kind and title.
    whats_new: Sequence[Sequence[str]] = ()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    TERMS_FIELDS: ClassVar = ("terms_version", "terms_accepted_at")

    rls: ClassVar[dict[str, str]] = {
        "read": f"{IDENTITY} OR {SELF} OR app.is_colleague(id)",
        "write": f"{IDENTITY} OR {SELF}",
    }

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="accounts_user_email_lower",
            ),
            models.CheckConstraint(
                condition=~models.Q(password=""), name="accounts_user_password_set"
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def set_password(self, raw_password: str | None) -> None:
        # Django would make the empty password one that works.
        super().set_password(raw_password or None)

    def get_full_name(self) -> str:
        name = f"{self.first_name} {self.last_name}".strip()
        return name or self.email.partition("@")[0]

    def get_short_name(self) -> str:
        return self.first_name or self.get_full_name()

    def mark_terms(self, version: str) -> None:
        """Note which terms the person accepts, and when; the caller saves it."""
        self.terms_version, self.terms_accepted_at = version, timezone.now()

    @property
    def is_superadmin(self) -> bool:
        return self.is_superuser

    @property
    def is_banned(self) -> bool:
        """Whether a ban is in force now; one with an end ends by itself."""
        if not self.banned:
            return False
        return self.ban_expires_at is None or self.ban_expires_at > timezone.now()

    @property
    def may_sign_in(self) -> bool:
        """Whether the door is open to the person now."""
        return self.is_active and not self.is_banned

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether signing in takes a second step; the session's row tells it already."""
        own: Any = self.authenticator_set  # type: ignore[attr-defined]
        return bool(own.filter(type__in=SECOND_FACTORS).exists())

    @property
    def hue(self) -> int:
        """The colour class (1 to 6) of the person's avatar."""
        return hashlib.md5(self.pk.bytes, usedforsecurity=False).digest()[0] % 6 + 1


class Session(AbstractBaseSession):
    """One signed-in browser: whose it is, which organization and which team is active in it."""

    user = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="sessions", editable=False
    )
    organization_id = models.UUIDField(null=True, editable=False)
    active_team_id = models.UUIDField(null=True, editable=False)
    # While its person, one of the staff, looks on as somebody else.
    impersonation_id = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # To within a few minutes: a request does not write only to be counted.
    seen_at = models.DateTimeField(db_default=Now(), editable=False)

    rls: ClassVar[dict[str, str]] = {"read": IDENTITY, "write": IDENTITY}

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> type:
        from accounts.sessions import SessionStore

        return SessionStore


class ExternalIdentity(models.Model):
    """Who a person is in another system that they were brought over from."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="external_identities", editable=False
    )
    provider = models.CharField(_("system"), max_length=40)
    external_id = models.CharField(_("id there"), max_length=200)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    rls: ClassVar[dict[str, str]] = {
        "read": f"{IDENTITY} OR user_id = app.current_user_id()",
        "write": IDENTITY,
    }

    class Meta:
        verbose_name = _("identity elsewhere")
        verbose_name_plural = _("identities elsewhere")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "external_id"], name="accounts_identity_uniq"
            ),
            models.CheckConstraint(
                condition=~models.Q(provider="") & ~models.Q(external_id=""),
                name="accounts_identity_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.external_id}"
