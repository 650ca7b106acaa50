"""What all endpoints share: places of lists, validators, and forms behind bodies."""

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from organizations.api.bodies import checked, only, refuse_errors, wrong
from organizations.api.people import people, person
from organizations.api.problems import Problem
from organizations.api.shapes import (
    cursor_of,
    etag_of,
    id_of,
    matches,
    place_of,
    sent,
)
from organizations.paging import Place
from organizations.tenancy import no_context, tenant

MOMENTS = st.datetimes(timezones=st.just(UTC))


class Shelf(forms.Form):
    name = forms.CharField(max_length=3)
    row = forms.IntegerField(max_value=9)

    def clean(self):
        if self.cleaned_data.get("name") == "no":
            raise ValidationError("Not that one.")


def errors_of(call, *args):
    with pytest.raises(Problem) as caught:
        call(*args)
    assert caught.value.code == "invalid"
    return [one["where"] for one in caught.value.errors]


def test_a_form_gives_what_it_makes_of_a_body():
    assert checked(Shelf({"name": " a ", "row": "3"})) == {"name": "a", "row": 3}


def test_each_value_at_fault_is_named():
    bad = {"name": "long", "row": 10}
    assert errors_of(checked, Shelf(bad)) == ["body.name", "body.row"]
    assert errors_of(checked, Shelf(bad), "query") == ["query.name", "query.row"]


def test_what_is_wrong_with_the_whole_is_said_of_the_body():
    assert errors_of(checked, Shelf({"name": "no", "row": 1})) == ["body"]


def test_what_is_not_brought_is_not_asked_for():
    assert checked(only(Shelf({"row": 2}), {"row"})) == {"row": 2}


def test_a_problem_found_later_is_told_as_well():
    form = Shelf({"name": "a", "row": 1})
    checked(form)
    refuse_errors(form)
    form.add_error("name", "Gone by now.")
    assert errors_of(refuse_errors, form) == ["body.name"]


def test_one_value_can_be_named_by_itself():
    problem = wrong("picture", "No picture.", "file")
    assert problem.errors == [{"where": "file.picture", "detail": "No picture."}]


@given(moment=MOMENTS, key=st.uuids())
def test_a_place_is_found_again(moment, key):
    place = Place(moment, key)
    assert place_of(cursor_of(place)) == place


def test_no_cursor_is_no_place():
    assert cursor_of(None) is None
    assert place_of("") is place_of(None) is id_of("") is id_of(None) is None


@given(text=st.text(min_size=1, max_size=500))
def test_no_text_breaks_a_list(text):
    for read in (place_of, id_of):
        with suppress(Problem):
            assert read(text) is None or read(text)


@pytest.mark.parametrize(
    "inside",
    [
        {},
        [],
        [1, 2],
        ["2026-01-01", str(uuid4())],
        ["2026-01-01T00:00:00", str(uuid4())],
        ["2026-01-01T00:00:00Z", "x"],
        ["2026-01-01T00:00:00Z", str(uuid4()), 3],
        None,
    ],
)
def test_a_cursor_made_by_somebody_else_is_refused(inside):
    text = base64.urlsafe_b64encode(json.dumps(inside).encode()).decode()
    with pytest.raises(Problem):
        place_of(text)


def test_a_validator_is_found_among_several():
    tag = etag_of(b"text")
    assert matches(f'"other", {tag}', tag)
    assert matches(f"W/{tag}", tag)
    assert matches("*", tag)
    assert not matches('"other"', tag)
    assert not matches("", tag)
    assert etag_of(b"text") != etag_of(b"texts")


@pytest.mark.parametrize("method", ["get", "head"])
def test_who_has_it_already_gets_nothing_again(method):
    request = getattr(RequestFactory(headers={"If-None-Match": etag_of(b"{}")}), method)
    answer = sent(request("/"), b"{}")
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == etag_of(b"{}")


def test_a_change_is_answered_whatever_one_has():
    request = RequestFactory(headers={"If-None-Match": "*"}).post("/")
    assert sent(request, b"{}", 201).status_code == 201


def test_only_colleagues_have_a_name(cast):
    ids = [cast.bob.pk, cast.charlie.pk, None]
    with no_context(), tenant(cast.acme):
        found = people(ids)
    assert [one.name for one in found.values()] == ["Bob Example"]
    assert person(found, cast.bob.pk).id == cast.bob.pk
    assert person(found, cast.charlie.pk) is person(found, None) is None


def test_nobody_is_looked_up_for_nobody():
    # This test has no database.
    assert people([None]) == people([]) == {}


def test_a_place_is_of_one_moment():
    moment = datetime(2026, 11, 21, 12, tzinfo=UTC)
    text = cursor_of(Place(moment, UUID(int=1)))
    assert place_of(text) != place_of(cursor_of(Place(moment, UUID(int=2))))
