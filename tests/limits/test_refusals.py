"""At a limit: one page, one toast, and forms that keep what was typed."""

import pytest
from django.utils import timezone

from organizations.models import Role
from organizations.roles.flows import create_role, give_role
from organizations.tenancy import no_context, tenant
from tests.gallery.conftest import send
from tests.history import entries
from tests.pictures.conftest import picture

NEW, SEVERAL = "/tasks/new/", "/tasks/new/several/"
HTMX = {"headers": {"hx-request": "true"}}
FULL = "The limit is reached: 1 of 1 tasks."


@pytest.fixture
def full(allow, acme_board, as_bob):
    """Acme with the one task it may have, and another one in the trash."""
    trashed = acme_board.add("In the trash")
    as_bob.post(f"/tasks/{trashed.pk}/delete/")
    acme_board.add("The only one")
    allow(tasks=1)
    return trashed


# cap 54
@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("as_alice", "You can change the plan."),
        ("as_adam", "You can change the plan."),
        ("as_bob", "Alice Example or Adam Example can change the plan."),
    ],
)
def test_the_page_says_what_is_full_and_who_can_change_that(request, full, who, words):
    client = request.getfixturevalue(who)
    answer = client.post(f"/tasks/{full.pk}/restore/")
    assert answer.status_code == 402
    assert "The limit is reached" in answer.text
    assert FULL in answer.text
    assert words in answer.text
    assert '"/organizations/limits/"' in answer.text
    assert 'aria-label="Work"' in answer.text


def test_a_script_gets_a_toast_and_swaps_nothing(as_bob, full):
    answer = as_bob.post(f"/tasks/{full.pk}/restore/", **HTMX)
    assert (answer.status_code, answer.content) == (402, b"")
    told = answer["HX-Trigger"]
    assert FULL in told
    assert "Alice Example or Adam Example can change the plan." in told
    assert '"level": "error"' in told


def test_a_custom_role_may_change_the_plan_too(as_bob, full, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        abilities = ["billing.view", "billing.edit", "tasks.delete", "tasks.view"]
        made = create_role(
            name="Treasurer", base=Role.MEMBER, abilities=abilities, by=cast.alice
        )
        member = cast.acme.memberships.get(user=cast.bob)
        give_role(membership=member, role=made, by=cast.alice)
    answer = as_bob.post(f"/tasks/{full.pk}/restore/")
    assert "You can change the plan." in answer.text


def test_a_suspended_owner_is_not_named(as_bob, full, cast):
    with no_context(), tenant(cast.acme, cast.alice):
        cast.acme.memberships.filter(user=cast.adam).update(suspended_at=timezone.now())
    answer = as_bob.post(f"/tasks/{full.pk}/restore/")
    assert "Alice Example can change the plan." in answer.text


def test_the_new_task_stays_in_its_form(as_bob, full, acme_board):
    typed = {"title": "Oil the gate", "description": "With **good** oil"}
    answer = as_bob.post(NEW, typed)
    assert answer.status_code == 422
    assert f"{FULL} Alice Example or Adam Example can change" in answer.text
    assert "Oil the gate" in answer.text
    assert "With **good** oil" in answer.text
    assert len(acme_board.all()) == 1


def test_the_quick_title_stays_in_its_form(as_bob, full, acme_board):
    answer = as_bob.post(NEW, {"title": "Oil the gate"}, **HTMX)
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#quick"
    assert FULL in answer.text
    assert 'value="Oil the gate"' in answer.text
    assert len(acme_board.all()) == 1


def test_several_titles_stay_in_their_form(as_bob, allow, acme_board):
    allow(tasks=2)
    acme_board.add()
    answer = as_bob.post(SEVERAL, {"titles": "Oil the gate\nPaint the door"})
    assert answer.status_code == 422
    assert "1 of 2 tasks are there, and 1 more would fit" in answer.text
    assert "Oil the gate\nPaint the door" in answer.text.replace("\r", "")
    assert len(acme_board.all()) == 1


def test_a_refusal_leaves_no_trace_in_the_history(as_bob, full, cast):
    before = len(entries(cast.acme))
    as_bob.post(NEW, {"title": "Oil the gate"})
    as_bob.post(f"/tasks/{full.pk}/restore/")
    assert len(entries(cast.acme)) == before


def test_a_bulk_restore_is_refused_on_the_page(as_bob, full):
    answer = as_bob.post("/tasks/trash/restore/", {"pick": [str(full.pk)]})
    assert answer.status_code == 402
    assert FULL in answer.text


def test_without_room_an_invitation_says_so_at_its_form(as_alice, allow, cast):
    allow(members=5)
    values = {"addresses": "one@example.com\ntwo@example.com", "role": "member"}
    answer = as_alice.post("/organizations/invitations/new/", values)
    assert "All seats are taken: 5 of 5. You can change the plan." in answer.text
    assert "two@example.com</textarea>" in answer.text
    assert len(entries(cast.acme, "invitation.sent")) == 1


def test_with_room_for_all_an_invitation_says_nothing_of_seats(as_alice, allow):
    allow(members=9)
    values = {"addresses": "one@example.com\nnonsense", "role": "member"}
    answer = as_alice.post("/organizations/invitations/new/", values)
    assert "All seats are taken" not in answer.text


def test_a_picture_without_room_says_who_can_change_that(as_bob, allow, shelf):
    allow(storage_bytes=10)
    answer = send(as_bob, ("Beach.png", picture()))
    assert answer.status_code == 422
    assert "10 bytes of 10 bytes are left" in answer.text
    assert "Alice Example or Adam Example can change the plan." in answer.text


def test_large_numbers_are_grouped(as_bob, allow, acme_board, cast):
    allow(tasks=1200)
    acme_board.add_many(1200)
    answer = as_bob.post(NEW, {"title": "One more"})
    assert "The limit is reached: 1,200 of 1,200 tasks." in answer.text


def test_strangers_find_the_trash_missing_and_not_full(as_charlie, full):
    assert as_charlie.post(f"/tasks/{full.pk}/restore/").status_code == 404
