"""A migration that ends well, and after which a table takes no change."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_writes() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN RAISE EXCEPTION 'this table is full'; END $f$"""
TRIGGER = """
CREATE TRIGGER refuse_writes BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_writes()"""


class Migration(migrations.Migration):
    dependencies = [("lab", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE),
        migrations.RunSQL(TRIGGER.format(verb="UPDATE", table="tasks_task")),
    ]
