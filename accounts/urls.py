"""accounts/: sign-in by allauth, the person's own pages by us."""

from allauth.mfa.totp.views import deactivate_totp
from allauth.mfa.webauthn.views import add_webauthn, remove_webauthn
from django.db.transaction import atomic
from django.urls import include, path

from accounts import views

# The only namespace here; allauth's names have none.
own = [
    path("profile/", views.user_profile, name="profile"),
    path("keyboard/", views.keyboard, name="keyboard"),
    path("terms/", views.terms, name="terms"),
    path("profile/picture/", views.picture_change, name="picture_change"),
    path("profile/picture/remove/", views.picture_remove, name="picture_remove"),
]

# A factor and its audit entry are written together or not at all.
factors = [
    path("totp/deactivate/", atomic(deactivate_totp), name="mfa_deactivate_totp"),
    path("webauthn/add/", atomic(add_webauthn), name="mfa_add_webauthn"),
    path(
        "webauthn/keys/<int:pk>/remove/",
        atomic(remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("2fa/", include(factors)),
    path("", include("accounts.providers")),
    path("", include("allauth.account.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
