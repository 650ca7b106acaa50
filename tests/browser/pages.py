"""The pages that are pictured, each with who looks and how one gets there."""

from dataclasses import dataclass

ALICE = "alice@example.com"
OPERATOR = "admin@example.com"


@dataclass(frozen=True)
class Shot:
    """One page: an address, and what is clicked once it is open."""

    name: str
    path: str
    login: str = ALICE
    steps: tuple[str, ...] = ()
    status: int = 200


PAGES = [
    Shot("sign-in", "/accounts/login/", login=""),
    Shot("sign-up", "/accounts/signup/", login=""),
    Shot(
        "sign-up-refused",
        "/accounts/signup/",
        login="",
        steps=("form.fields button.primary",),
    ),
    Shot("sign-in-code", "/accounts/login/code/", login=""),
    Shot("password-reset", "/accounts/password/reset/", login=""),
    Shot("tasks", "/tasks/"),
    Shot("tasks-search", "/tasks/?q=supplier"),
    Shot("tasks-nothing-found", "/tasks/?q=zzzzzzzzzz"),
    Shot("tasks-switcher", "/tasks/", steps=("[popovertarget=organizations]",)),
    Shot("tasks-account", "/tasks/", steps=("[popovertarget=account]",)),
    Shot("tasks-more", "/tasks/", steps=("[popovertarget=more]",)),
    Shot("task-create", "/tasks/new/"),
    Shot("task-detail", "/tasks/", steps=(".task .title a",)),
    Shot("members", "/organizations/members/"),
    Shot("settings", "/organizations/settings/"),
    Shot("audit", "/audit/"),
    Shot("organizations", "/organizations/"),
    Shot("organization-create", "/organizations/new/"),
    Shot("profile", "/accounts/profile/"),
    Shot("email", "/accounts/email/"),
    Shot("password", "/accounts/password/change/"),
    Shot("devices", "/accounts/sessions/"),
    Shot("sign-out", "/accounts/logout/"),
    Shot("error-404", "/no/such/page/", status=404),
    Shot("error-405", "/organizations/switch/", status=405),
    Shot("console", "/admin/", login=OPERATOR),
]
