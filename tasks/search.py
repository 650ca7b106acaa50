"""Full-text search as a function of the definer: `@@` is not leakproof, so under a
policy it could never use its index."""

from collections.abc import Iterator

from django.conf import settings

from organizations.tenancy.roles import role_name

SEARCH_TASKS = """
CREATE OR REPLACE FUNCTION app.search_tasks(words tsquery, most integer)
RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $f$
DECLARE mine uuid := app.current_org();
BEGIN
  IF mine IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT t.id FROM public.tasks_task t
    WHERE t.organization_id = mine AND t.deleted_at IS NULL AND t.search @@ words
    ORDER BY t.created_at DESC, t.id DESC LIMIT most;
END $f$"""


def statements() -> Iterator[str]:
    """Yield what makes the search function, owned by the role that cannot sign in."""
    prefix = settings.TENANCY["ROLE_PREFIX"]
    definer, app = role_name(prefix, "definer"), role_name(prefix, "app")
    operator, owner = role_name(prefix, "operator"), role_name(prefix, "owner")
    signature = "app.search_tasks(tsquery, integer)"
    yield "DROP FUNCTION IF EXISTS app.search_tasks(tsquery, integer)"
    yield SEARCH_TASKS
    yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {signature} TO {app}, {operator}, {owner}"
    yield f"GRANT SELECT ON tasks_task TO {definer}"
    yield "DROP POLICY IF EXISTS definer ON tasks_task"
    yield f"CREATE POLICY definer ON tasks_task FOR SELECT TO {definer} USING (true)"
    yield f"GRANT CREATE ON SCHEMA app TO {definer}"
    yield f"ALTER FUNCTION {signature} OWNER TO {definer}"
    yield f"REVOKE CREATE ON SCHEMA app FROM {definer}"
