import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import organizations.tenancy.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WelcomeStep',
            fields=[
                ('id', models.UUIDField(default=organizations.tenancy.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(default='note', max_length=30, verbose_name='kind')),
                ('title', models.CharField(blank=True, help_text='Left empty, the step has the words of its kind.', max_length=80, verbose_name='title')),
                ('copy', models.TextField(blank=True, help_text='In Markdown; it stands below the title.', max_length=2000, verbose_name='copy')),
                ('position', models.PositiveSmallIntegerField(default=100, help_text='Small numbers come first.', verbose_name='position')),
                ('is_enabled', models.BooleanField(default=True, verbose_name='shown')),
                ('is_skippable', models.BooleanField(default=True, verbose_name='can be skipped')),
                ('announced_at', models.DateTimeField(editable=False, null=True, verbose_name='announced')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'welcome step',
                'verbose_name_plural': 'welcome steps',
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'note'), _negated=True), fields=('kind',), name='onboarding_step_once', violation_error_message='There is such a step already.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'note'), _negated=True), models.Q(('title', ''), _negated=True), _connector='OR'), name='onboarding_note_has_title'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'organization'), _negated=True), ('is_skippable', False), _connector='OR'), name='onboarding_organization_stays')],
            },
        ),
        migrations.CreateModel(
            name='WelcomeProgress',
            fields=[
                ('id', models.UUIDField(default=organizations.tenancy.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('outcome', models.CharField(choices=[('done', 'Done'), ('skipped', 'Skipped')], max_length=10)),
                ('settled_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='onboarding.welcomestep')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'step'), name='onboarding_progress_uniq'), models.CheckConstraint(condition=models.Q(('outcome__in', ['done', 'skipped'])), name='onboarding_progress_outcome')],
            },
        ),
    ]
