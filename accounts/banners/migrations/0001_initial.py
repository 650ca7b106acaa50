"""Banners, and who has put them away."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Banner',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('placement', models.CharField(choices=[('landing', 'Pages for everybody'), ('app', 'Pages of the product'), ('everywhere', 'All pages')], default='everywhere', max_length=10, verbose_name='where')),
                ('variant', models.CharField(choices=[('info', 'Information'), ('warning', 'Warning'), ('critical', 'Critical')], default='info', max_length=10, verbose_name='kind')),
                ('text', models.CharField(max_length=300, verbose_name='text')),
                ('link', models.CharField(blank=True, default='', max_length=500, validators=[django.core.validators.RegexValidator('^(https?://[^\\s/]|/(?![/\\\\]))\\S*$', 'An address that begins with https:// or, on this server, with /.')], verbose_name='link')),
                ('link_text', models.CharField(blank=True, default='', max_length=60, verbose_name='words of the link')),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='from')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('dismissible', models.BooleanField(default=True, verbose_name='people may put it away')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'verbose_name': 'banner',
                'verbose_name_plural': 'banners',
                'constraints': [models.CheckConstraint(condition=models.Q(('placement__in', ['landing', 'app', 'everywhere'])), name='banners_placement'), models.CheckConstraint(condition=models.Q(('variant__in', ['info', 'warning', 'critical'])), name='banners_variant'), models.CheckConstraint(condition=models.Q(models.Q(('variant', 'critical'), _negated=True), ('dismissible', False), _connector='OR'), name='banners_critical_stays'), models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='banners_ends_after_its_start'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='banners_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='BannerDismissal',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('banner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='dismissals', to='banners.banner')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['banner'], name='banners_dismissal_banner')],
                'constraints': [models.UniqueConstraint(fields=('user', 'banner'), name='banners_dismissal_uniq')],
            },
        ),
    ]
