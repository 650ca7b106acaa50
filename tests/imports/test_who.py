"""Who may import: by their role, in their organization, for as long as they may."""

import pytest

from organizations import flows
from organizations.audit.models import AuditEntry
from organizations.models import Membership
from organizations.roles.flows import create_role, edit_role, give_role
from organizations.tenancy import no_context, tenant
from tasks.imports import running
from tasks.imports.models import Import
from tests.imports.conftest import KEPT, NEW, PLAIN, Journey, file

LIST = "/tasks/import/"
STEPS = [
    *[("get", ""), ("get", "columns/"), ("post", "columns/")],
    *[("post", "start/"), ("post", "cancel/"), ("get", "errors/")],
]
UNKNOWN = "019aa000-0000-7000-8000-000000000000"


@pytest.fixture
def kept(cast):
    """Return the newest import as it is now, whoever made it and has left."""

    def read(home="acme"):
        with no_context(), tenant(getattr(cast, home)):
            return Import.objects.order_by("-id").first()

    return read


@pytest.fixture
def uploaded(journey, kept):
    journey.upload("Title,Status\nFirst,done\nSecond,nowhere\n")
    journey.map()
    return kept()


@pytest.fixture
def give(cast):
    """Give Bob a custom role of some abilities, and return it."""

    def do(*abilities):
        with no_context(), tenant(cast.acme, cast.alice):
            values = {"name": "Clerk", "base": "viewer", "by": cast.alice}
            role = create_role(abilities=abilities, **values)
            rows = Membership.objects.select_related("user", "custom_role")
            member = rows.get(user=cast.bob)
            give_role(membership=member, role=role, by=cast.alice)
        return role

    return do


@pytest.fixture
def bobs_place(cast):
    """Return a call on Bob's membership, as Alice does it."""

    def do(change):
        with no_context(), tenant(cast.acme, cast.alice):
            rows = Membership.objects.select_related("user", "custom_role")
            return change(membership=rows.get(user=cast.bob), by=cast.alice)

    return do


@pytest.mark.parametrize(("method", "step"), STEPS)
def test_viewers_take_none_of_the_steps(
    journey, uploaded, as_vera, kept, entries, method, step
):
    before = len(entries())
    answer = getattr(as_vera, method)(journey.at(step))
    assert answer.status_code == 403
    assert (kept().state, len(entries())) == ("checked", before)


@pytest.mark.parametrize(("method", "step"), STEPS)
def test_who_has_signed_out_is_led_to_the_sign_in(
    journey, uploaded, client, kept, method, step
):
    answer = getattr(client, method)(journey.at(step))
    assert answer.status_code == 302
    assert "login" in answer["Location"]
    assert kept().state == "checked"


@pytest.mark.parametrize("step", ["start/", "cancel/"])
def test_what_changes_something_is_not_a_link(journey, uploaded, kept, step):
    assert journey.client.get(journey.at(step)).status_code == 405
    assert kept().state == "checked"


@pytest.mark.parametrize("step", ["", "errors/"])
def test_what_is_only_read_takes_no_form(journey, uploaded, step):
    assert journey.client.post(journey.at(step)).status_code == 405


@pytest.mark.parametrize(("method", "step"), STEPS)
def test_an_import_that_never_was_is_missing(as_alice, method, step):
    path = f"{LIST}{UNKNOWN}/{step}"
    assert getattr(as_alice, method)(path).status_code == 404


def test_a_foreign_import_answers_like_a_missing_one(journey, uploaded, as_charlie):
    foreign = as_charlie.get(journey.at())
    missing = as_charlie.get(f"{LIST}{UNKNOWN}/")
    assert foreign.status_code == missing.status_code == 404
    assert "tasks.csv" not in foreign.text


def test_nobody_sees_the_list_of_others(journey, uploaded, as_charlie):
    page = as_charlie.get(LIST)
    assert page.status_code == 200
    assert "Nothing was imported yet" in page.text
    assert "tasks.csv" not in page.text


@pytest.mark.parametrize("who", ["alice", "adam", "bob"])
def test_whoever_changes_tasks_may_import(
    request, kept, run_jobs, acme_board, cast, who
):
    journey = Journey(request.getfixturevalue(f"as_{who}"), kept)
    journey.upload("Title\nFirst\n")
    journey.map()
    journey.start()
    run_jobs()
    [task] = acme_board.all()
    assert task.created_by_id == kept().made_by_id == getattr(cast, who).pk


def test_a_role_that_only_sees_tasks_imports_none(as_bob, give, kept):
    give("tasks.view", "members.view")
    assert as_bob.get(LIST).status_code == 403
    assert as_bob.post(NEW, {"file": file(PLAIN)}).status_code == 403
    assert kept() is None


def test_a_role_that_changes_tasks_imports_them(whole, give, acme_board):
    give("tasks.view", "tasks.edit")
    kept = whole("Title,Labels\nFirst,Bug\n")
    assert (kept.state, len(acme_board.all())) == ("finished", 1)


def test_the_list_offers_the_import_to_those_who_may(as_bob, as_vera, acme_board):
    acme_board.add()
    assert f'href="{LIST}"' in as_bob.get("/tasks/").text
    assert as_vera.get(LIST).status_code == 403


