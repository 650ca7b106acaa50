"""The pages that are pictured, each with who looks and how one gets there."""

from dataclasses import dataclass

ALICE = "alice@example.com"
OPERATOR = "admin@example.com"


@dataclass(frozen=True)
class Shot:
    """One page: an address, what is filled in, clicked, written and pressed then.

    One with a template is drawn here instead: it shows only when something is wrong.
    """

    name: str
    path: str
    login: str = ALICE
    fill: tuple[tuple[str, str], ...] = ()
    steps: tuple[str, ...] = ()
    write: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = ()
    status: int = 200
    template: str = ""


PAGES = [
    Shot("sign-in", "/accounts/login/", login=""),
    Shot("support-access", "/organizations/support/"),
    Shot("support-closed", "/accounts/profile/", template="support/closed.html"),
    Shot("sign-up", "/accounts/signup/", login=""),
    Shot(
        "sign-up-refused",
        "/accounts/signup/",
        login="",
        fill=(("email", "someone@example.com"), ("password1", "short")),
        steps=("form.fields button.primary",),
    ),
    Shot(
        "sign-in-refused",
        "/accounts/login/",
        login="",
        fill=(("login", "nobody@example.com"), ("password", "not the right one")),
        steps=("form.fields button.primary",),
    ),
    Shot("test-clock", "/fakestripe/", login=""),
    Shot("sign-in-code", "/accounts/login/code/", login=""),
    Shot("password-reset", "/accounts/password/reset/", login=""),
    Shot("tasks", "/tasks/"),
    Shot("tasks-search", "/tasks/?q=supplier"),
    Shot("tasks-nothing-found", "/tasks/?q=zzzzzzzzzz"),
    Shot("tasks-switcher", "/tasks/", steps=("[popovertarget=organizations]",)),
    Shot("tasks-account", "/tasks/", steps=("[popovertarget=account]",)),
    Shot("tasks-more", "/tasks/", steps=("[popovertarget=more]",)),
    Shot(
        "tasks-more-account",
        "/tasks/",
        steps=("[popovertarget=more]", "#more [popovertarget=account]"),
    ),
    Shot("tasks-selecting", "/tasks/?select=1"),
    Shot("my-tasks", "/tasks/mine/"),
    Shot("labels", "/tasks/labels/"),
    Shot("label-create", "/tasks/labels/new/"),
    Shot("label-edit", "/tasks/labels/", steps=("main .set .btn",)),
    Shot(
        "label-delete",
        "/tasks/labels/",
        steps=("main .set .btn", "main .btn.danger"),
    ),
    Shot("tasks-of-label", "/tasks/labels/", steps=("main .set .tag",)),
    Shot("inbox", "/inbox/"),
    Shot("inbox-mentions", "/inbox/?show=mentions"),
    Shot("inbox-nothing", "/inbox/?show=archived"),
    Shot("inbox-archived-one", "/inbox/", steps=(".inbox [data-key=e]",)),
    Shot("inbox-settings", "/inbox/settings/"),
    Shot("board", "/tasks/board/"),
    Shot("board-menu", "/tasks/board/", steps=(".tcard .move",)),
    Shot("task-move", "/tasks/board/", steps=(".tcard .move", "#status-menu a")),
    Shot("task-create", "/tasks/new/"),
    Shot("task-export", "/tasks/export/?status=todo"),
    Shot("imports", "/tasks/import/"),
    Shot("import-create", "/tasks/import/new/"),
    Shot("task-detail", "/tasks/", steps=(".task .title a",)),
    Shot(
        "task-page",
        "/tasks/?q=recall",
        steps=(".task .title a", "#drawer [aria-label='Open as page']"),
    ),
    Shot(
        "task-drawer-actions",
        "/tasks/",
        steps=(".task .title a", "#drawer [popovertarget=actions]"),
    ),
    Shot(
        "task-drawer-unsaved",
        "/tasks/?q=recall",
        steps=(".task .title a",),
        write=(("#drawer .composer textarea", "The rest follows on Friday."),),
        keys=("Escape",),
    ),
    Shot("task-on-board", "/tasks/board/", steps=(".tcard h3 a",)),
    Shot("task-of-mine", "/tasks/mine/", steps=(".task .title a",)),
    *(
        Shot(
            f"task-{name}",
            "/tasks/?q=recall",
            steps=(".task .title a", f"a[href$='/change/{field}/']"),
        )
        for name, field in (
            ("title", "title"),
            ("description", "description"),
            ("priority", "priority"),
            ("assignees", "assignees"),
            ("labels", "labels"),
            ("due", "due_date"),
            ("team", "team"),
        )
    ),
    Shot("task-change-priority", "/tasks/1/change/priority/"),
    Shot("task-change-assignees", "/tasks/1/change/assignees/"),
    Shot("task-change-description", "/tasks/1/change/description/"),
    Shot(
        "task-preview",
        "/tasks/new/",
        fill=(("description", "Four **winter** tyres:\n\n- size `205`\n- by Friday"),),
        steps=(".faces button:last-child",),
    ),
    Shot(
        "tasks-keys",
        "/tasks/",
        steps=("[popovertarget=account]", "#account a[data-hotkey]"),
    ),
    Shot("task-talk", "/tasks/?q=recall", steps=(".task .title a",)),
    Shot(
        "comment-menu",
        "/tasks/?q=recall",
        steps=(".task .title a", ".timeline .icon-btn"),
    ),
    Shot("files", "/tasks/?q=recall", steps=(".task .title a", ".composer footer a")),
    Shot("tasks-ticked", "/tasks/", steps=(".task .pick",)),
    Shot("tasks-lists-more", "/tasks/", steps=("[popovertarget=list-more]",)),
    Shot("tasks-several", "/tasks/new/several/"),
    Shot("tasks-bulk", "/tasks/bulk/?status=todo"),
    Shot("changes", "/tasks/changes/"),
    Shot("change", "/tasks/changes/", steps=("tbody td.lead a",)),
    Shot("trash", "/tasks/trash/"),
    Shot("api-keys", "/developers/keys/"),
    Shot("api-key-menu", "/developers/keys/", steps=("tbody tr .menu-cell button",)),
    Shot("api-key", "/developers/keys/", steps=("tbody td a",)),
    Shot(
        "api-key-revoke",
        "/developers/keys/",
        steps=("tbody td a", "main a[href$='/revoke/']"),
    ),
    Shot("api-reference", "/api/v1/docs", login=""),
    Shot("landing", "/", login=""),
    Shot("docs", "/docs/", login=""),
    Shot("docs-found", "/docs/?q=invitation", login=""),
    Shot("docs-nothing-found", "/docs/?q=zzzzzzzzzz", login=""),
    Shot("docs-article", "/docs/roles/"),
    Shot("docs-keyboard", "/docs/keyboard/", login=""),
    Shot("docs-api-keys", "/docs/api-keys/", login=""),
    Shot("jump-page", "/jump/?q=board"),
    Shot("jump-nothing-found", "/jump/?q=zzzzzzzzzz", login=""),
    Shot("jump", "/tasks/", keys=("Control+k",)),
    Shot("members", "/organizations/members/"),
    Shot(
        "members-menu",
        "/organizations/members/",
        steps=("tr:nth-child(2) .menu-cell a",),
    ),
    Shot("member", "/organizations/members/", steps=("tr:nth-child(2) a.person",)),
    Shot(
        "member-remove",
        "/organizations/members/",
        steps=("tr:nth-child(2) a.person", "main a.btn.danger"),
    ),
    Shot("invitations", "/organizations/invitations/"),
    Shot("invite", "/organizations/invitations/new/"),
    Shot(
        "invite-results",
        "/organizations/invitations/new/",
        fill=(("addresses", "bob@example.com\nnot an address"),),
        steps=("form.card button.primary",),
    ),
    Shot("invite-link", "/organizations/invitations/link/"),
    Shot(
        "invite-link-made",
        "/organizations/invitations/link/",
        steps=("form.card button.primary",),
    ),
    Shot("domains", "/organizations/domains/"),
    Shot("domain-create", "/organizations/domains/new/"),
    Shot(
        "domain-proof",
        "/organizations/domains/new/",
        fill=(("domain", "acme-tools.example"),),
        steps=("form.card button.primary",),
    ),
    Shot("join-requests", "/organizations/domains/requests/"),
    Shot("organizations-near", "/organizations/domains/near/"),
    Shot("member-leave", "/organizations/members/leave/"),
    Shot(
        "ownership-offer",
        "/organizations/members/",
        steps=("tr:nth-child(2) a.person", "main .card footer a"),
    ),
    Shot("ownership", "/organizations/members/ownership/"),
    Shot("roles", "/organizations/roles/"),
    Shot("role-create", "/organizations/roles/new/"),
    Shot("role-edit", "/organizations/roles/", steps=("main .set .btn",)),
    Shot(
        "role-why",
        "/organizations/roles/?q=grace",
        steps=("section:last-child .set .btn",),
    ),
    Shot("teams", "/organizations/teams/"),
    Shot("team-create", "/organizations/teams/new/"),
    Shot("team", "/organizations/teams/", steps=("main .set strong a",)),
    Shot(
        "team-edit",
        "/organizations/teams/",
        steps=("main .set strong a", "main header .btn"),
    ),
    Shot("webhooks", "/developers/webhooks/"),
    Shot(
        "webhook",
        "/developers/webhooks/",
        steps=("tbody tr:last-child td a",),
    ),
    Shot(
        "webhook-disabled",
        "/developers/webhooks/",
        steps=("tbody tr:first-child td a",),
    ),
    Shot(
        "webhook-edit",
        "/developers/webhooks/",
        steps=("tbody tr:last-child td a", "main header a.btn"),
    ),
    Shot(
        "webhook-delivery",
        "/developers/webhooks/",
        steps=("tbody tr:last-child td a", "tbody tr:nth-child(3) td.lead a"),
    ),
    Shot(
        "webhook-remove",
        "/developers/webhooks/",
        steps=(
            "tbody tr:last-child td a",
            "main header a.btn",
            "main .set a.btn.danger",
        ),
    ),
    Shot(
        "webhook-create",
        "/developers/webhooks/new/",
        fill=(("password", "alice-demo-42"),),
        steps=("form button.primary",),
    ),
    Shot("gallery", "/gallery/"),
    Shot("gallery-picture", "/gallery/", steps=(".pictures a",)),
    Shot(
        "gallery-picture-actions",
        "/gallery/",
        steps=(".pictures a", "[popovertarget=actions]"),
    ),
    Shot("gallery-trash", "/gallery/trash/"),
    Shot("settings", "/organizations/settings/"),
    Shot("export", "/organizations/settings/export/"),
    Shot("archive-imports", "/organizations/settings/import/"),
    Shot("pricing", "/pricing/", login=""),
    Shot("pricing-yearly", "/pricing/?interval=year", login=""),
    Shot("billing", "/billing/"),
    Shot("billing-invoices", "/billing/invoices/"),
    Shot("billing-upgrade", "/billing/plans/pro/"),
    Shot("billing-downgrade", "/billing/plans/starter/"),
    Shot("billing-cancel", "/billing/cancel/"),
    Shot("billing-confirm", "/billing/confirm/?look=1"),
    Shot("limits", "/organizations/limits/"),
    Shot("audit", "/audit/"),
    Shot("events", "/developers/events/"),
    Shot("events-of-type", "/developers/events/?type=key.created"),
    Shot("events-one", "/developers/events/", steps=("tbody td.mono a",)),
    Shot("audit-filters", "/audit/", steps=("[popovertarget=more-filters]",)),
    Shot("audit-narrowed", "/audit/?type=organizations.membership&since=2026-01-01"),
    Shot("audit-nothing-found", "/audit/?request=nothing"),
    Shot("audit-export", "/audit/", steps=("[popovertarget=export]",)),
    Shot("audit-entry", "/audit/", steps=("tbody td.mono a",)),
    Shot("organizations", "/organizations/"),
    Shot("organization-create", "/organizations/new/"),
    Shot("profile", "/accounts/profile/"),
    Shot("keyboard", "/accounts/keyboard/"),
    Shot("email", "/accounts/email/"),
    Shot("password", "/accounts/password/change/"),
    Shot("security", "/accounts/2fa/"),
    Shot("passkeys", "/accounts/2fa/webauthn/"),
    Shot("is-it-you", "/accounts/2fa/totp/activate/"),
    Shot(
        "app-set-up",
        "/accounts/2fa/totp/activate/",
        fill=(("password", "alice-demo-42"),),
        steps=("form button.primary",),
    ),
    # The password was typed a moment ago, for the app.
    Shot("passkey-add", "/accounts/2fa/webauthn/add/"),
    Shot("api-key-create", "/developers/keys/new/"),
    Shot(
        "api-key-made",
        "/developers/keys/new/?name=Pictured&scopes=tasks.view&scopes=tasks.edit",
        steps=("form.card button.primary",),
    ),
    Shot(
        "api-key-refused",
        "/developers/keys/new/?expires=on",
        steps=("form.card button.primary",),
    ),
    Shot(
        "api-key-rotate",
        "/developers/keys/",
        steps=("tbody td a", "main a[href$='/rotate/']"),
    ),
    Shot("devices", "/accounts/sessions/"),
    Shot("your-data", "/accounts/data/"),
    Shot("account-delete-refused", "/accounts/data/delete/"),
    Shot("account-deleted", "/accounts/data/deleted/", login=""),
    Shot("sign-out", "/accounts/logout/"),
    Shot("error-405", "/organizations/switch/", status=405),
    *(
        Shot(f"error-{name}", f"/{name}/", login="", template=f"{name}.html")
        for name in ("400", "403", "403_csrf", "404", "413", "429", "500", "503")
    ),
    Shot("console", "/admin/", login=OPERATOR),
    Shot(
        "console-table", "/admin/?days=7", login=OPERATOR, steps=(".as-table summary",)
    ),
    Shot("console-isolation", "/admin/isolation/", login=OPERATOR),
    Shot(
        "console-doctor",
        "/admin/doctor/",
        login=OPERATOR,
        steps=(".topbar button[type=submit]",),
    ),
    Shot("console-jobs", "/admin/procrastinate/procrastinatejob/", login=OPERATOR),
    Shot(
        "console-job",
        "/admin/procrastinate/procrastinatejob/",
        steps=("#result_list th a",),
        login=OPERATOR,
    ),
    Shot("console-product-events", "/admin/events/productevent/", login=OPERATOR),
    Shot("console-welcome-steps", "/admin/onboarding/welcomestep/", login=OPERATOR),
    Shot(
        "console-welcome-step-new",
        "/admin/onboarding/welcomestep/add/",
        login=OPERATOR,
    ),
    Shot(
        "console-welcome-step-refused",
        "/admin/onboarding/welcomestep/add/",
        login=OPERATOR,
        steps=("[name=_save]",),
    ),
    *(
        Shot(
            f"console-welcome-step-{name}",
            "/admin/onboarding/welcomestep/",
            login=OPERATOR,
            steps=("#result_list tbody th a", *more),
        )
        for name, *more in (
            ("edit",),
            ("preview", ".op-form a[href$='/preview/']"),
            ("announce", ".op-form a[href$='/announce/']"),
        )
    ),
    Shot("console-flags", "/admin/flags/featureflag/", login=OPERATOR),
    Shot(
        "console-flag",
        "/admin/flags/featureflag/",
        login=OPERATOR,
        steps=("#result_list tbody th a",),
    ),
    Shot(
        "console-flag-why",
        "/admin/organizations/organization/",
        login=OPERATOR,
        steps=("#result_list tbody th a", ".op-form a[href*='/why/']"),
    ),
    Shot("console-banners", "/admin/banners/banner/", login=OPERATOR),
    Shot("console-banner-create", "/admin/banners/banner/add/", login=OPERATOR),
    Shot("console-plans", "/admin/billing/plan/", login=OPERATOR),
    Shot("console-plan", "/admin/billing/plan/pro/change/", login=OPERATOR),
    Shot(
        "console-plan-refused",
        "/admin/billing/plan/pro/change/",
        login=OPERATOR,
        fill=(("members", "-1"), ("rank", "0")),
        steps=("[name=_save]",),
    ),
    Shot("console-subscriptions", "/admin/billing/subscription/", login=OPERATOR),
    Shot(
        "console-subscription",
        "/admin/billing/subscription/",
        login=OPERATOR,
        steps=("#result_list tbody th a",),
    ),
    Shot(
        "console-organization",
        "/admin/organizations/organization/",
        login=OPERATOR,
        steps=("#result_list tbody th a",),
    ),
    Shot(
        "console-person",
        "/admin/accounts/user/?q=bob",
        login=OPERATOR,
        steps=("#result_list tbody th a",),
    ),
    Shot(
        "console-note-refused",
        "/admin/accounts/user/?q=bob",
        login=OPERATOR,
        steps=("#result_list tbody th a", ".op-note-form .btn.primary"),
    ),
    Shot(
        "console-password-mail",
        "/admin/accounts/user/?q=bob",
        login=OPERATOR,
        steps=("#result_list tbody th a", ".op-form a[href$='/mail-password/']"),
    ),
    Shot("console-notes", "/admin/notes/staffnote/", login=OPERATOR),
    *(
        Shot(
            f"console-{name}",
            "/admin/organizations/organization/",
            login=OPERATOR,
            steps=("#result_list tbody th a", f".op-form a[href$='/{name}/']"),
        )
        for name in ("limits", "standing", "comp", "flag")
    ),
    Shot(
        "console-comp-refused",
        "/admin/organizations/organization/",
        login=OPERATOR,
        steps=(
            "#result_list tbody th a",
            ".op-form a[href$='/comp/']",
            ".op-form .btn.primary",
        ),
    ),
]
