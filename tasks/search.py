"""Full-text search as a function of the definer: `@@` is not leakproof, so under a
policy it could never use its index.

What is found stands in tiers, newest first in each: the task of the number that was
typed, then those with every word in their title, then in title and description, then
in one comment. A tier is only asked when those above it did not fill the page.
"""

import re
from collections.abc import Iterator
from typing import Final

from organizations.tenancy.functions import of_definer

# How much of what somebody typed is looked for.
MOST_WORDS = 10
LONGEST_WORD = 60
# Characters shown before and after what was found in a longer text.
BEFORE, AFTER = 30, 120
KEY = re.compile(r"(?:([A-Za-z0-9]+)-)?([0-9]{1,9})", re.ASCII)

NUMBERED, TITLED, DESCRIBED, SAID = TIERS = range(4)
# Which tasks stand in a tier, and in none above it.
MATCHES: Final = {
    NUMBERED: "t.number = keyed",
    TITLED: "t.number IS DISTINCT FROM keyed AND t.search @@ titled",
    DESCRIBED: "t.number IS DISTINCT FROM keyed AND t.search @@ words"
    " AND NOT t.search @@ titled",
    SAID: "t.number IS DISTINCT FROM keyed AND NOT t.search @@ words"
    " AND t.id IN (SELECT c.task_id FROM public.comments_comment c"
    " WHERE c.organization_id = mine AND c.deleted_at IS NULL AND c.search @@ words)",
}

# Planned anew each time: a rare word wants the text index, a common one the walk from
# the newest task. Filters stand inside, so that a page is always full.
SEARCH_TASKS = """
CREATE OR REPLACE FUNCTION app.search_tasks(
  words tsquery, titled tsquery, of_prefix text, of_number integer, most integer,
  of_status text DEFAULT NULL, of_priority integer DEFAULT NULL,
  of_user uuid DEFAULT NULL, of_nobody boolean DEFAULT false,
  of_label uuid DEFAULT NULL, of_team uuid DEFAULT NULL, before_tier integer DEFAULT 0,
  before timestamptz DEFAULT NULL, before_id uuid DEFAULT NULL)
RETURNS TABLE (found uuid, tier integer) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $f$
DECLARE
  mine uuid := app.current_org();
  keyed integer := (SELECT of_number FROM public.organizations_organization o
    WHERE o.id = mine AND o.task_prefix = coalesce(of_prefix, o.task_prefix));
  got integer;
BEGIN
  IF mine IS NULL THEN RETURN; END IF;
{tiers}
END $f$"""
TIER = """
  IF before_tier <= {tier} THEN
    RETURN QUERY SELECT t.id, {tier} FROM public.tasks_task t
      WHERE t.organization_id = mine AND t.deleted_at IS NULL AND {matches}
        AND (of_status IS NULL OR t.status = of_status)
        AND (of_priority IS NULL OR t.priority = of_priority)
        AND (of_user IS NULL OR EXISTS (SELECT FROM public.tasks_taskassignee a
          WHERE a.organization_id = mine AND a.task_id = t.id AND a.user_id = of_user))
        AND (NOT of_nobody OR NOT EXISTS (SELECT FROM public.tasks_taskassignee a
          WHERE a.organization_id = mine AND a.task_id = t.id))
        AND (of_label IS NULL OR EXISTS (SELECT FROM public.labels_tasklabel m
          WHERE m.organization_id = mine AND m.task_id = t.id
            AND m.label_id = of_label))
        AND (of_team IS NULL OR t.team_id = of_team)
        AND (before IS NULL OR before_tier < {tier}
          OR (t.created_at, t.id) < (before, before_id))
      ORDER BY t.created_at DESC, t.id DESC LIMIT most;
    GET DIAGNOSTICS got = ROW_COUNT;
    most := most - got;
    IF most <= 0 THEN RETURN; END IF;
  END IF;"""
SIGNATURE = (
    "search_tasks(tsquery, tsquery, text, integer, integer, text, integer, uuid,"
    " boolean, uuid, uuid, integer, timestamptz, uuid)"
)
FORMER = (
    "search_tasks(tsquery, integer, text, integer, uuid, boolean, timestamptz, uuid)",
    "search_tasks(tsquery, integer, text, integer, uuid, boolean, timestamptz, uuid,"
    " uuid, uuid)",
)


def statements() -> Iterator[str]:
    """Yield what makes the search function, owned by the role that cannot sign in."""
    for signature in FORMER:
        yield f"DROP FUNCTION IF EXISTS app.{signature}"
    tiers = (TIER.format(tier=tier, matches=MATCHES[tier]) for tier in TIERS)
    yield from of_definer(SIGNATURE, SEARCH_TASKS.format(tiers="".join(tiers)))


def asked(text: str) -> dict[str, str | int | None]:
    """Return what the search function is asked with for what somebody typed."""
    prefix, number = key_of(text)
    return {
        "words": prefix_query(text),
        "titled": prefix_query(text, weight="A"),
        "prefix": prefix,
        "number": number,
        "near": near(text),
    }


def prefix_query(text: str, weight: str = "") -> str:
    """Return a tsquery that wants a word beginning with each of those typed.

    Every word is quoted, so nothing in it is an operator and no input is an error.
    """
    quoted = (word.replace("\\", "\\\\").replace("'", "''") for word in words_of(text))
    return " & ".join(f"'{word}':*{weight}" for word in quoted)


def words_of(text: str) -> list[str]:
    words = text.replace("\0", " ").split()[:MOST_WORDS]
    return [word[:LONGEST_WORD] for word in words]


def key_of(text: str) -> tuple[str | None, int | None]:
    """Return prefix and number when what was typed may be a task's key: ACME-142, 142."""
    found = KEY.fullmatch(text.strip())
    if found is None:
        return None, None
    return found[1] and found[1].upper(), int(found[2])


def near(text: str) -> str:
    """Return a pattern for the stretch of a text, from the beginning of a word on, that
    surrounds the first of those typed."""
    words = "|".join(map(re.escape, words_of(text)))
    return rf"(?i)(?<!\S).{{0,{BEFORE}}}(?<!\w)(?:{words}).{{0,{AFTER}}}"
