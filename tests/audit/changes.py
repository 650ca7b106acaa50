"""What each state-changing route needs to change something, and what it records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.audit.objects import (
    alices_invitation,
    archive_of,
    attached,
    bob_as_member,
    bobs,
    bobs_new_role,
    bobs_place,
    bobs_team,
    changed,
    comment,
    csv_file,
    deleted,
    domain,
    face,
    failed_delivery,
    granted,
    in_trash,
    inside,
    invited,
    linked,
    logo,
    muted,
    new_picture,
    newcomer,
    offer,
    open_domain,
    paused_webhook,
    profile,
    removed,
    removed_comment,
    removed_file,
    removed_image,
    removed_team,
    role,
    suspended,
    task_of_ours,
    team,
    two_files,
    two_pictures,
    unwatched,
    webhook,
)
from tests.isolation.test_matrix import (
    sample_arrival,
    sample_image,
    sample_import,
    sample_invitation,
    sample_key,
    sample_label,
    sample_number,
    sample_task,
    sample_wish,
)

Values = dict[str, Any] | Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Change:
    """A route's change: on what, with which values, by whom, and what it records.

    `again` is sent once that is done, and changes nothing; it is the same form unless
    doing it twice is meant to do two things. More entries than one have a reason.
    """

    actions: tuple[str, ...]
    make: Callable[[Any], Any] | None = None
    values: Values = field(default_factory=dict)
    again: Values | None = None
    who: str = "alice"
    reason: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


WEBHOOK = {"url": "https://93.184.215.14/hooks", "events": ["task.*"]}
TASK = {"title": "New title", "status": "todo", "priority": "3"}
KEY = {"name": "Shop backend", "scopes": ["tasks.view"], "expires": "90"}
KEY_AS_IT_IS = KEY | {"expires": "keep"}
SETTINGS = {
    "name": "Acme Works",
    "slug": "acme",
    "task_prefix": "ACME",
}

CHANGES = {
    "organizations:organization_create": Change(
        ("organization.created", "member.added"),
        values={"name": "Initech", "slug": "initech", "task_prefix": "INI"},
        reason="its first member comes with it",
    ),
    "organizations:organization_settings": Change(
        ("organization.changed",), values=SETTINGS
    ),
    "organizations:organization_settings_preferences": Change(
        ("organization.changed",), values={"theme": "dark", "language": "en"}
    ),
    "organizations:organization_settings_joining": Change(
        ("organization.changed",), values={"joining_role": "viewer"}
    ),
    "organizations:organization_settings_metadata": Change(
        ("organization.changed",), values={"metadata": '{"crm": 7}'}
    ),
    "archives:export_ask": Change(("organization.exported",)),
    "archives:arrival_create": Change(
        ("archive.uploaded",), values=lambda cast: {"file": archive_of(cast)}, again={}
    ),
    "archives:arrival_confirm": Change(
        ("archive.confirmed",),
        lambda cast: sample_arrival(cast, "acme"),
        values={"typed": "acme"},
    ),
    "archives:arrival_cancel": Change(
        ("archive.cancelled",), lambda cast: sample_arrival(cast, "acme")
    ),
    "organizations:organization_delete": Change(
        ("organization.deleted",), values={"typed": "acme"}
    ),
    "support:grant": Change(("support.granted",), values={"hours": "1"}, again={}),
    "support:revoke": Change(("support.revoked",), inside("acme", granted)),
    "organizations:organization_restore": Change(
        ("organization.undeleted",),
        inside("acme", deleted),
        values=lambda cast: {"organization": cast.acme.pk},
    ),
    "api:key_create": Change(("key.created",), values=KEY, again={}),
    "api:key_edit": Change(
        ("key.changed",), lambda cast: sample_key(cast, "acme"), values=KEY_AS_IT_IS
    ),
    "api:key_rotate": Change(
        ("key.rotated",),
        lambda cast: sample_key(cast, "acme"),
        values={"former": "day", "expires": "keep"},
        again={},
    ),
    "api:key_revoke": Change(("key.revoked",), lambda cast: sample_key(cast, "acme")),
    "pictures:logo_change": Change(
        ("organization.logo_changed",), values=new_picture, again={}
    ),
    "pictures:logo_remove": Change(
        ("organization.logo_changed",), inside("acme", logo)
    ),
    "accounts:picture_change": Change(
        ("user.picture_changed",), values=new_picture, again={}
    ),
    "onboarding:step": Change(
        ("user.profile_changed", "user.welcome_step_done"),
        newcomer,
        values={"first_name": "Alicia", "last_name": "Example"},
        reason="what the step asks for, and that it is done",
    ),
    "onboarding:dismiss": Change(("user.welcome_dismissed",), newcomer),
    "accounts:picture_remove": Change(("user.picture_removed",), face),
    "roles:role_create": Change(
        ("role.created",),
        values={"name": "Reader", "base": "viewer", "abilities": ["tasks.view"]},
    ),
    "roles:role_edit": Change(
        ("role.changed",),
        inside("acme", role),
        values={"name": "Checker", "abilities": ["tasks.view", "members.view"]},
    ),
    "roles:role_delete": Change(("role.removed",), inside("acme", role)),
    "roles:role_assign": Change(
        ("member.role_changed",), inside("acme", role), values=bobs_new_role
    ),
    "teams:team_create": Change(("team.created",), values={"name": "Workshop"}),
    "teams:team_edit": Change(
        ("team.changed",), inside("acme", team), values={"name": "Yard"}
    ),
    "teams:team_delete": Change(("team.removed",), inside("acme", team)),
    "teams:team_restore": Change(("team.restored",), inside("acme", removed_team)),
    "teams:team_add": Change(
        ("team.member_added",), inside("acme", team), values=bob_as_member
    ),
    "teams:team_take_out": Change(
        ("team.member_removed",), inside("acme", bobs_team), values=bobs_place, again={}
    ),
    "gallery:image_upload": Change(
        ("image.uploaded", "image.uploaded"),
        values=two_pictures,
        again={},
        reason="each picture is one that can be removed by itself",
    ),
    "gallery:image_edit": Change(
        ("image.changed",),
        lambda cast: sample_image(cast, "acme"),
        values={"name": "Beach", "alt": "Sand"},
    ),
    "gallery:image_delete": Change(
        ("image.removed",), lambda cast: sample_image(cast, "acme")
    ),
    "gallery:image_restore": Change(("image.restored",), removed_image),
    "gallery:image_purge": Change(("image.purged",), removed_image),
    "invitations:accept_mine": Change(
        ("member.added",), inside("globex", invited), values=alices_invitation
    ),
    "join:accept": Change(("member.added",), inside("globex", linked)),
    "join:decline": Change(("invitation.declined",), inside("globex", invited)),
    "join:ask_again": Change(
        ("invitation.wanted",),
        inside("globex", lambda cast, owner: invited(cast, owner, days=-1)),
    ),
    "domains:domain_create": Change(("domain.added",), values={"domain": "a.test"}),
    "domains:domain_verify": Change(("domain.verified",), inside("acme", domain)),
    "domains:domain_joining": Change(
        ("domain.changed",),
        inside("acme", domain),
        values={"joining": "asking", "role": "viewer"},
    ),
    "domains:domain_remove": Change(("domain.removed",), inside("acme", domain)),
    "domains:join": Change(
        ("member.added",),
        inside("globex", open_domain),
        values=lambda cast: {"organization_id": cast.globex.pk},
    ),
    "domains:request_approve": Change(
        ("member.added",), lambda cast: sample_wish(cast, "acme")
    ),
    "domains:request_deny": Change(
        ("join_request.denied",), lambda cast: sample_wish(cast, "acme")
    ),
    "invitations:invitation_create": Change(
        ("invitation.sent",),
        values={"addresses": "new@example.com", "role": "member"},
    ),
    "invitations:link_create": Change(
        ("invitation.link_made",), values={"role": "member", "days": "7"}, again={}
    ),
    "invitations:invitation_revoke": Change(
        ("invitation.revoked",), lambda cast: sample_invitation(cast, "acme")
    ),
    "members:member_leave": Change(("member.left",), who="bob"),
    "members:ownership_accept": Change(
        ("ownership.accepted",), inside("acme", offer), who="bob"
    ),
    "members:ownership_decline": Change(
        ("ownership.declined",), inside("acme", offer), who="bob"
    ),
    "members:ownership_withdraw": Change(
        ("ownership.withdrawn",), inside("acme", offer)
    ),
    "members:ownership_offer": Change(
        ("ownership.offered",),
        inside("acme", bobs),
        values={"stays_owner": "yes"},
        again={},
    ),
    "members:member_role": Change(
        ("member.role_changed",), inside("acme", bobs), values={"role": "admin"}
    ),
    "members:member_suspend": Change(("member.suspended",), inside("acme", bobs)),
    "members:member_unsuspend": Change(
        ("member.unsuspended",), inside("acme", suspended)
    ),
    "members:member_remove": Change(("member.removed",), inside("acme", bobs)),
    "labels:label_create": Change(
        ("label.created",), values={"name": "Boxes", "colour": "red"}
    ),
    "labels:label_edit": Change(
        ("label.changed",),
        lambda cast: sample_label(cast, "acme"),
        values={"name": "Boxes", "colour": "red"},
    ),
    "labels:label_delete": Change(
        ("label.removed",), lambda cast: sample_label(cast, "acme")
    ),
    "tasks:task_create": Change(("task.created",), values=TASK, again={}),
    "tasks:task_edit": Change(
        ("task.edited",), lambda cast: sample_task(cast, "acme"), values=TASK
    ),
    "tasks:task_change": Change(
        ("task.edited",),
        lambda cast: sample_number(cast, "acme"),
        values={"priority": "5"},
    ),
    "tasks:task_status": Change(
        ("task.moved",),
        lambda cast: sample_task(cast, "acme"),
        values={"status": "done"},
    ),
    "tasks:task_delete": Change(
        ("task.removed",), lambda cast: sample_task(cast, "acme")
    ),
    "tasks:task_restore": Change(("task.restored",), removed),
    "comments:comment_create": Change(
        ("comment.written",),
        lambda cast: sample_task(cast, "acme"),
        values={"body": "Said", "sent_as": "4d3c1f7e-0000-4000-8000-000000000002"},
    ),
    "comments:comment_edit": Change(
        ("comment.edited",),
        inside("acme", lambda cast, owner: comment(cast, owner).pk),
        values={"body": "Mended"},
    ),
    "comments:comment_delete": Change(
        ("comment.removed",),
        inside("acme", lambda cast, owner: comment(cast, owner).pk),
    ),
    "comments:comment_restore": Change(
        ("comment.restored",), inside("acme", removed_comment)
    ),
    "comments:watch": Change(("task.watched",), inside("acme", unwatched)),
    "comments:unwatch": Change(
        ("task.unwatched",),
        inside("acme", lambda cast, owner: task_of_ours(cast, owner).pk),
    ),
    "comments:mute": Change(
        ("task.muted",),
        inside("acme", lambda cast, owner: task_of_ours(cast, owner).pk),
    ),
    "comments:unmute": Change(("task.unmuted",), inside("acme", muted)),
    "notifications:preferences": Change(
        ("notifications.preferences_changed",), values={"mention-email": "on"}
    ),
    "attachments:file_create": Change(
        ("attachment.added", "attachment.added"),
        lambda cast: sample_task(cast, "acme"),
        values=two_files,
        again={},
        reason="two files were sent, and each is told",
    ),
    "attachments:file_delete": Change(
        ("attachment.removed",),
        inside("acme", lambda cast, owner: attached(cast, owner).pk),
    ),
    "attachments:file_restore": Change(
        ("attachment.restored",), inside("acme", removed_file)
    ),
    "changesets:bulk_edit": Change(
        ("task.edited",),
        lambda cast: sample_task(cast, "acme"),
        values={"pick": "1", "priority": "5"},
    ),
    "changesets:bulk_delete": Change(
        ("task.removed",),
        lambda cast: sample_task(cast, "acme"),
        values={"pick": "1"},
    ),
    "changesets:change_undo": Change(
        ("task.edited", "changeset.undone"),
        changed,
        reason="each task that is as it was, and how many were kept",
    ),
    "changesets:trash_restore": Change(("task.restored",), removed, values=in_trash),
    "changesets:task_several": Change(
        ("task.created",), values={"titles": "One more"}, again={}
    ),
    "imports:import_create": Change(
        ("import.uploaded",), values=lambda cast: {"file": csv_file()}, again={}
    ),
    "imports:import_map": Change(
        ("import.mapped",),
        lambda cast: sample_import(cast, "acme"),
        values={
            "column_0": "title",
            "people": "leave",
            "status": "leave",
            "days": "day",
        },
    ),
    "imports:import_start": Change(
        ("import.started",), lambda cast: sample_import(cast, "acme")
    ),
    "imports:import_cancel": Change(
        ("import.cancelled",), lambda cast: sample_import(cast, "acme")
    ),
    "webhooks:endpoint_create": Change(("webhook.created",), values=WEBHOOK, again={}),
    "webhooks:endpoint_edit": Change(
        ("webhook.changed",),
        inside("acme", lambda cast, owner: webhook(cast, owner).pk),
        values=WEBHOOK,
    ),
    "webhooks:endpoint_pause": Change(
        ("webhook.paused",),
        inside("acme", lambda cast, owner: webhook(cast, owner).pk),
    ),
    "webhooks:endpoint_resume": Change(
        ("webhook.resumed",), inside("acme", paused_webhook)
    ),
    "webhooks:endpoint_remove": Change(
        ("webhook.removed",),
        inside("acme", lambda cast, owner: webhook(cast, owner).pk),
    ),
    "webhooks:endpoint_replay": Change(
        ("webhook.replayed",),
        inside("acme", lambda cast, owner: failed_delivery(cast, owner).endpoint_id),
        values={"hours": "24"},
    ),
    "webhooks:delivery_replay": Change(
        ("webhook.replayed",),
        inside("acme", lambda cast, owner: failed_delivery(cast, owner).pk),
    ),
    "accounts:terms": Change(
        ("user.terms_accepted",),
        values={"terms": "on"},
        settings={"TERMS_VERSION": "2", "TERMS_URL": "https://insula.example/terms"},
    ),
    "accounts:keyboard": Change(("user.profile_changed",), values={}),
    "accounts:profile": Change(("user.profile_changed",), values=profile()),
}

# Doing these twice does two things: what else would change nothing is told apart.
REPEATED = {
    "webhooks:endpoint_roll": Change(
        ("webhook.secret_rolled",),
        inside("acme", lambda cast, owner: webhook(cast, owner).pk),
    ),
    "webhooks:endpoint_test": Change(
        ("webhook.tested",),
        inside("acme", lambda cast, owner: webhook(cast, owner).pk),
    ),
    "tasks:task_move": Change(
        ("task.moved",),
        lambda cast: sample_task(cast, "acme"),
        values={"status": "done"},
    ),
    "invitations:invitation_resend": Change(
        ("invitation.resent",), lambda cast: sample_invitation(cast, "acme")
    ),
}

# It changes nothing, and is recorded all the same: the log has left the house.
READ_OUT = {
    "audit:entry_export": Change(("audit.exported",), values={"format": "csv"}),
    "exports:task_export": Change(("task.exported",), values={"format": "csv"}),
}

# Routes that take a form and change nothing that is anybody else's to know.
NO_CHANGE = {
    "teams:team_choose": "which team one works in, kept in the session",
    "teams:team_rest": "that one works in no team, kept in the session",
    "comments:markdown_preview": "how a text would look, which nobody keeps",
    "organizations:organization_switch": "which organization one looks at",
    "onboarding:address": "whether an address is free, which nobody takes by asking",
    "intake:stripe_event": "without Stripe's signature; tests/intake has what is kept",
    "support:stop": "of whoever looks on; tests/support has what is recorded",
    "support:ask": "of whoever looks on; tests/support has what is recorded",
    "join:carry_on": "notes in the visitor's own session what they came for",
}
# Changes that another package makes, and tells of by its own signal.
OF_OTHERS = {
    "banners:banner_dismiss": "what one has read is one's own; tests/banners has it",
    "personal:export_ask": "a person's own copy; tests/personal has its entries",
    "personal:account_delete": "ends in many organizations; tests/personal has it",
    "security:second_step_policy": "wants a second step; test_second_step has it",
    **dict.fromkeys(
        (
            "billing:plan_buy",
            "billing:plan_change",
            "billing:portal",
            "billing:subscription_cancel",
            "billing:subscription_keep",
        ),
        "made at Stripe first; tests/billing has their entries",
    ),
    **dict.fromkeys(
        (
            "notifications:notification_archive",
            "notifications:notification_read",
            "notifications:notification_unarchive",
            "notifications:notification_unread",
            "notifications:read_all",
        ),
        "what one has read is nobody else's to know; tests/notifications has it",
    ),
    "notifications:unsubscribe": "by a signed token; test_unsubscribing has its entry",
    "join:switch_person": "signs out as the sign-in pages do, which record it",
}
