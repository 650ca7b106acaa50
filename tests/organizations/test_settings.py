import pytest

from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.history import entries

SETTINGS = "/organizations/settings/"
FACTS = {"name": "Acme", "slug": "acme", "task_prefix": "ACME"}


def stored(organization):
    with no_context(), tenant(organization):
        return Organization.objects.get(pk=organization.pk)


@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_owners_and_admins_change_the_facts(request, cast, who):
    client = request.getfixturevalue(who)
    facts = FACTS | {"name": "Acme Works", "slug": "acme-works", "task_prefix": "aw"}
    answer = client.post(SETTINGS, facts)
    now = stored(cast.acme)
    assert (answer.status_code, answer["Location"]) == (302, SETTINGS)
    assert (now.name, now.slug, now.task_prefix) == ("Acme Works", "acme-works", "AW")


# cap 71, 72
def test_only_what_changed_is_recorded_before_and_after(as_adam, cast):
    as_adam.post(SETTINGS, FACTS | {"name": "Acme Works"})
    (entry,) = entries(cast.acme, "organization.changed")
    assert (entry.before, entry.after) == ({"name": "Acme"}, {"name": "Acme Works"})
    assert (entry.actor_id, entry.actor_label) == (cast.adam.pk, "Adam Example")


def test_saving_the_same_facts_records_nothing(as_alice, cast):
    assert as_alice.post(SETTINGS, FACTS).status_code == 302
    assert entries(cast.acme, "organization.changed") == []


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_read_the_facts(request, who):
    page = request.getfixturevalue(who).get(SETTINGS)
    assert page.status_code == 200
    assert "To change the organization" in page.text
    assert 'name="slug"' not in page.text


# cap 33
@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_change_nothing(request, cast, who):
    answer = request.getfixturevalue(who).post(SETTINGS, FACTS | {"name": "Mine"})
    assert answer.status_code == 403
    assert "change the organization" in answer.text
    assert "Owner, Admin" in answer.text
    assert stored(cast.acme).name == "Acme"


# cap 31
def test_settings_change_the_active_organization_alone(as_alice, cast):
    extra = {"id": str(cast.globex.pk), "pk": str(cast.globex.pk)}
    as_alice.post(SETTINGS, FACTS | {"name": "Acme Works"} | extra)
    assert stored(cast.globex).name == "Globex"


def test_an_address_of_another_organization_is_taken(as_alice, cast):
    facts = FACTS | {"name": "Acme Works", "slug": "globex"}
    answer = as_alice.post(SETTINGS, facts)
    assert answer.status_code == 422
    assert "“globex” is taken. “globex-2” is free." in answer.text
    assert 'value="Acme Works"' in answer.text
    assert stored(cast.acme).name == "Acme"


def test_a_refused_page_still_names_the_organization_as_it_is(as_alice):
    page = as_alice.post(
        SETTINGS, FACTS | {"name": "Acme Works", "slug": "globex"}
    ).text
    assert "Everybody in Acme sees this" in page


@pytest.mark.parametrize("field", ["name", "slug", "task_prefix"])
def test_no_fact_may_be_left_empty(as_alice, cast, field):
    answer = as_alice.post(SETTINGS, FACTS | {field: ""})
    assert answer.status_code == 422
    assert entries(cast.acme, "organization.changed") == []


@pytest.mark.parametrize(
    "extra", [{"plan": "enterprise"}, {"is_active": ""}, {"limits": "{}"}]
)
def test_what_billing_and_operators_decide_cannot_be_sent(as_alice, cast, extra):
    assert as_alice.post(SETTINGS, FACTS | extra).status_code == 302
    now = stored(cast.acme)
    assert (now.plan, now.is_active, now.limits) == ("free", True, {})


def test_saving_says_so(as_alice):
    page = as_alice.post(SETTINGS, FACTS | {"name": "Acme Works"}, follow=True)
    assert "Settings saved" in page.text


def test_the_page_costs_the_same_for_everybody(
    as_alice, as_vera, django_assert_num_queries
):
    # Only who may change them reads metadata and former addresses.
    for client, statements in ((as_alice, 4), (as_vera, 2)):
        with django_assert_num_queries(statements):
            client.get(SETTINGS)


# cap 41
def test_the_database_moves_the_time_of_the_last_change(as_alice, cast):
    with no_context(), tenant(cast.acme):
        Organization.objects.filter(pk=cast.acme.pk).update(name="Acme Works")
        now = Organization.objects.get(pk=cast.acme.pk)
    assert now.updated_at >= now.created_at
    assert now.created_at.tzinfo is not None
