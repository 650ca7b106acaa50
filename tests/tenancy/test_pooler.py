"""Connections that many share: nobody ever meets what another left there."""

import random
import threading

import pytest
from django.db import connection, connections, transaction

from organizations.tenancy import tenant
from tests.lab.models import Item, Label
from tests.pooler import PROGRAM, pooler
from tests.tenancy.attacks import sql
from tests.tenancy.conftest import furnish

CLIENTS, REQUESTS = 16, 25
pytestmark = pytest.mark.django_db(transaction=True)


def atomic(where):
    with transaction.atomic():
        return [
            row.organization_id for row in (*Item.objects.all(), *Label.objects.all())
        ]


def autocommit(where):
    return [item.organization_id for item in Item.objects.all()]


def raw(where):
    return [value for (value,) in sql("SELECT organization_id FROM lab_item")]


def iterator(where):
    return [item.organization_id for item in Item.objects.iterator(chunk_size=10)]


def write(where):
    Item.objects.update(title=str(where.id))
    return [value for (value,) in sql("SELECT title::uuid FROM lab_item")]


WAYS = (atomic, autocommit, raw, iterator, write)


def requests(organizations, seed, seen, errors):
    """Make requests to random organizations in random ways, as one client."""
    choose = random.Random(seed)
    try:
        for _ in range(REQUESTS):
            where, way = choose.choice(organizations), choose.choice(WAYS)
            with tenant(where.organization, where.user):
                found = way(where)
            seen.append((way.__name__, bool(found), set(found) == {where.id}))
    except Exception as error:
        errors.append(repr(error))
    finally:
        connection.close()


def in_threads(organizations):
    """Return what every client saw, and every error."""
    seen, errors = [], []
    threads = [
        threading.Thread(target=requests, args=(organizations, seed, seen, errors))
        for seed in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen, errors


@pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed")
def test_no_row_leaks_through_a_pooler_in_transaction_mode(transactional_db):
    organizations = [furnish(f"org{n}") for n in range(6)]
    entry = connections["owner"].settings_dict
    before = connection.settings_dict["HOST"], connection.settings_dict["PORT"]
    connection.close()
    with pooler(entry["HOST"], entry["PORT"] or 5432) as port:
        connection.settings_dict.update(HOST="127.0.0.1", PORT=str(port))
        try:
            seen, errors = in_threads(organizations)
        finally:
            connection.close()
            connection.settings_dict.update(HOST=before[0], PORT=before[1])
    assert errors == []
    assert len(seen) == CLIENTS * REQUESTS
    assert [way for way, is_any, is_own in seen if not (is_any and is_own)] == []


def test_no_row_leaks_through_a_pool_of_this_process(transactional_db):
    organizations = [furnish(f"org{n}") for n in range(6)]
    options = connection.settings_dict["OPTIONS"]
    age = connection.settings_dict["CONN_MAX_AGE"]
    connection.close()
    connection.settings_dict["OPTIONS"] = {
        **options,
        "pool": {"min_size": 1, "max_size": 4, "timeout": 30},
    }
    connection.settings_dict["CONN_MAX_AGE"] = 0
    try:
        seen, errors = in_threads(organizations)
    finally:
        connection.close()
        connection.close_pool()
        connection.settings_dict.update(OPTIONS=options, CONN_MAX_AGE=age)
    assert errors == []
    assert [way for way, is_any, is_own in seen if not (is_any and is_own)] == []


def test_requests_of_a_thread_leave_nothing_on_its_connection(transactional_db):
    organizations = [furnish(f"org{n}") for n in range(2)]
    seen, errors = [], []
    requests(organizations, 1, seen, errors)
    assert errors == []
    assert all(is_own for _, _, is_own in seen)
