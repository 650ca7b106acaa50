import pytest

from organizations import flows
from organizations.models import LastOrganization, Membership, Organization
from organizations.naming import RESERVED
from organizations.tenancy import as_user, no_context
from tests.history import entries

NEW = "/organizations/new/"


def own(user):
    with no_context(), as_user(user):
        rows = Membership.own.filter(user=user).select_related("organization")
        return {one.organization.slug: one for one in rows}


# cap 17, 20, 21, 22
def test_creating_makes_an_organization_with_its_owner(as_nora, cast):
    values = {"name": "Kestrel Outdoor", "slug": "kestrel", "task_prefix": "KES"}
    answer = as_nora.post(NEW, values)
    membership = own(cast.nora)["kestrel"]
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/")
    assert (membership.role, membership.organization.name) == (
        "owner",
        "Kestrel Outdoor",
    )
    assert membership.organization.task_prefix == "KES"


# cap 72
def test_creating_is_recorded_with_who_and_what(as_nora, cast):
    as_nora.post(NEW, {"name": "Kestrel"}, headers={"user-agent": "Firefox"})
    made, added = sorted(
        entries(own(cast.nora)["kestrel"].organization), key=lambda one: one.pk
    )
    assert (made.action, added.action) == ("organization.created", "member.added")
    assert made.after == {"name": "Kestrel", "slug": "kestrel", "task_prefix": "KES"}
    assert (made.actor_id, made.actor_label) == (cast.nora.pk, "Nora Example")
    assert (made.address, made.user_agent) == ("127.0.0.1", "Firefox")
    assert (added.target_label, added.after) == ("Nora Example", {"role": "owner"})


def test_creating_enters_the_new_organization_and_remembers_it(as_nora, cast):
    as_nora.post(NEW, {"name": "Kestrel"})
    made = own(cast.nora)["kestrel"].organization
    with no_context(), as_user(cast.nora):
        assert LastOrganization.objects.get().organization_id == made.pk
    assert as_nora.get("/organizations/members/").wsgi_request.organization == made


@pytest.mark.parametrize(
    ("name", "slug", "prefix"),
    [
        ("Acme Corp", "acme-corp", "ACM"),
        ("  Änderhaus_& Söhne  ", "anderhaus-sohne", "AND"),
        ("24 Hours", "24-hours", "HOU"),
        ("Q", "q", "TASK"),
        ("Admin", "admin-org", "ADM"),
        ("x" * 100, "x" * 50, "XXX"),
    ],
)
def test_address_and_prefix_are_made_from_the_name(as_nora, cast, name, slug, prefix):
    assert as_nora.post(NEW, {"name": name}).status_code == 302
    assert own(cast.nora)[slug].organization.task_prefix == prefix


def test_a_name_without_a_latin_letter_still_gets_an_address(as_nora, cast):
    assert as_nora.post(NEW, {"name": "東京"}).status_code == 302
    (slug,) = own(cast.nora)
    assert slug.startswith("org-")


def test_a_taken_address_is_answered_with_a_free_one(as_nora, cast):
    answer = as_nora.post(NEW, {"name": "Another Acme", "slug": "acme"})
    assert answer.status_code == 422
    assert "“acme” is taken. “acme-2” is free." in answer.text
    assert 'value="Another Acme"' in answer.text
    assert own(cast.nora) == {}


def test_the_address_offered_instead_can_be_had(as_nora, cast):
    as_nora.post(NEW, {"name": "Another Acme", "slug": "acme"})
    as_nora.post(NEW, {"name": "Another Acme", "slug": "acme-2"})
    assert "acme-2" in own(cast.nora)


def test_addresses_are_taken_whatever_their_case(as_nora, cast):
    answer = as_nora.post(NEW, {"name": "Acme", "slug": "ACME"})
    assert "“acme” is taken" in answer.text


def test_an_address_made_from_a_taken_name_goes_round_it(as_nora, cast):
    assert as_nora.post(NEW, {"name": "Acme"}).status_code == 302
    assert as_nora.post(NEW, {"name": "Acme"}).status_code == 302
    assert set(own(cast.nora)) == {"acme-2", "acme-3"}


def test_looking_for_a_free_address_leaves_nothing_behind(as_nora, cast):
    assert flows.is_free("kestrel")
    assert flows.is_free("kestrel")
    assert not flows.is_free("acme")


@pytest.mark.parametrize("slug", sorted(RESERVED)[::9])
def test_reserved_addresses_are_refused(as_nora, cast, slug):
    answer = as_nora.post(NEW, {"name": "Kestrel", "slug": slug})
    assert answer.status_code == 422
    assert "kept for Insula" in answer.text


# cap 32
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "\u200b\u200b"),
        ("name", "Kestrel\x00"),
        ("name", "Kes\u2028trel"),
        ("name", "Kes\u202etrel"),
        ("name", "x" * 101),
        ("slug", "kes trel"),
        ("slug", "-kestrel"),
        ("slug", "kes--trel"),
        ("slug", "k" * 51),
        ("slug", "kästrel"),
        ("task_prefix", "1AB"),
        ("task_prefix", "K"),
        ("task_prefix", "KESTREL"),
        ("task_prefix", "K-S"),
    ],
)
def test_what_cannot_be_used_is_refused_in_the_form(as_nora, cast, field, value):
    answer = as_nora.post(NEW, {"name": "Kestrel", field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.text
    assert own(cast.nora) == {}


# robustness: nothing in the body decides whose it is
def test_extra_fields_are_not_believed(as_nora, cast):
    extra = {"user_id": str(cast.bob.pk), "plan": "enterprise", "id": str(cast.acme.pk)}
    as_nora.post(NEW, {"name": "Kestrel", "role": "viewer", **extra})
    membership = own(cast.nora)["kestrel"]
    assert (membership.role, membership.organization.plan) == ("owner", "free")
    assert membership.organization.pk != cast.acme.pk


def test_the_form_is_a_page_of_its_own(as_nora):
    answer = as_nora.get(NEW)
    assert answer.status_code == 200
    assert "Name your organization" in answer.text
    assert "Do your colleagues use Insula already?" in answer.text


def test_a_member_finds_the_way_back_from_the_form(as_bob):
    assert 'href="/organizations/">Back' in as_bob.get(NEW).text


def test_creating_takes_a_handful_of_statements(cast, django_assert_num_queries):
    with django_assert_num_queries(8):
        flows.create_organization(user=cast.nora, name="Kestrel")


def test_an_address_is_free_again_once_its_organization_is_deleted(cast, db):
    from django.utils import timezone

    from organizations.tenancy import tenant

    with no_context(), tenant(cast.acme):
        Organization.objects.update(deleted_at=timezone.now())
    assert flows.is_free("acme")
