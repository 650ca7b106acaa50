"""Invoices, as Stripe last told them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import organizations.tenancy.fields
import organizations.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0004_prices"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                    ),
                ),
                ("updated_at", organizations.tenancy.fields.UpdatedAt()),
                (
                    "id",
                    models.UUIDField(
                        default=organizations.tenancy.models.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "stripe_id",
                    models.CharField(max_length=255, verbose_name="invoice at Stripe"),
                ),
                (
                    "number",
                    models.CharField(blank=True, max_length=100, verbose_name="number"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("open", "Open"),
                            ("paid", "Paid"),
                            ("uncollectible", "Uncollectible"),
                            ("void", "Void"),
                        ],
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("total_cents", models.BigIntegerField(verbose_name="total")),
                ("paid_cents", models.BigIntegerField(default=0, verbose_name="paid")),
                (
                    "refunded_cents",
                    models.BigIntegerField(default=0, verbose_name="refunded"),
                ),
                ("issued_at", models.DateTimeField(verbose_name="issued")),
                ("period_start", models.DateTimeField(null=True)),
                ("period_end", models.DateTimeField(null=True)),
                ("hosted_url", models.URLField(blank=True, max_length=2000)),
                ("pdf_url", models.URLField(blank=True, max_length=2000)),
                (
                    "next_attempt_at",
                    models.DateTimeField(null=True, verbose_name="tried again"),
                ),
                (
                    "organization",
                    organizations.tenancy.fields.OrganizationKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["organization", "-issued_at", "-id"],
                        name="billing_invoice_newest",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "stripe_id"),
                        name="billing_invoice_uniq",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["draft", "open", "paid", "uncollectible", "void"],
                            )
                        ),
                        name="billing_invoice_status",
                    ),
                ],
            },
        ),
    ]
