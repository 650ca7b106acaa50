"""Whoever joins begins as a member or as a viewer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0010_complete_preferences"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="joining_role",
            field=models.CharField(
                choices=[
                    ("owner", "Owner"),
                    ("admin", "Admin"),
                    ("member", "Member"),
                    ("viewer", "Viewer"),
                ],
                default="member",
                db_default="member",
                max_length=10,
                verbose_name="role of newcomers",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("joining_role__in", ["member", "viewer"])),
                name="organizations_joining_role",
            ),
        ),
    ]
