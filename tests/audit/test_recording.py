import datetime
import uuid
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import RequestFactory

from organizations.audit.context import Facts, client_address, facts, request_facts
from organizations.audit.models import AuditEntry, PlatformEntry
from organizations.audit.recording import MASK, build, masked, record, record_many
from organizations.models import Membership, Role
from organizations.tenancy import (
    CrossTenant,
    NoTenant,
    as_user,
    identity,
    no_context,
    tenant,
)
from tests.history import entries


@pytest.fixture
def inside(cast):
    """Work inside Acme as Alice."""
    with no_context(), tenant(cast.acme, cast.alice):
        yield cast


# cap 70, 71
def test_an_entry_says_who_what_and_on_which_object(inside):
    membership = Membership.objects.get(user=inside.bob)
    record("member.greeted", membership, by=inside.adam, after={"role": Role.MEMBER})
    entry = AuditEntry.objects.get(action="member.greeted")
    assert (entry.actor, entry.actor_type) == (inside.adam, "user")
    assert entry.target_type == "organizations.membership"
    assert entry.target_id == str(membership.pk)
    assert (entry.before, entry.after) == ({}, {"role": "member"})
    assert entry.organization == inside.acme


def test_recording_is_one_insert(inside, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        record("task.completed", inside.acme, before={"status": "todo"})
    (query,) = asked.captured_queries
    assert 'INSERT INTO "audit_auditentry"' in query["sql"]


def test_the_time_is_the_databases_own_and_read_on_demand(inside):
    entry = record("a.happened", inside.acme)
    assert isinstance(entry.created_at, datetime.datetime)
    assert AuditEntry.objects.get(pk=entry.pk).created_at == entry.created_at


def test_without_an_actor_it_is_the_person_of_the_context(inside):
    assert record("a.happened").actor_id == inside.alice.pk


def test_nobody_at_all_is_the_system(cast):
    with no_context(), tenant(cast.acme):
        entry = record("a.happened")
    assert (entry.actor_id, entry.actor_type) == (None, "system")


def test_an_entry_outlives_the_change_only_together(inside):
    from django.db import transaction

    with transaction.atomic():
        record("a.happened", inside.acme)
        transaction.set_rollback(True)
    assert entries(inside.acme, "a.happened") == []


# cap 31, 46
def test_an_entry_is_never_another_organizations(inside):
    with pytest.raises(CrossTenant):
        record("a.happened", inside.globex)


def test_an_organizations_entry_needs_its_context(cast):
    with no_context(), pytest.raises(NoTenant):
        record("a.happened", cast.acme)


def test_the_database_refuses_another_organizations_entry_too(inside):
    from django.db import Error, transaction

    from organizations.audit.queries import insertion, plain

    entry = build("a.happened", inside.globex)
    sql, names = insertion(AuditEntry)
    values = [plain(getattr(entry, name)) for name in names]
    with (
        pytest.raises(Error, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)


def test_many_entries_are_one_statement(inside, django_assert_num_queries):
    several = [build("task.moved", inside.acme) for _number in range(50)]
    with django_assert_num_queries(1):
        record_many(several)
    assert len(entries(inside.acme, "task.moved")) == 50


def test_no_entries_are_no_statement(inside, django_assert_num_queries):
    with django_assert_num_queries(0):
        record_many([])


def test_outside_every_organization_it_is_the_platforms_entry(cast):
    with no_context(), identity():
        record("person.joined", cast.nora, by=cast.nora)
    with no_context(), as_user(cast.nora):
        entry = PlatformEntry.objects.get(action="person.joined")
    assert (entry.target_id, entry.actor_label) == (str(cast.nora.pk), "Nora Example")


def test_people_read_their_own_platform_entries_alone(cast):
    with no_context(), identity():
        record("person.joined", cast.nora, by=cast.nora)
    with no_context(), as_user(cast.bob):
        assert not PlatformEntry.objects.filter(actor=cast.nora).exists()


def test_a_platform_entry_cannot_be_slipped_in_from_an_organization(inside):
    from django.db import Error, transaction

    from organizations.audit.queries import insert

    entry = PlatformEntry(actor_id=inside.alice.pk, action="a.happened")
    with pytest.raises(Error, match="row-level security"), transaction.atomic():
        insert(entry, "default")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"password": "x"}, {"password": MASK}),
        ({"name": "x"}, {"name": "x"}),
        ({"Reset_Token": "x"}, {"Reset_Token": MASK}),
        ({"a": {"client_secret": "x", "b": 1}}, {"a": {"client_secret": MASK, "b": 1}}),
        ({"a": [{"api_key": "x"}, "y"]}, {"a": [{"api_key": MASK}, "y"]}),
        ({"a": ({"cookie": ["x"]},)}, {"a": [{"cookie": MASK}]}),
        ({"secret": {"deep": "x"}}, {"secret": MASK}),
        ({1: "x"}, {1: "x"}),
        ({"limits": {"api_keys": 5}}, {"limits": {"api_keys": 5}}),
        ({"api_keys": None}, {"api_keys": None}),
        ({"api_keys": ["ins_1"]}, {"api_keys": MASK}),
        ({"otp": 123456}, {"otp": MASK}),
    ],
)
def test_secrets_are_masked_at_any_depth(given, kept):
    assert masked(given) == kept


