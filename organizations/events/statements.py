"""What is recorded is told: the statement that writes entries also puts the job in the
queue that reads them. Neither can be there without the other, whoever wrote them."""

from collections.abc import Iterator
from typing import Final

from organizations.audit.models import AuditEntry

TABLE: Final = AuditEntry._meta.db_table
QUEUE: Final = "events"
JOB: Final = "organizations.events.jobs.read_events"

# Runs with the rights of whoever writes, who may always put jobs in the queue.
ANNOUNCE = """
CREATE OR REPLACE FUNCTION app.announce_events() RETURNS trigger
LANGUAGE plpgsql AS $f$ BEGIN
  INSERT INTO public.procrastinate_jobs (queue_name, task_name, args)
    SELECT '{queue}', '{job}', jsonb_build_object('carried', jsonb_build_object(
      'organization', m.organization_id, 'user', '', 'request_id', ''))
    FROM made m GROUP BY m.organization_id;
  RETURN NULL;
END $f$"""

# Migrations can be taken back to a time before the table.
TRIGGER = """
DO $do$ BEGIN
  IF to_regclass('public.{table}') IS NOT NULL THEN
    CREATE OR REPLACE TRIGGER announce_events AFTER INSERT ON public.{table}
      REFERENCING NEW TABLE AS made FOR EACH STATEMENT
      EXECUTE FUNCTION app.announce_events();
  END IF;
END $do$"""


def statements() -> Iterator[str]:
    """Yield what makes the function and its trigger."""
    yield ANNOUNCE.format(queue=QUEUE, job=JOB)
    yield TRIGGER.format(table=TABLE)
