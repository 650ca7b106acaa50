"""How much of each limited thing an organization has."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE
from django.db.models.functions.datetime import Now

from organizations.tenancy.fields import OrganizationKey, UpdatedAt
from organizations.tenancy.models import uuid7

KEYS = ["members", "tasks", "storage_bytes", "api_keys", "webhooks"]


class Migration(migrations.Migration):
    initial = True

    dependencies = [("organizations", "0033_standing")]

    operations = [
        migrations.CreateModel(
            name="Usage",
            fields=[
                ("created_at", models.DateTimeField(db_default=Now(), editable=False)),
                ("updated_at", UpdatedAt()),
                (
                    "id",
                    models.UUIDField(
                        default=uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("members", "Seats"),
                            ("tasks", "Tasks"),
                            ("storage_bytes", "Storage"),
                            ("api_keys", "API keys"),
                            ("webhooks", "Webhooks"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                (
                    "used",
                    models.BigIntegerField(
                        db_default=0, default=0, verbose_name="in use"
                    ),
                ),
                (
                    "warned_percent",
                    models.SmallIntegerField(db_default=0, default=0, editable=False),
                ),
                (
                    "organization",
                    OrganizationKey(
                        db_index=False,
                        editable=False,
                        on_delete=CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "usage",
                "verbose_name_plural": "usage",
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "key"), name="limits_usage_uniq"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key__in", KEYS)), name="limits_usage_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used__gte", 0)),
                        name="limits_usage_not_negative",
                    ),
                ],
            },
        ),
    ]
