"""What is counted, and who sees it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.signals import person_changed
from organizations.events.jobs import forget_product_events
from organizations.events.models import ProductEvent
from organizations.events.product import DAYS_KEPT, forget_old, track
from organizations.tenancy import as_user, identity, no_context, tenant
from tests.tasks.conftest import acme_board  # noqa: F401


def names():
    return sorted(ProductEvent.objects.values_list("name", flat=True))


# cap 69
def test_a_visitor_is_counted_without_person_and_organization(client, db):
    assert client.get("/pricing/").status_code == 200
    with identity():
        event = ProductEvent.objects.get()
    assert (event.name, event.organization_id, event.user_id) == (
        "pricing.viewed",
        None,
        None,
    )
    assert event.properties == {"interval": "month"}


# cap 69
def test_a_members_look_is_theirs_and_their_organizations(as_bob, cast):
    as_bob.get("/pricing/")
    with no_context(), tenant(cast.acme):
        event = ProductEvent.objects.get()
    assert (event.organization_id, event.user_id) == (cast.acme.pk, cast.bob.pk)


# cap 69
def test_what_has_no_organization_is_invisible_to_tenants(cast):
    with identity():
        track("lab.nobody")
    with as_user(cast.nora):
        track("lab.person")
        assert names() == ["lab.person"]
    with as_user(cast.bob):
        assert names() == []
    with tenant(cast.acme, cast.alice):
        track("lab.ours")
        assert names() == ["lab.ours"]
    with tenant(cast.globex, cast.charlie):
        assert names() == []


def test_nobody_counts_for_another_organization(cast):
    foreign = ProductEvent(name="lab.forged", organization_id=cast.globex.pk)
    with (
        tenant(cast.acme, cast.alice),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        ProductEvent.objects.bulk_create([foreign])


def test_what_is_old_is_forgotten_and_the_rest_is_kept(cast, time_machine):
    with identity():
        track("lab.nobody")
    with tenant(cast.acme, cast.alice):
        track("lab.ours")
    time_machine.move_to(timezone.now() + timedelta(days=DAYS_KEPT + 1), tick=False)
    with tenant(cast.globex, cast.charlie):
        assert forget_old() == 0
        track("lab.theirs")
    forget_product_events.func(timestamp=0)
    with identity():
        assert names() == []
    with tenant(cast.acme):
        assert names() == []


def test_a_search_that_finds_nothing_is_counted_without_its_words(as_bob, cast):
    as_bob.get("/tasks/", {"q": "no such thing"})
    with no_context(), tenant(cast.acme):
        event = ProductEvent.objects.get(name="search.empty")
    assert (event.user_id, event.properties) == (cast.bob.pk, {"words": 3})


def test_confirming_the_first_address_is_counted_as_theirs(cast):
    told = {"before": {}, "after": {}, "label": None, "by": cast.nora}
    with identity(cast.nora):
        person_changed.send(
            None, action="user.email_verified", person=cast.nora, **told
        )
        person_changed.send(None, action="user.erased", person=cast.nora, **told)
    with as_user(cast.nora):
        assert names() == ["signup.completed"]


@given(asked=st.text(max_size=60))
def test_what_somebody_types_is_never_counted(asked, client, db):
    assert client.get("/pricing/", {"interval": asked}).status_code == 200
    with identity():
        kept = ProductEvent.objects.order_by("-id")[0].properties
    assert kept == {"interval": asked if asked == "year" else "month"}


@given(words=st.lists(st.text("abcxyz", min_size=3), min_size=1, max_size=6))
def test_of_a_search_only_the_number_of_words_is_kept(words, as_bob, cast):
    as_bob.get("/tasks/", {"q": " ".join(["qqqq", *words])})
    with no_context(), tenant(cast.acme):
        event = ProductEvent.objects.order_by("-id")[0]
    assert (event.name, event.properties) == (
        "search.empty",
        {"words": len(words) + 1},
    )


def test_a_search_that_finds_something_is_not_counted(as_bob, acme_board, cast):
    acme_board.add("Order the winter tyres")
    assert "winter" in as_bob.get("/tasks/", {"q": "winter"}).text
    with no_context(), tenant(cast.acme):
        assert not ProductEvent.objects.filter(name="search.empty").exists()


def test_a_colleague_of_another_organization_counts_for_their_own(
    as_bob, as_charlie, cast
):
    as_bob.get("/pricing/")
    as_charlie.get("/pricing/")
    for home in (cast.acme, cast.globex):
        with no_context(), tenant(home):
            (event,) = ProductEvent.objects.filter(name="pricing.viewed")
            assert event.organization_id == home.pk


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_who_is_counted_is_no_page_of_the_organizations(name, cast, request):
    client = request.getfixturevalue(f"as_{name}")
    with no_context(), tenant(cast.acme, cast.bob):
        track("lab.quiet", secret="zq-canary")
    for path in ("/tasks/", "/audit/", "/inbox/", "/organizations/settings/"):
        assert "zq-canary" not in client.get(path).text
