"""Full-text search as a function of the definer: `@@` is not leakproof, so under a
policy it could never use its index."""

import re
from collections.abc import Iterator

from organizations.tenancy.functions import of_definer

# How much of what somebody typed is looked for.
MOST_WORDS = 10
LONGEST_WORD = 60

# Planned anew each time: a rare word wants the text index, a common one the walk
# from the newest task. Filters stand inside, so that a page is always full.
SEARCH_TASKS = """
CREATE OR REPLACE FUNCTION app.search_tasks(
  words tsquery, most integer, of_status text DEFAULT NULL,
  of_priority integer DEFAULT NULL, of_user uuid DEFAULT NULL,
  of_nobody boolean DEFAULT false, before timestamptz DEFAULT NULL,
  before_id uuid DEFAULT NULL, of_label uuid DEFAULT NULL, of_team uuid DEFAULT NULL)
RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $f$
DECLARE mine uuid := app.current_org();
BEGIN
  IF mine IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT t.id FROM public.tasks_task t
    WHERE t.organization_id = mine AND t.deleted_at IS NULL AND t.search @@ words
      AND (of_status IS NULL OR t.status = of_status)
      AND (of_priority IS NULL OR t.priority = of_priority)
      AND (of_user IS NULL OR EXISTS (SELECT FROM public.tasks_taskassignee a
        WHERE a.organization_id = mine AND a.task_id = t.id AND a.user_id = of_user))
      AND (NOT of_nobody OR NOT EXISTS (SELECT FROM public.tasks_taskassignee a
        WHERE a.organization_id = mine AND a.task_id = t.id))
      AND (of_label IS NULL OR EXISTS (SELECT FROM public.labels_tasklabel m
        WHERE m.organization_id = mine AND m.task_id = t.id AND m.label_id = of_label))
      AND (of_team IS NULL OR t.team_id = of_team)
      AND (before IS NULL OR (t.created_at, t.id) < (before, before_id))
    ORDER BY t.created_at DESC, t.id DESC LIMIT most;
END $f$"""
FORMER = (
    "search_tasks(tsquery, integer, text, integer, uuid, boolean, timestamptz, uuid)"
)
SIGNATURE = FORMER[:-1] + ", uuid, uuid)"


def statements() -> Iterator[str]:
    """Yield what makes the search function, owned by the role that cannot sign in."""
    yield f"DROP FUNCTION IF EXISTS app.{FORMER}"
    yield from of_definer(SIGNATURE, SEARCH_TASKS)


def prefix_query(text: str) -> str:
    """Return a tsquery that wants a word beginning with each of those typed.

    Every word is quoted, so nothing in it is an operator and no input is an error.
    """
    words = re.split(r"\s+", text.replace("\0", " ").strip())[:MOST_WORDS]
    quoted = (
        word[:LONGEST_WORD].replace("\\", "\\\\").replace("'", "''")
        for word in words
        if word
    )
    return " & ".join(f"'{word}':*" for word in quoted)
