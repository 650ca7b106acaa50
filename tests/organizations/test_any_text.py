"""Whatever is typed, a form answers: it is taken, or refused in words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.naming import SLUG_LENGTH, prefix_from, slug_from, variants

SLUG = r"\A[a-z0-9]+(-[a-z0-9]+)*\Z"
NASTY = st.sampled_from(
    [
        "\x00",
        "a\x00b",
        "\u202eevil",
        "\ufeff",
        "İ",
        "ß" * 51,
        "x" * 10_000,
        "😀" * 3_000,
        "%s%(x)s{0}",
        "{{ 7 }}{% now %}",
        "'; DROP TABLE--",
        "<script>",
        "-" * 60,
        "1" * 60,
        "a-" * 40,
    ]
)
ANYTHING = st.one_of(NASTY, st.text(max_size=120))


@given(name=ANYTHING, slug=ANYTHING, task_prefix=ANYTHING)
def test_creating_answers_to_any_text(as_nora, name, slug, task_prefix):
    values = {"name": name, "slug": slug, "task_prefix": task_prefix}
    assert as_nora.post("/organizations/new/", values).status_code in {302, 422}


@given(name=ANYTHING)
def test_any_name_that_is_taken_gets_an_address(as_nora, name):
    answer = as_nora.post("/organizations/new/", {"name": name})
    assert answer.status_code in {302, 422}
    assert answer.status_code == 302 or 'id="id_name_error"' in answer.text


@given(name=ANYTHING, slug=ANYTHING, prefix=ANYTHING)
def test_settings_answer_to_any_text(as_alice, name, slug, prefix):
    values = {"name": name, "slug": slug, "task_prefix": prefix}
    answer = as_alice.post("/organizations/settings/", values)
    assert answer.status_code in {302, 422}


@given(name=ANYTHING)
def test_a_name_in_settings_answers_to_any_text(as_alice, name):
    values = {"name": name, "slug": "acme", "task_prefix": "ACME"}
    answer = as_alice.post("/organizations/settings/", values)
    assert answer.status_code in {302, 422}
    assert as_alice.get("/organizations/settings/").status_code == 200


@given(theme=ANYTHING, email=ANYTHING, language=ANYTHING)
def test_preferences_answer_to_any_text(as_alice, theme, email, language):
    values = {"theme": theme, "email": email, "language": language}
    answer = as_alice.post("/organizations/settings/preferences/", values)
    assert answer.status_code == 422


@given(role=ANYTHING)
def test_the_role_of_newcomers_answers_to_any_text(as_alice, role):
    values = {"joining_role": role}
    answer = as_alice.post("/organizations/settings/joining/", values)
    assert answer.status_code == 422


@given(text=ANYTHING)
def test_metadata_answer_to_any_text(as_alice, text):
    answer = as_alice.post("/organizations/settings/metadata/", {"metadata": text})
    assert answer.status_code in {302, 422}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | ANYTHING,
    lambda inner: st.lists(inner) | st.dictionaries(ANYTHING, inner),
    max_leaves=8,
)


@given(values=st.dictionaries(ANYTHING, JSON))
def test_metadata_answer_to_any_object(as_alice, values):
    body = {"metadata": json.dumps(values)}
    answer = as_alice.post("/organizations/settings/metadata/", body)
    assert answer.status_code in {302, 422}
    assert as_alice.get("/organizations/settings/").status_code == 200


@given(name=ANYTHING, description=ANYTHING)
def test_teams_answer_to_any_text(as_alice, name, description):
    values = {"name": name, "description": description}
    answer = as_alice.post("/organizations/teams/new/", values)
    assert answer.status_code in {302, 422}
    assert as_alice.get("/organizations/teams/").status_code == 200


@given(name=ANYTHING, base=ANYTHING, ability=ANYTHING)
def test_roles_answer_to_any_text(as_alice, name, base, ability):
    values = {"name": name, "base": base, "abilities": [ability]}
    assert as_alice.post("/organizations/roles/new/", values).status_code == 422
    values = {"name": name, "base": "member", "abilities": ["tasks.view"]}
    answer = as_alice.post("/organizations/roles/new/", values)
    assert answer.status_code in {302, 422}


@given(value=ANYTHING)
def test_choices_answer_to_any_text(as_alice, value):
    for address, field in (
        ("/organizations/roles/assign/", "member"),
        ("/organizations/restore/", "organization"),
        ("/organizations/restore/", "slug"),
    ):
        assert as_alice.post(address, {field: value}).status_code in {400, 404}


@given(values=st.dictionaries(st.sampled_from(["q", "role", "after"]), ANYTHING))
def test_the_members_answer_to_any_filter(as_alice, values):
    kept = {name: value for name, value in values.items() if "\x00" not in value}
    assert as_alice.get("/organizations/members/", kept).status_code == 200


@given(
    values=st.dictionaries(
        st.sampled_from(["actor", "action", "days", "before"]), ANYTHING
    )
)
def test_the_log_answers_to_any_filter(as_alice, values):
    kept = {name: value for name, value in values.items() if "\x00" not in value}
    assert as_alice.get("/audit/", kept).status_code == 200


@given(moment=st.integers(), key=st.uuids())
def test_the_log_answers_to_any_place(as_alice, moment, key):
    assert as_alice.get("/audit/", {"before": f"{moment}.{key}"}).status_code == 200


@given(name=st.text(max_size=200))
def test_addresses_made_from_names_are_valid(name):
    import re

    slug = slug_from(name)
    for one in (slug, *variants(slug)):
        assert re.match(SLUG, one)
        assert len(one) <= SLUG_LENGTH


@given(name=st.text(max_size=200))
def test_prefixes_made_from_names_are_valid(name):
    import re

    assert re.match(r"\A[A-Z][A-Z0-9]{1,5}\Z", prefix_from(name))


@pytest.mark.parametrize("name", ["a" * 49 + "-b", "ab-" * 17, "x" * 48 + "-y"])
def test_a_cut_address_does_not_end_in_a_hyphen(name):
    assert not slug_from(name).endswith("-")
    assert all("--" not in one for one in variants(slug_from(name)))
