"""Whatever is sent, nothing breaks: every field and every query parameter."""

import pytest
from django.core.exceptions import TooManyFieldsSent
from hypothesis import given
from hypothesis import strategies as st

ID = "019aa000-0000-7000-8000-000000000000"
MOMENTS = ["0", "-1", "1763683199123456", "-62135596800000000", "9" * 17, "9" * 5000]
TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
VALUES = st.one_of(
    TEXT,
    st.sampled_from(
        ["", "todo", "done", "1", "3", "5", "-1", "0", "me", "nobody", ID, "NaN"]
        + ["0000-00-00", "9999-12-31", "10000-01-01", "1e9", "\0", "%s", "'", "\\"]
        + [f"{moment}_{ID}" for moment in MOMENTS]
    ),
)
FIELDS = ["title", "description", "status", "priority", "due_date", "assignees", "next"]
PARAMETERS = ["q", "status", "priority", "assignee", "cursor", "page", "x"]
GOOD = {200, 302, 422}


@pytest.fixture
def task(acme_board):
    return acme_board.add()


@given(st.dictionaries(st.sampled_from(PARAMETERS), VALUES))
def test_the_list_answers_any_address(as_bob, task, query):
    for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
        # A NUL in an address is refused before any page sees it.
        expected = 400 if "\0" in "".join(query.values()) else 200
        for path in ("/tasks/", "/tasks/people/"):
            assert as_bob.get(path, query, **headers).status_code == expected


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES))
def test_forms_take_anything(as_bob, acme_board, task, posted):
    for path in ("new/", f"{task.pk}/edit/", f"{task.pk}/status/"):
        assert as_bob.post(f"/tasks/{path}", posted).status_code in GOOD
    assert as_bob.get("/tasks/").status_code == 200
    assert as_bob.get(f"/tasks/{task.pk}/").status_code == 200


@given(TEXT)
def test_the_status_page_takes_any_referer(as_bob, task, referer):
    headers = {"Referer": referer.encode("ascii", "ignore").decode()}
    path = f"/tasks/{task.pk}/status/"
    assert as_bob.get(path, headers=headers).status_code == 200


@pytest.mark.parametrize("pk", ["x", "1", ID[:-1], f"{ID}0", "..", "%2e"])
def test_an_id_that_is_none_is_not_found(as_bob, db, pk):
    assert as_bob.get(f"/tasks/{pk}/").status_code == 404


def test_a_flood_of_fields_is_refused(as_bob, acme_board):
    flood = {f"field{number}": "x" for number in range(1500)}
    try:
        status = as_bob.post("/tasks/new/", flood).status_code
    except TooManyFieldsSent:
        status = 400
    assert status == 400
    assert acme_board.all() == []


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("path", ["", "new/", f"{ID}/", f"{ID}/status/"])
def test_other_methods_are_refused(as_bob, db, method, path):
    assert getattr(as_bob, method)(f"/tasks/{path}").status_code == 405


@pytest.mark.parametrize("path", [f"{ID}/delete/", f"{ID}/restore/"])
def test_what_changes_is_never_a_link(as_bob, db, path):
    assert as_bob.get(f"/tasks/{path}").status_code == 405
