"""What the console calls tables whose models leave that to Django, which knows English."""

from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from config.operator.words import COLUMNS

if TYPE_CHECKING:
    from django.contrib.auth.models import Permission

# One row, and several.
NAMES: Final = {
    "organizations.organization": (_("organization"), _("organizations")),
    "organizations.membership": (_("membership"), _("memberships")),
    "organizations.customrole": (_("custom role"), _("custom roles")),
    "teams.team": (_("team"), _("teams")),
    "invitations.invitation": (_("invitation"), _("invitations")),
    "domains.organizationdomain": (_("domain"), _("domains")),
    "domains.joinrequest": (_("request to join"), _("requests to join")),
    "tasks.task": (_("task"), _("tasks")),
    "labels.label": (pgettext_lazy("of a task", "label"), _("labels")),
    "comments.comment": (_("comment"), _("comments")),
    "attachments.attachment": (_("attachment"), _("attachments")),
    "changesets.changeset": (_("change of tasks"), _("changes of tasks")),
    "billing.subscription": (_("subscription"), _("subscriptions")),
    "billing.invoice": (_("invoice"), _("invoices")),
    "billing.plan": (_("plan"), _("plans")),
    "intake.stripeevent": (_("Stripe event"), _("Stripe events")),
    "audit.auditentry": (_("audit entry"), _("audit entries")),
    "audit.platformentry": (_("platform entry"), _("platform entries")),
    "events.productevent": (_("product event"), _("product events")),
    "usersessions.usersession": (_("signed-in device"), _("signed-in devices")),
    "mfa.authenticator": (_("second factor"), _("second factors")),
    "procrastinate.procrastinatejob": (_("job"), _("jobs")),
}
# What a right of staff is about, by the first word of its code.
RIGHTS: Final = {
    "add": _("%(things)s: add"),
    "change": _("%(things)s: change"),
    "delete": _("%(things)s: delete"),
    "view": _("%(things)s: see"),
}
# The queue's states, by its own words for them.
STATES: Final = (
    ("todo", _("todo")),
    ("doing", _("doing")),
    ("succeeded", _("succeeded")),
    ("failed", _("failed")),
    ("cancelled", _("cancelled")),
    ("aborted", _("aborted")),
)


def name_of_right(right: "Permission") -> str:
    """Return what a right of staff is about; Django's own words are English."""
    model = right.content_type.model_class()
    said = RIGHTS.get(right.codename.partition("_")[0])
    if model is None or said is None:
        # A right of ours is marked where its model names it.
        return gettext(right.name)
    return said % {"things": capfirst(model._meta.verbose_name_plural)}


def name_models() -> None:
    """Let each language call the console's tables and columns by names of its own."""
    for label, (one, several) in NAMES.items():
        options = apps.get_model(label)._meta
        options.verbose_name, options.verbose_name_plural = one, several
    state: Any = apps.get_model("procrastinate.procrastinatejob")._meta.get_field(
        "status"
    )
    state.choices = STATES
    for model in apps.get_models():
        for column in model._meta.fields:
            if column.verbose_name in COLUMNS:
                column.verbose_name = _(str(column.verbose_name))
