"""A failure goes when the queue forgets its job."""

from django.db import migrations

KEY = """
ALTER TABLE failures_jobfailure ADD CONSTRAINT failures_job_gone
  FOREIGN KEY (job_id) REFERENCES procrastinate_jobs (id) ON DELETE CASCADE"""
BACK = "ALTER TABLE failures_jobfailure DROP CONSTRAINT failures_job_gone"


class Migration(migrations.Migration):
    dependencies = [("failures", "0001_initial")]

    operations = [migrations.RunSQL(KEY, BACK)]
