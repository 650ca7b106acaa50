"""What was taken along can be brought into another organization: nothing is lost."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.forms import can_be_seen
from organizations.teams.flows import create_team
from organizations.tenancy import no_context, tenant
from tasks.exports.cells import safe, unprefixed
from tasks.flows import create_tasks
from tests.conftest import join
from tests.exports.conftest import acme_marks, body  # noqa: F401
from tests.imports.conftest import Journey

EXPORT = "/tasks/export/"
CHANGING = {"key"}
# As forms take them: no NUL, no half of a pair, no blanks round a title.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)
FORMULAS = ["=1+1", "'=1", "''@x", "-", "+", "=\r\n=", "'", "''"]
QUOTED = ["a,b;c\td", 'say "no"', '"', "key,title"]
BROKEN = ["two\r\nlines", "two\nlines", "old\rlines", "a\u2028b", "a\x0bb", "a\x85b"]
WORLD = ["😀 שלום", "\u202eabc", "\ufeffx", "\x1c"]
SPECIAL = FORMULAS + QUOTED + BROKEN + WORLD
TRICKY = st.one_of(
    TEXT,
    st.sampled_from(SPECIAL),
)
TITLES = TRICKY.map(str.strip).filter(can_be_seen)
TOLD = ("title", "description")
EARLIER = datetime(2019, 3, 4, 5, 6, 7, 89, tzinfo=UTC)


def without_numbers(text):
    lines = (json.loads(line) for line in text.splitlines())
    return [{k: v for k, v in line.items() if k not in CHANGING} for line in lines]


def exported(client, kind="jsonl"):
    return body(client.post(EXPORT, {"format": kind}))


@given(st.text(st.sampled_from("'=+-@\t\rab"), max_size=6))
def test_a_cell_gives_its_text_back(text):
    assert unprefixed(safe(text)) == text
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("kind", ["csv", "excel", "jsonl"])
@given(st.lists(st.tuples(TITLES, TRICKY), min_size=1, max_size=8))
def test_every_text_comes_back(
    as_alice, as_charlie, cast, acme_board, globex_board, run_jobs, kept, kind, drafts
):
    with no_context(), acme_board.inside():
        for old in acme_board.all():
            old.remove(by=cast.alice)
        drafts = [dict(zip(TOLD, draft, strict=True)) for draft in drafts]
        create_tasks(by=cast.alice, drafts=drafts)
    with no_context(), globex_board.inside():
        for old in globex_board.all():
            old.remove(by=cast.charlie)
    brought(as_charlie, kept, run_jobs, exported(as_alice, kind))
    came = [(task.title, task.description) for task in globex_board.all()]
    assert came == [(draft["title"], kept_text(draft)) for draft in drafts]


def kept_text(draft):
    """A description of nothing but blanks is none."""
    return draft["description"] if draft["description"].strip() else ""


def brought(client, kept, run_jobs, text):
    journey = Journey(client, lambda: kept("globex"))
    assert journey.upload(text).status_code == 302
    assert journey.map().status_code == 302
    journey.start()
    run_jobs()
    found = kept("globex")
    assert (found.state, found.skipped) == ("finished", 0), found.problems


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_export_import_export_gives_the_same(
    as_alice,
    cast,
    sign_in,
    acme_board,
    acme_marks,
    run_jobs,
    kept,
    kind,
):
    team = acme_marks.team("Workshop; north")
    for person in (cast.alice, cast.bob, cast.vera):
        join(cast.globex, person, "member")
    acme_board.add(
        "=SUM(A1)",
        description="'quoted'\r\n\r\n- a list",
        status="in_review",
        priority=5,
        due_date=date(9999, 12, 31),
        assignees=[cast.vera, cast.bob],
    )
    acme_board.add("Done", status="done", priority=1, due_date=date(1, 1, 1))
    acme_board.add(
        "Plain",
        status="done",
        created_at=EARLIER,
        completed_at=EARLIER + timedelta(days=7),
        labels=acme_marks.labels("a;b", "x,y", "\\"),
        team=team,
    )
    with no_context(), tenant(cast.globex, cast.charlie):
        create_team(by=cast.charlie, name=team.name)
    before = exported(as_alice)
    there = sign_in(cast.alice, cast.globex)
    brought(there, kept, run_jobs, exported(as_alice, kind))
    assert without_numbers(exported(there)) == without_numbers(before)


def test_a_board_that_was_emptied_is_brought_back(
    as_alice,
    cast,
    acme_board,
    acme_marks,
    run_jobs,
    kept,
):
    labels = acme_marks.labels("Bug")
    acme_board.add("Order salt", created_at=EARLIER, labels=labels)
    before = exported(as_alice)
    with no_context(), acme_board.inside():
        acme_board.all()[0].remove(by=cast.alice)
    brought(as_alice, lambda home: kept(), run_jobs, before)
    assert without_numbers(exported(as_alice)) == without_numbers(before)
