"""Flags of the product, and what organizations have instead of them."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import organizations.tenancy.fields
import organizations.tenancy.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0034_api_per_minute'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeatureFlag',
            fields=[
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', organizations.tenancy.fields.UpdatedAt()),
                ('id', models.UUIDField(default=organizations.tenancy.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9_]+$', 'Small letters, digits and underscores only.')], verbose_name='key')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=300, verbose_name='description')),
                ('default_enabled', models.BooleanField(db_default=False, default=False, verbose_name='on by default')),
                ('minimum_plan', models.CharField(blank=True, db_default='', default='', max_length=30, verbose_name='from plan')),
                ('rollout_percent', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='rollout in percent')),
                ('is_killed', models.BooleanField(db_default=False, default=False, editable=False, verbose_name='killed')),
            ],
            options={
                'verbose_name': 'feature flag',
                'verbose_name_plural': 'feature flags',
                'ordering': ['key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z0-9_]+$')), name='flags_key_is_a_word'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='flags_name_not_empty'), models.CheckConstraint(condition=models.Q(('rollout_percent', None), ('rollout_percent__range', (0, 100)), _connector='OR'), name='flags_rollout_is_a_percentage')],
            },
        ),
        migrations.CreateModel(
            name='OrganizationFeatureFlag',
            fields=[
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', organizations.tenancy.fields.UpdatedAt()),
                ('id', models.UUIDField(default=organizations.tenancy.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('enabled', models.BooleanField(verbose_name='on')),
                ('flag', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='flags.featureflag', verbose_name='flag')),
                ('organization', organizations.tenancy.fields.OrganizationKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
            ],
            options={
                'verbose_name': "organization's own flag",
                'verbose_name_plural': "organizations' own flags",
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['flag'], name='flags_override_flag')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'flag'), name='flags_override_uniq')],
            },
        ),
    ]
