"""The checklist of every table, asked of the database that the migrations made."""

import pytest
from django.apps import apps

from organizations.tenancy.fields import OrganizationKey
from organizations.tenancy.models import TenantModel, TenantRow, uuid7
from tests.contracts.house import PACKAGES, ROOT
from tests.tenancy.attacks import sql

MODELS = [
    model
    for model in apps.get_models()
    if model.__module__.partition(".")[0] in PACKAGES
]
TENANT = [model for model in MODELS if issubclass(model, TenantRow)]
TABLES = [model._meta.db_table for model in TENANT]
each_model = pytest.mark.parametrize("model", TENANT, ids=lambda m: m._meta.label)
each_table = pytest.mark.parametrize("table", TABLES)
pytestmark = pytest.mark.django_db

# What happens to a row when the one it names goes: each is a decision.
ON_DELETE = {
    # People are made anonymous, not deleted; their keys go on working.
    # The database's own cascade, which takes append-only rows along as well.
    "organization": "DO_NOTHING",
    "organizations.LastOrganization.organization": "CASCADE",
    "teams.TeamMembership.team": "CASCADE",
    "teams.TeamMembership.user": "CASCADE",
    "gallery.Image.uploaded_by": "PROTECT",
    "api.ApiKey.created_by": "PROTECT",
    "archives.Export.asked_by": "PROTECT",
    "archives.Arrival.asked_by": "PROTECT",
    "api.KeptAnswer.key": "CASCADE",
    "api.KeyMinute.key": "CASCADE",
    # Staff take the switches away first: each is in its organization's log.
    "flags.OrganizationFeatureFlag.flag": "PROTECT",
    "banners.BannerDismissal.banner": "CASCADE",
    "banners.BannerDismissal.user": "CASCADE",
    # The database's own cascade: a failure goes with its job.
    "failures.JobFailure.job": "DO_NOTHING",
    "events.ProductEvent.organization": "CASCADE",
    "events.ProductEvent.user": "CASCADE",
    "tasks.Task.created_by": "PROTECT",
    "tasks.Task.team": "SET_NULL",
    "labels.TaskLabel.task": "CASCADE",
    "labels.TaskLabel.label": "CASCADE",
    "changesets.ChangeSet.made_by": "PROTECT",
    "changesets.ChangeSet.undone_by": "PROTECT",
    "changesets.ChangeSetItem.change_set": "CASCADE",
    # A purged task takes what was done to it along.
    "changesets.ChangeSetItem.task": "CASCADE",
    "tasks.TaskAssignee.task": "CASCADE",
    "tasks.TaskAssignee.user": "CASCADE",
    "attachments.Attachment.task": "CASCADE",
    "attachments.Attachment.uploaded_by": "PROTECT",
    "comments.Comment.task": "CASCADE",
    "comments.Comment.author": "PROTECT",
    "comments.Mention.comment": "CASCADE",
    "comments.Mention.user": "CASCADE",
    "comments.TaskWatcher.task": "CASCADE",
    "comments.TaskWatcher.user": "CASCADE",
    "billing.Price.plan": "CASCADE",
    "billing.Subscription.plan": "PROTECT",
    "billing.Subscription.next_plan": "PROTECT",
    "billing.Subscription.buyer": "PROTECT",
    "organizations.Membership.user": "CASCADE",
    # A role that somebody has stays.
    "organizations.Membership.custom_role": "PROTECT",
    "organizations.LastOrganization.user": "CASCADE",
    "audit.AuditEntry.actor": "PROTECT",
    "audit.PlatformEntry.actor": "PROTECT",
    "accounts.Session.user": "CASCADE",
    "impersonation.Impersonation.staff": "PROTECT",
    "impersonation.Impersonation.person": "PROTECT",
    "support.SupportGrant.granted_by": "PROTECT",
    "accounts.ExternalIdentity.user": "CASCADE",
    "organizations.ExternalOrganization.organization": "CASCADE",
    "domains.JoinRequest.domain": "CASCADE",
    "domains.JoinRequest.user": "CASCADE",
    # What was imported can be undone for as long as the import is known.
    "imports.Import.change_set": "SET_NULL",
    "imports.Import.made_by": "PROTECT",
    "invitations.Invitation.inviter": "SET_NULL",
    "invitations.Invitation.team": "SET_NULL",
    "members.OwnershipOffer.offered_by": "CASCADE",
    "members.OwnershipOffer.offered_to": "CASCADE",
    "notifications.Notification.user": "CASCADE",
    # The name as it was is kept beside it.
    "notifications.Notification.actor": "SET_NULL",
    "notifications.Preference.user": "CASCADE",
    "notifications.Mute.user": "CASCADE",
    "notifications.DigestDay.user": "CASCADE",
    # What staff noted goes with whom it is about, and stays with who wrote it.
    "notes.StaffNote.person": "CASCADE",
    "notes.StaffNote.house": "CASCADE",
    "notes.StaffNote.same_person": "CASCADE",
    "notes.StaffNote.same_house": "SET_NULL",
    "notes.StaffNote.written_by": "PROTECT",
    "onboarding.WelcomeProgress.user": "CASCADE",
    "onboarding.WelcomeProgress.step": "CASCADE",
    "personal.PersonalExport.user": "CASCADE",
    "webhooks.Endpoint.made_by": "PROTECT",
    "webhooks.Delivery.endpoint": "CASCADE",
    "webhooks.Attempt.delivery": "CASCADE",
}


