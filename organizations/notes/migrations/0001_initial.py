"""Notes of staff about people and organizations."""

import django.db.models.deletion
import django.db.models.functions.datetime
import organizations.tenancy.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0034_api_per_minute'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffNote',
            fields=[
                ('id', models.UUIDField(default=organizations.tenancy.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=4000, verbose_name='note')),
                ('pinned', models.BooleanField(db_default=False, default=False, verbose_name='pinned')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='written')),
                ('edited_at', models.DateTimeField(editable=False, null=True, verbose_name='edited')),
                ('house', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization', verbose_name='organization')),
                ('person', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('same_house', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='organizations.organization', verbose_name='same organization as')),
                ('same_person', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='same person as')),
                ('written_by', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
            ],
            options={
                'verbose_name': 'staff note',
                'verbose_name_plural': 'staff notes',
                'indexes': [models.Index(condition=models.Q(('person__isnull', False)), fields=['person', '-created_at'], name='notes_by_person'), models.Index(condition=models.Q(('house__isnull', False)), fields=['house', '-created_at'], name='notes_by_house'), models.Index(condition=models.Q(('same_person__isnull', False)), fields=['same_person', '-created_at'], name='notes_by_same_person'), models.Index(condition=models.Q(('same_house__isnull', False)), fields=['same_house', '-created_at'], name='notes_by_same_house')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('house__isnull', False), ('person', None)), models.Q(('house', None), ('person__isnull', False)), _connector='OR'), name='notes_about_one'), models.CheckConstraint(condition=models.Q(('same_person', None), models.Q(('person__isnull', False), models.Q(('same_person', models.F('person')), _negated=True)), _connector='OR'), name='notes_same_person'), models.CheckConstraint(condition=models.Q(('same_house', None), models.Q(('house__isnull', False), models.Q(('same_house', models.F('house')), _negated=True)), _connector='OR'), name='notes_same_house'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='notes_not_empty')],
            },
        ),
    ]