def stopped(kept, entries, board, run_jobs):
    run_jobs()
    assert (kept().state, kept().made, board.all()) == ("failed", 0, [])
    assert kept().finished_at is not None
    last = entries()[-1]
    assert (last.action, last.actor_id) == ("import.stopped", kept().made_by_id)
    assert last.after == {"lines": 2, "made": 0, "skipped": 0}


def test_a_role_that_lost_the_ability_stops_it(
    journey, give, run_jobs, cast, kept, entries, acme_board
):
    role = give("tasks.view", "tasks.edit")
    journey.upload("Title\nFirst\nSecond\n")
    journey.map()
    journey.start()
    with no_context(), tenant(cast.acme, cast.alice):
        edit_role(role=role, name=role.name, abilities=["tasks.view"], by=cast.alice)
    stopped(kept, entries, acme_board, run_jobs)


def test_somebody_suspended_makes_no_more(
    journey, uploaded, bobs_place, run_jobs, kept, entries, acme_board
):
    journey.start()
    bobs_place(flows.suspend_member)
    stopped(kept, entries, acme_board, run_jobs)


def test_somebody_who_has_left_makes_no_more(
    journey, uploaded, bobs_place, run_jobs, kept, entries, acme_board
):
    journey.start()
    bobs_place(flows.remove_member)
    stopped(kept, entries, acme_board, run_jobs)


def test_who_is_back_in_time_goes_on(
    journey, uploaded, bobs_place, run_jobs, kept, acme_board
):
    journey.start()
    bobs_place(flows.suspend_member)
    bobs_place(flows.unsuspend_member)
    run_jobs()
    assert (kept().state, kept().made) == ("finished", 1)
    assert len(acme_board.all()) == 1


def test_a_stopped_import_says_so_and_is_not_started_again(
    journey, uploaded, bobs_place, run_jobs, as_adam, kept, acme_board
):
    journey.start()
    bobs_place(flows.suspend_member)
    run_jobs()
    other = Journey(as_adam, kept)
    assert "It was stopped: whoever started it" in other.page()
    other.start()
    run_jobs()
    assert (kept().state, acme_board.all()) == ("failed", [])


def test_stopping_twice_is_recorded_once(uploaded, journey, cast, kept, entries):
    journey.start()
    with no_context(), tenant(cast.acme, cast.bob):
        running.stop(Import.objects.get())
        running.stop(Import.objects.get())
    assert [e.action for e in entries()].count("import.stopped") == 1


def test_a_colleague_starts_what_somebody_uploaded(
    journey, uploaded, as_adam, run_jobs, kept, cast, acme_board, entries
):
    Journey(as_adam, kept).start()
    run_jobs()
    assert kept().made_by_id == cast.adam.pk
    assert acme_board.all()[0].created_by_id == cast.adam.pk
    actors = {entry.action: entry.actor_id for entry in entries()}
    assert actors["import.uploaded"] == cast.bob.pk
    assert actors["import.started"] == actors["import.finished"] == cast.adam.pk


def test_who_uploaded_and_left_does_not_stop_a_colleague(
    journey, uploaded, bobs_place, as_adam, run_jobs, kept, acme_board
):
    bobs_place(flows.remove_member)
    Journey(as_adam, kept).start()
    run_jobs()
    assert (kept().state, len(acme_board.all())) == ("finished", 1)


def test_the_files_of_who_has_left_stay_in_sight(
    journey, uploaded, bobs_place, as_adam, kept
):
    bobs_place(flows.remove_member)
    other = Journey(as_adam, kept)
    assert "Uploaded by a former member" in other.page()
    page = as_adam.get(LIST).text
    assert "tasks.csv" in page
    assert "a former member" in page
    assert "Bob" not in page


def test_a_colleague_cancels_what_somebody_left_behind(
    journey, uploaded, bobs_place, as_adam, kept, cast, entries
):
    journey.start()
    bobs_place(flows.remove_member)
    assert Journey(as_adam, kept).cancel().status_code == 302
    assert kept().state == "cancelled"
    last = entries()[-1]
    assert (last.action, last.actor_id) == ("import.cancelled", cast.adam.pk)
    assert last.before == {"state": "running"}


def test_a_colleague_chooses_other_columns(
    journey, uploaded, as_adam, kept, cast, entries
):
    Journey(as_adam, kept).map("title", "", status="leave")
    assert (kept().good, kept().mapping["columns"]) == (2, {"title": 0})
    last = entries()[-1]
    assert (last.action, last.actor_id) == ("import.mapped", cast.adam.pk)


def test_jobs_work_in_their_own_organizations(
    journey, as_charlie, kept, run_jobs, acme_board, globex_board, cast
):
    theirs = Journey(as_charlie, lambda: kept("globex"))
    for each, title in ((journey, "Ours"), (theirs, "Theirs")):
        each.upload(f"Title,Labels\n{title},Bug\n")
        each.map()
        each.start()
    run_jobs()
    assert [task.title for task in acme_board.all()] == ["Ours"]
    assert [task.title for task in globex_board.all()] == ["Theirs"]
    with no_context(), tenant(cast.globex):
        rows = AuditEntry.objects.filter(action="label.created")
        assert [entry.actor_id for entry in rows] == [cast.charlie.pk]


def test_the_columns_of_a_foreign_import_stay(journey, uploaded, as_charlie, kept):
    posted = KEPT | {"column_0": "description", "column_1": "title"}
    assert as_charlie.post(journey.at("columns/"), posted).status_code == 404
    assert kept().mapping == uploaded.mapping
