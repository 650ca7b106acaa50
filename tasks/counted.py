"""Tasks are counted by the database, so that every way in and out counts alike.

What lies in the trash is not counted. The triggers run with the rights of whoever
changes the table, so the policies hold for them.
"""

from collections.abc import Iterator
from typing import Final

from organizations.limits.models import Key
from organizations.models import Organization
from tasks.models import Task

# A statement counts its tasks once, however many: the counter's row has one version for
# each time it is written. What moves to or from the trash is a matter of one column, so
# nothing else that changes a task asks anything; a list of columns forbids a table of
# the rows, so each adds itself to a sum, which ends with the statement.
COUNT_MADE: Final = """
CREATE OR REPLACE FUNCTION app.count_made_tasks() RETURNS trigger
LANGUAGE plpgsql AS $f$
DECLARE one record;
BEGIN
  FOR one IN SELECT n.organization_id AS whose, count(*) AS number FROM made n
      WHERE n.deleted_at IS NULL GROUP BY n.organization_id ORDER BY 1 LOOP
    PERFORM app.count_usage(one.whose, '{key}', one.number);
  END LOOP;
  RETURN NULL;
END $f$"""

BEGIN_MOVED: Final = """
CREATE OR REPLACE FUNCTION app.begin_moved_tasks() RETURNS trigger
LANGUAGE plpgsql AS $f$ BEGIN
  PERFORM set_config('app.moved_tasks', '0', true);
  RETURN NULL;
END $f$"""

# Outside an organization a statement may move those of several.
COUNT_MOVED: Final = """
CREATE OR REPLACE FUNCTION app.count_moved_task() RETURNS trigger
LANGUAGE plpgsql AS $f$
DECLARE more integer := CASE WHEN NEW.deleted_at IS NULL THEN 1 ELSE -1 END;
BEGIN
  IF app.current_org() IS DISTINCT FROM NEW.organization_id THEN
    PERFORM app.count_usage(NEW.organization_id, '{key}', more);
  ELSE
    PERFORM set_config('app.moved_tasks',
      (current_setting('app.moved_tasks')::bigint + more)::text, true);
  END IF;
  RETURN NULL;
END $f$"""

END_MOVED: Final = """
CREATE OR REPLACE FUNCTION app.end_moved_tasks() RETURNS trigger
LANGUAGE plpgsql AS $f$
DECLARE more bigint := current_setting('app.moved_tasks')::bigint;
BEGIN
  IF more <> 0 THEN
    PERFORM app.count_usage(app.current_org(), '{key}', more);
  END IF;
  RETURN NULL;
END $f$"""

# Of an organization that goes as a whole nothing is left to be counted.
COUNT_ENDED: Final = """
CREATE OR REPLACE FUNCTION app.count_ended_tasks() RETURNS trigger
LANGUAGE plpgsql AS $f$
DECLARE one record;
BEGIN
  FOR one IN SELECT g.organization_id AS whose, count(*) AS number FROM gone g
      WHERE g.deleted_at IS NULL GROUP BY g.organization_id ORDER BY 1 LOOP
    IF EXISTS (SELECT FROM public.{organization} o WHERE o.id = one.whose) THEN
      PERFORM app.count_usage(one.whose, '{key}', -one.number);
    END IF;
  END LOOP;
  RETURN NULL;
END $f$"""

# A migration of a part may leave the table missing.
TRIGGERS: Final = """
DO $do$ BEGIN
  IF to_regclass('public.{task}') IS NOT NULL THEN
    CREATE OR REPLACE TRIGGER count_made AFTER INSERT ON public.{task}
      REFERENCING NEW TABLE AS made
      FOR EACH STATEMENT EXECUTE FUNCTION app.count_made_tasks();
    CREATE OR REPLACE TRIGGER count_moved AFTER UPDATE OF deleted_at ON public.{task}
      FOR EACH ROW WHEN ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL))
      EXECUTE FUNCTION app.count_moved_task();
    CREATE OR REPLACE TRIGGER begin_moved BEFORE UPDATE OF deleted_at ON public.{task}
      FOR EACH STATEMENT EXECUTE FUNCTION app.begin_moved_tasks();
    CREATE OR REPLACE TRIGGER end_moved AFTER UPDATE OF deleted_at ON public.{task}
      FOR EACH STATEMENT EXECUTE FUNCTION app.end_moved_tasks();
    CREATE OR REPLACE TRIGGER count_ended AFTER DELETE ON public.{task}
      REFERENCING OLD TABLE AS gone
      FOR EACH STATEMENT EXECUTE FUNCTION app.count_ended_tasks();
  END IF;
END $do$"""


def statements() -> Iterator[str]:
    """Yield what makes the triggers."""
    names = {
        "key": Key.TASKS.value,
        "organization": Organization._meta.db_table,
        "task": Task._meta.db_table,
    }
    moved = (BEGIN_MOVED, COUNT_MOVED, END_MOVED)
    for text in (COUNT_MADE, *moved, COUNT_ENDED, TRIGGERS):
        yield text.format(**names)
