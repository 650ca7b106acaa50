"""What an organization prefers, by a declared schema."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from organizations import flows
from organizations.models import Organization
from organizations.preferences import (
    DEFAULTS,
    default_preferences,
    flattened,
    nested,
    valid_preferences,
)
from organizations.tenancy import identity, no_context, tenant
from tests.history import entries

SETTINGS = "/organizations/settings/"
PREFERENCES = SETTINGS + "preferences/"
JOINING = SETTINGS + "joining/"


def stored(organization):
    with no_context(), tenant(organization):
        return Organization.objects.get(pk=organization.pk)


# cap 18, 67
@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_owners_and_admins_choose_what_holds(request, cast, who):
    client = request.getfixturevalue(who)
    answer = client.post(PREFERENCES, {"language": "en", "theme": "dark", "push": "on"})
    assert (answer.status_code, answer["Location"]) == (302, SETTINGS + "#preferences")
    assert stored(cast.acme).settings == {
        "theme": "dark",
        "language": "en",
        "notifications": {"email": False, "push": True},
    }


# cap 67
def test_each_preference_can_be_asked_for_by_its_key(as_alice, cast):
    as_alice.post(PREFERENCES, {"language": "en", "theme": "dark", "push": "on"})
    with no_context(), tenant(cast.acme):
        rows = Organization.objects
        assert rows.filter(settings__theme="dark").count() == 1
        assert rows.filter(settings__notifications__push=True).count() == 1
        assert rows.filter(settings__notifications__email=True).count() == 0
        assert rows.filter(settings__language="en").count() == 1


# cap 67
def test_a_new_organization_has_every_key(cast):
    assert flattened(stored(cast.globex).settings) == DEFAULTS
    assert default_preferences() is not default_preferences()


# cap 71, 72
def test_what_is_chosen_is_recorded_before_and_after(as_adam, cast):
    as_adam.post(PREFERENCES, {"language": "en", "theme": "dark", "email": "on"})
    (entry,) = entries(cast.acme, "organization.changed")
    assert entry.before["settings"] == default_preferences()
    assert entry.after["settings"]["theme"] == "dark"


def test_choosing_the_same_again_records_nothing(as_alice, cast):
    as_alice.post(PREFERENCES, {"language": "en", "theme": "system", "email": "on"})
    assert entries(cast.acme, "organization.changed") == []


def test_the_organizations_theme_holds_for_who_chose_none(as_alice, as_bob):
    as_alice.post(PREFERENCES, {"language": "en", "theme": "dark"})
    assert 'data-theme="dark"' in as_bob.get(SETTINGS).text


def test_a_persons_own_theme_comes_first(as_alice, as_bob, cast):
    as_alice.post(PREFERENCES, {"language": "en", "theme": "dark"})
    with identity():
        cast.bob.theme = "light"
        cast.bob.save(update_fields=["theme"])
    assert 'data-theme="light"' in as_bob.get(SETTINGS).text


def test_a_language_is_asked_for_while_there_are_two(as_alice, settings):
    assert 'name="language"' in as_alice.get(SETTINGS).text
    settings.LANGUAGES = [("en", "English")]
    assert 'name="language"' not in as_alice.get(SETTINGS).text


# cap 33
@pytest.mark.parametrize("card", ["preferences", "joining", "metadata"])
@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_choose_nothing(request, cast, who, card):
    client = request.getfixturevalue(who)
    assert client.post(f"{SETTINGS}{card}/", {"theme": "dark"}).status_code == 403
    assert f'action="{SETTINGS}{card}/"' not in client.get(SETTINGS).text
    assert stored(cast.acme).settings == default_preferences()


def test_a_refused_card_leaves_the_others_as_they_are(as_alice, cast):
    page = as_alice.post(PREFERENCES, {"language": "en", "theme": "neon"})
    assert page.status_code == 422
    assert "id_theme_error" in page.text
    assert 'value="acme"' in page.text
    assert stored(cast.acme).settings == default_preferences()


@pytest.mark.parametrize(
    "values",
    [
        {"colour": "red"},
        {"theme": "neon"},
        {"theme": True},
        {"theme": {"light": 1}},
        {"theme": {}},
        {"language": "tlh"},
        {"notifications": True},
        {"notifications": {}},
        {"notifications": {"email": 1}},
        {"notifications": {"email": "true"}},
        {"notifications": {"pigeon": True}},
        {"notifications.email": True},
        {"": "dark"},
        ["theme"],
        "dark",
        None,
    ],
)
def test_what_the_schema_has_not_is_refused(values):
    with pytest.raises(ValidationError):
        valid_preferences(values)


def test_the_model_knows_the_schema(cast):
    acme = stored(cast.acme)
    acme.settings = {"colour": "red"}
    with pytest.raises(ValidationError, match="colour"):
        acme.full_clean(validate_unique=False, validate_constraints=False)


def test_a_flow_takes_no_key_that_is_unknown(cast):
    acme = stored(cast.acme)
    with no_context(), tenant(cast.acme), pytest.raises(ValidationError):
        flows.set_preferences(organization=acme, by=cast.alice, colour="red")
    assert stored(cast.acme).settings == default_preferences()


def test_parts_and_wholes_are_two_ways_to_write_the_same():
    assert flattened(nested(DEFAULTS)) == DEFAULTS
    valid_preferences(default_preferences())
    valid_preferences({"theme": "dark"})


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_newcomers_begin_with_the_role_that_was_chosen(as_adam, cast, role):
    answer = as_adam.post(JOINING, {"joining_role": role})
    assert (answer.status_code, answer["Location"]) == (302, SETTINGS + "#joining")
    assert stored(cast.acme).joining_role == role
    assert len(entries(cast.acme, "organization.changed")) == (role == "viewer")


@pytest.mark.parametrize("role", ["owner", "admin", "", "god"])
def test_newcomers_never_begin_with_more(as_alice, cast, role):
    assert as_alice.post(JOINING, {"joining_role": role}).status_code == 422
    assert stored(cast.acme).joining_role == "member"


def test_the_database_refuses_more_for_newcomers(cast):
    with no_context(), tenant(cast.acme), transaction.atomic():
        rows = Organization.objects.filter(pk=cast.acme.pk)
        with pytest.raises(IntegrityError, match="organizations_joining_role"):
            rows.update(joining_role="owner")


# cap 31
@pytest.mark.parametrize("card", ["preferences", "joining", "metadata"])
def test_a_card_opened_elsewhere_changes_nothing(as_alice, cast, card):
    values = {"theme": "dark", "joining_role": "viewer", "metadata": '{"a": 1}'}
    body = values | {"organization": str(cast.globex.pk)}
    assert as_alice.post(f"{SETTINGS}{card}/", body).status_code == 409
    assert entries(cast.acme, "organization.changed") == []