def columns(table: str) -> dict[str, tuple[str, str, str | None]]:
    """Return type, nullability and default of each column."""
    rows = sql(
        "SELECT column_name, data_type, is_nullable, column_default"
        " FROM information_schema.columns WHERE table_name = %s",
        [table],
    )
    return {name: (kind, nullable, default) for name, kind, nullable, default in rows}


def indexes(table: str) -> list[tuple[bool, list[str]]]:
    """Return each index of a table: whether it is the key, and its columns."""
    rows = sql(
        "SELECT i.indisprimary, array_agg(a.attname::text ORDER BY k.place)"
        " FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY k(number, place)"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number"
        " WHERE i.indrelid = %s::regclass GROUP BY i.indexrelid, i.indisprimary",
        [table],
    )
    return [(primary, names) for primary, names in rows]


# cap 29
@each_table
def test_row_belongs_to_an_organization_for_good(table):
    kind, nullable, _default = columns(table)["organization_id"]
    assert (kind, nullable) == ("uuid", "NO")


# cap 29
@each_table
def test_organization_is_a_real_foreign_key(table):
    found = sql(
        "SELECT confrelid::regclass::text, confdeltype::text FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid = %s::regclass",
        [table],
    )
    assert ("organizations_organization", "c") in found


# cap 30
@each_table
def test_organization_leads_an_index(table):
    assert any(names[0] == "organization_id" for _primary, names in indexes(table))


# cap 43
@each_table
def test_key_is_the_organization_with_an_id_ordered_by_time(table):
    (key,) = [names for primary, names in indexes(table) if primary]
    assert key == ["organization_id", "id"]
    assert columns(table)["id"][0] == "uuid"


# cap 43
@each_model
def test_id_is_made_by_one_strategy(model):
    assert model._meta.pk.default is uuid7
    assert model().pk.version == 7


# cap 30
@each_model
def test_what_points_elsewhere_is_indexed(model):
    known = [set(names) for _primary, names in indexes(model._meta.db_table)]
    pointing = [f.column for f in model._meta.fields if f.remote_field]
    bare = [
        column for column in pointing if not any(column in names for names in known)
    ]
    nobody_asks = {"created_by_id", "made_by_id", "undone_by_id", "plan_id"}
    nobody_asks |= {"next_plan_id", "buyer_id", "actor_id", "granted_by_id"}
    assert set(bare) <= nobody_asks


# cap 41
@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_time_has_a_zone(model):
    kinds = {kind for kind, _null, _default in columns(model._meta.db_table).values()}
    assert "timestamp without time zone" not in kinds


# cap 41
@each_model
def test_times_are_kept_by_the_database(model):
    if not issubclass(model, TenantModel):
        pytest.skip("append-only rows have one time of their own")
    found = columns(model._meta.db_table)
    for name in ("created_at", "updated_at"):
        kind, nullable, default = found[name]
        assert (kind, nullable) == ("timestamp with time zone", "NO")
        assert default is not None


# cap 42
def test_every_deletion_is_a_decision():
    found = {}
    for model in MODELS:
        for field in model._meta.fields:
            if field.remote_field and not field.auto_created:
                name = f"{model._meta.label}.{field.name}"
                own = isinstance(field, OrganizationKey)
                found["organization" if own else name] = (
                    field.remote_field.on_delete.__name__
                )
    assert found == ON_DELETE


# cap 91
@each_table
def test_row_security_is_forced(table):
    query = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s"
    assert sql(f"{query}::regclass", [table]) == [(True, True)]


# cap 91
def test_every_table_of_ours_has_a_row_of_the_checklist():
    made = {row[0] for row in sql("SELECT tablename FROM pg_tables")}
    assert set(TABLES) <= made
    assert len(TABLES) >= 6


# cap 89
def test_release_notes_are_read_before_the_sign_in_library_is_upgraded():
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert "Before upgrading the sign-in library read its release notes" in text


# cap 39
@pytest.mark.parametrize(
    "question", ["`check_isolation`", "context", "`apply_rls`", "operator's connection"]
)
def test_papers_lead_whoever_misses_a_row(question):
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert question in text.split("## When something is wrong")[1]
