"""The walls that no environment changes: what is global and why, the rules of other
packages' tables, and the functions and triggers that run with rights of their own."""

from typing import Any, Final

from organizations.tenancy.rules import IDENTITY, USER, GlobalTable

CATALOGUE = "describes the code, not anybody's data"
STAFF_RIGHTS = "staff rights in the console; members have none of them"
WALLS: Final[dict[str, Any]] = {
    "MEMBERSHIP_TABLE": "organizations_membership",
    "GLOBAL_TABLES": {
        "django_migrations": GlobalTable("SELECT", CATALOGUE),
        "django_content_type": GlobalTable("SELECT", CATALOGUE),
        "auth_permission": GlobalTable("SELECT", CATALOGUE),
        "auth_group": GlobalTable("", STAFF_RIGHTS),
        "auth_group_permissions": GlobalTable("", STAFF_RIGHTS),
        "accounts_user_groups": GlobalTable("", STAFF_RIGHTS),
        "accounts_user_user_permissions": GlobalTable("", STAFF_RIGHTS),
        "django_admin_log": GlobalTable("", "the console's own history"),
        "billing_plan": GlobalTable("SELECT", "the price list, public"),
        "billing_price": GlobalTable("SELECT", "the price list at Stripe, public"),
        "onboarding_welcomestep": GlobalTable(
            "SELECT", "what newcomers are asked, in staff's words"
        ),
        "flags_featureflag": GlobalTable(
            "SELECT", "what the product can do, switched by staff for everybody"
        ),
        "banners_banner": GlobalTable("SELECT", "announcements of staff, to everybody"),
        "insula_cache": GlobalTable(
            "SELECT, INSERT, UPDATE, DELETE",
            "rate limits and short-lived marks; keys of tenant data carry the"
            " organization",
        ),
        "failures_jobfailure": GlobalTable(
            "INSERT", "errors of jobs, for staff; a job may be nobody's"
        ),
        **{
            f"procrastinate_{table}": GlobalTable(
                "SELECT, INSERT, UPDATE, DELETE",
                "the job queue; arguments are ids only, the worker enters the"
                " organization before it reads anything",
            )
            for table in ("jobs", "events", "periodic_defers", "workers")
        },
    },
    # Every table of other packages that nobody but staff has to do with.
    "GLOBAL_APPS": {
        "djstripe": GlobalTable(
            "", "Stripe's objects as staff see them; ours hold none"
        ),
    },
    # Tables of other packages that hold people's data.
    "TABLE_RULES": {
        table: {
            "read": f"{IDENTITY} OR user_id = {USER}",
            "write": f"{IDENTITY} OR user_id = {USER}",
        }
        for table in (
            "account_emailaddress",
            "mfa_authenticator",
            "socialaccount_socialaccount",
            "usersessions_usersession",
        )
    }
    | {
        table: {"read": IDENTITY, "write": IDENTITY}
        for table in (
            "account_emailconfirmation",
            "socialaccount_socialapp",
            "socialaccount_socialtoken",
        )
    },
    # Functions that yield further statements, run after every migration.
    "EXTRA_SQL": [
        "accounts.sessions.statements",
        "organizations.queries.statements",
        "organizations.api.queries.statements",
        "organizations.audit.chain.statements",
        "organizations.events.statements.statements",
        "organizations.owners.statements",
        "organizations.invitations.queries.statements",
        "organizations.roles.built_on.statements",
        "organizations.domains.queries.statements",
        "organizations.addresses.statements",
        "organizations.purging.statements",
        "organizations.notes.statements.statements",
        "billing.djstripe.keys.statements",
        "billing.queries.statements",
        "organizations.limits.statements.statements",
        "tasks.changesets.statements.statements",
        "tasks.queries.statements",
        "tasks.search.statements",
        "tasks.columns.statements",
        "tasks.counted.statements",
    ],
    # SECURITY DEFINER functions the runtime role may call.
    "DEFINER_ALLOWED": [
        "verified",
        "search_tasks",
        "keep_an_owner",
        "keep_owners",
        "joinable_organizations",
        "my_invitations",
        "keep_addresses",
        "purge_organization",
        "forget_staff_notes",
        "open_organizations",
        "organization_of_customer",
        "organization_with_old_trash",
        "organization_with_old_changes",
    ],
    # Tables the definer's functions read, across organizations.
    "DEFINER_READS": [
        "tasks_task",
        "tasks_taskassignee",
        "labels_tasklabel",
        "changesets_changeset",
        "comments_comment",
        "organizations_membership",
        "organizations_organization",
        "organizations_formeraddress",
        "accounts_user",
        "invitations_invitation",
        "domains_organizationdomain",
        "domains_joinrequest",
        "billing_subscription",
        "notes_staffnote",
    ],
    # Rows they may delete: the policy of the definer, who has no other right to write.
    "DEFINER_PURGES": {
        "organizations_organization": "deleted_at <= now() - interval '30 days'",
        "notes_staffnote": "app.current_user_id() IN (person_id, same_person_id)",
    },
    # Rules that hold between rows, kept by a trigger of EXTRA_SQL.
    "TRIGGERS": {
        "organizations_membership": {
            "keep_an_owner": "app.keep_an_owner",
            "leave_custom_role": "app.leave_custom_role",
        },
        "organizations_organization": {"keep_addresses": "app.keep_addresses"},
        "accounts_user": {"keep_owners": "app.keep_owners"},
        "audit_auditentry": {
            "audit_chain": "app.audit_chain",
            "announce_events": "app.announce_events",
        },
        "tasks_task": {
            "count_made": "app.count_made_tasks",
            "begin_moved": "app.begin_moved_tasks",
            "count_moved": "app.count_moved_task",
            "end_moved": "app.end_moved_tasks",
            "count_ended": "app.count_ended_tasks",
        },
    },
    # Web and worker end at once when row security would not hold their role.
    "EXAMINE_AT_START": True,
    # What a test flush keeps: rows that migrations made.
    "REFERENCE_DATA": [
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "billing_plan",
        # What is on sale at Stripe, as `billing_setup` wrote it.
        "billing_price",
        "onboarding_welcomestep",
        "flags_featureflag",
    ],
}
