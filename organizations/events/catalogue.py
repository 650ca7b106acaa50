"""Every event that an organization's programs can be told of, in groups, in words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The first word of an event, what its group is called, and each event of it.
CATALOGUE: Final[dict[str, tuple[Promise, dict[str, Promise]]]] = {
    "task": (
        _("Tasks"),
        {
            "task.created": _("A task was made."),
            "task.edited": _("A task's title, text or properties were changed."),
            "task.moved": _("A task got another status."),
            "task.ordered": _("A task got another place on the board."),
            "task.removed": _("A task was put in the trash."),
            "task.restored": _("A task was taken out of the trash."),
            "task.purged": _("A task was deleted for good."),
            "task.watched": _("Somebody began to follow a task."),
            "task.unwatched": _("Somebody stopped following a task."),
            "task.muted": _("Somebody wants to hear nothing more of a task."),
            "task.unmuted": _("Somebody wants to hear of a task again."),
            "task.exported": _("Tasks were downloaded as a file."),
        },
    ),
    "comment": (
        _("Comments"),
        {
            "comment.written": _("Something was said about a task."),
            "comment.edited": _("A comment was changed."),
            "comment.removed": _("A comment was removed."),
            "comment.restored": _("A removed comment was brought back."),
            "comment.purged": _("A removed comment was deleted for good."),
        },
    ),
    "attachment": (
        _("Files of tasks"),
        {
            "attachment.added": _("A file was attached to a task."),
            "attachment.removed": _("A file was removed."),
            "attachment.restored": _("A removed file was brought back."),
            "attachment.purged": _("A removed file was deleted for good."),
        },
    ),
    "label": (
        _("Labels"),
        {
            "label.created": _("A label was made."),
            "label.changed": _("A label got another name or colour."),
            "label.removed": _("A label was removed."),
        },
    ),
    "import": (
        _("Imports"),
        {
            "import.uploaded": _("A file of tasks was uploaded."),
            "import.mapped": _("It was said what the columns of a file mean."),
            "import.started": _("An import began."),
            "import.paused": _("An import stopped at a limit and waits."),
            "import.stopped": _("An import ended before its last line."),
            "import.finished": _("An import made all its tasks."),
            "import.cancelled": _("An import was given up."),
        },
    ),
    "changeset": (
        _("Changes of many tasks"),
        {"changeset.undone": _("A change of many tasks was taken back.")},
    ),
    "image": (
        _("Gallery"),
        {
            "image.uploaded": _("A picture was added."),
            "image.changed": _("A picture got another name or description."),
            "image.removed": _("A picture was put in the trash."),
            "image.restored": _("A picture was taken out of the trash."),
            "image.purged": _("A picture was deleted for good."),
        },
    ),
    "member": (
        _("Members"),
        {
            "member.added": _("Somebody became a member."),
            "member.role_changed": _("A member got another role."),
            "member.suspended": _("A member was shut out for now."),
            "member.unsuspended": _("A suspended member was let in again."),
            "member.left": _("A member left."),
            "member.removed": _("A member was removed."),
        },
    ),
    "team": (
        _("Teams"),
        {
            "team.created": _("A team was made."),
            "team.changed": _("A team got another name or description."),
            "team.removed": _("A team was removed."),
            "team.restored": _("A removed team was brought back."),
            "team.member_added": _("Somebody was put in a team."),
            "team.member_removed": _("Somebody was taken out of a team."),
        },
    ),
    "invitation": (
        _("Invitations"),
        {
            "invitation.sent": _("Somebody was invited by mail."),
            "invitation.link_made": _("A link to join by was made."),
            "invitation.resent": _("An invitation was sent again."),
            "invitation.revoked": _("An invitation was withdrawn."),
            "invitation.declined": _("An invitation was declined."),
            "invitation.wanted": _("Somebody asked for a new invitation."),
        },
    ),
    "join_request": (
        _("Requests to join"),
        {
            "join_request.made": _("Somebody asked to join."),
            "join_request.denied": _("A request to join was denied."),
        },
    ),
    "domain": (
        _("Mail domains"),
        {
            "domain.added": _("A mail domain was named."),
            "domain.verified": _("A mail domain was proven."),
            "domain.changed": _("It was changed how people of a domain join."),
            "domain.removed": _("A mail domain was removed."),
        },
    ),
    "ownership": (
        _("Ownership"),
        {
            "ownership.offered": _("The ownership was offered to a member."),
            "ownership.accepted": _("The ownership was taken on."),
            "ownership.declined": _("The ownership was declined."),
            "ownership.withdrawn": _("The offer of the ownership was withdrawn."),
        },
    ),
    "role": (
        _("Roles"),
        {
            "role.created": _("A custom role was made."),
            "role.changed": _("A custom role was changed."),
            "role.removed": _("A custom role was removed."),
        },
    ),
    "flag": (
        _("Features"),
        {
            "flag.overridden": _("Staff switched a feature for the organization."),
            "flag.override_removed": _("Staff took such a switch away again."),
        },
    ),
    "organization": (
        _("Organization"),
        {
            "organization.created": _("The organization was made."),
            "organization.changed": _("Name, address or settings were changed."),
            "organization.logo_changed": _("The logo was changed."),
            "organization.deleted": _("The organization was deleted."),
            "organization.exported": _("An archive of everything was written."),
            "organization.export_fetched": _("An archive was downloaded."),
            "organization.imported": _("An archive was taken in over what was here."),
            "organization.undeleted": _("The deletion was taken back."),
            "organization.suspended": _("Staff shut the organization."),
            "organization.restored": _("Staff opened the organization again."),
            "organization.second_step_required": _(
                "Members were asked for a second step."
            ),
            "organization.second_step_optional": _(
                "The second step was left to each member."
            ),
            "organization.over_limits": _("What is over the plan's limits changed."),
            "organization.limits_overridden": _("Staff changed the limits."),
            "organization.standing_changed": _("Paid or unpaid bills changed rights."),
            "organization.identity_noted": _("Its id in another system was noted."),
        },
    ),
    "archive": (
        _("Archives"),
        {
            "archive.ready": _("An archive is ready."),
            "archive.failed": _("An archive could not be written."),
            "archive.uploaded": _("An archive was brought, to be taken in."),
            "archive.compared": _("It was found what an archive would change."),
            "archive.confirmed": _("An owner had an archive taken in."),
            "archive.refused": _("An archive could not be taken in."),
            "archive.cancelled": _("An archive was not taken in after all."),
        },
    ),
    "limit": (
        _("Limits of the plan"),
        {
            "limit.neared": _("A limit of the plan is near."),
            "limit.reached": _("A limit of the plan is reached."),
        },
    ),
    "subscription": (
        _("Plan and payment"),
        {
            "subscription.started": _("A plan was taken."),
            "subscription.checkout_opened": _("Somebody went to pay for a plan."),
            "subscription.change_planned": _("Another plan was chosen for later."),
            "subscription.plan_changed": _("The plan was changed."),
            "subscription.changed": _("Something about the subscription changed."),
            "subscription.canceled": _("The plan ends with its period."),
            "subscription.kept": _("The plan does not end after all."),
            "subscription.dunned": _("A late payment led to the next step."),
            "subscription.dunning_ended": _("A late payment was made."),
            "subscription.comped": _("Staff gave a plan for free."),
            "subscription.comp_reminded": _("A free plan is about to end."),
            "subscription.comp_ended": _("A free plan ended."),
            "subscription.trial_ending_told": _("A trial is about to end."),
            "subscription.trial_ended_told": _("A trial ended."),
        },
    ),
    "notifications": (
        _("Notifications"),
        {
            "notifications.preferences_changed": _(
                "Somebody chose what they are told of."
            ),
        },
    ),
    "support": (
        _("Support access"),
        {
            "support.started": _("Somebody of the staff began to look on as a member."),
            "support.viewed": _("Staff who look on opened a page."),
            "support.ended": _("Staff no longer look on."),
            "support.asked": _("Staff asked to be let change things."),
            "support.granted": _("An owner lets staff change things for a while."),
            "support.revoked": _("Staff can only read again."),
        },
    ),
    "audit": (
        _("Audit log"),
        {"audit.exported": _("The audit log was downloaded.")},
    ),
    "key": (
        _("API keys"),
        {
            "key.created": _("A key was made."),
            "key.changed": _("A key's name or abilities were changed."),
            "key.rotated": _("A key got a new secret."),
            "key.revoked": _("A key was ended."),
        },
    ),
    "webhook": (
        _("Webhooks"),
        {
            "webhook.created": _("A webhook was made."),
            "webhook.changed": _("A webhook got another address or other events."),
            "webhook.secret_rolled": _("A webhook got a new secret."),
            "webhook.paused": _("A webhook was paused."),
            "webhook.resumed": _("A webhook was resumed."),
            "webhook.disabled": _("We stopped sending to a webhook."),
            "webhook.removed": _("A webhook was removed."),
        },
    ),
}
# Recorded, and told to nobody: who tries a webhook out would hear of it twice.
UNSENT: Final = frozenset({"webhook.tested", "webhook.replayed"})
# Every event with what it means.
EVENTS: Final[dict[str, Promise]] = {
    name: words
    for _title, events in CATALOGUE.values()
    for name, words in events.items()
}