def test_a_masked_secret_never_reaches_the_database(inside):
    record("key.rolled", inside.acme, before={"k": [{"token": "abc123"}]}, after={})
    (entry,) = entries(inside.acme, "key.rolled")
    assert "abc123" not in str(entry.before)


def test_dates_ids_and_lazy_words_can_be_recorded(inside):
    from django.utils.translation import gettext_lazy

    day, key = datetime.date(2026, 11, 20), uuid.uuid4()
    values = {"day": day, "key": key, "word": gettext_lazy("Owner"), "none": None}
    record("a.happened", inside.acme, after=values)
    (entry,) = entries(inside.acme, "a.happened")
    assert entry.after == {
        "day": "2026-11-20",
        "key": str(key),
        "word": "Owner",
        "none": None,
    }


def test_whoever_listens_hears_of_the_entry_in_its_transaction(inside):
    from organizations.audit.recording import recorded

    heard = []

    def listen(sender, entry, **kwargs):
        heard.append((sender, entry.action, connection.in_atomic_block))

    recorded.connect(listen)
    record("a.happened", inside.acme)
    recorded.disconnect(listen)
    assert heard == [(AuditEntry, "a.happened", True)]


# robustness: nobody's address is what they say it is
@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "127.0.0.1"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "9.9.9.9, 1.1.1.1", "1.1.1.1"),
        (2, "9.9.9.9, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (2, "1.1.1.1", "127.0.0.1"),
        (1, "'; DROP TABLE", None),
        (1, "", None),
    ],
)
def test_forwarded_addresses_count_behind_our_own_proxies(
    settings, proxies, forwarded, address
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
    assert client_address(request) == address


@pytest.mark.parametrize("remote", ["", "unix:", "not an address"])
def test_a_socket_has_no_address(remote):
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=remote)) is None


def test_a_very_long_browser_name_is_cut(cast):
    request = RequestFactory().get("/", headers={"user-agent": "x" * 9000})
    with request_facts(request):
        assert len(facts().user_agent) == 500


def test_facts_end_with_their_request():
    with request_facts(Facts(address="1.1.1.1")):
        assert facts().address == "1.1.1.1"
    assert facts() == Facts()


def test_facts_name_only_the_person_who_asks(cast):
    request = RequestFactory().get("/")
    request.user = cast.bob
    with request_facts(request):
        assert facts().name_of(cast.bob.pk) == "Bob Example"
        assert facts().name_of(cast.alice.pk) == ""


def test_a_person_who_signs_in_on_the_way_is_named(cast):
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=False)
    with request_facts(request):
        assert facts().person is None
        request.user = cast.bob
        assert facts().person == cast.bob


def test_the_request_id_is_in_the_answer_and_in_the_entry(as_alice, cast):
    facts_sent = {"name": "New", "slug": "acme", "task_prefix": "ACME"}
    answer = as_alice.post(
        "/organizations/settings/",
        facts_sent | {"theme": "system"},
        headers={"x-request-id": "a-given-request-id"},
    )
    (entry,) = entries(cast.acme, "organization.changed")
    assert answer["X-Request-ID"] == entry.request_id == "a-given-request-id"
