"""The shared cache behaves as Django's own and costs one statement a call."""

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import jobs
from organizations.tenancy import identity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _signing_in():
    with identity():
        yield


def rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM insula_cache")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("value", [1, None, "words", [1.5, 2.5], {"a": ("b",)}, b"\0"])
def test_what_is_put_in_comes_out(value):
    cache.set("key", value)
    assert cache.get("key", "nothing") == value


def test_a_value_is_replaced():
    cache.set("key", 1)
    cache.set("key", 2)
    assert (cache.get("key"), rows()) == (2, 1)


def test_only_the_first_adds():
    assert cache.add("key", 1) is True
    assert cache.add("key", 2) is False
    assert cache.get("key") == 1


def test_what_expired_is_gone_and_can_be_added_again():
    cache.set("key", 1, timeout=-1)
    assert cache.get("key") is None
    cache.set("key", 1, timeout=-1)
    assert cache.add("key", 2) is True
    assert cache.get("key") == 2


def test_nothing_expires_without_a_time():
    cache.set("key", 1, timeout=None)
    assert cache.get("key") == 1


def test_touch_prolongs_the_living_only():
    cache.set("living", 1, timeout=5)
    cache.set("dead", 1, timeout=-1)
    assert cache.touch("living", 500) is True
    assert cache.touch("dead", 500) is False
    assert cache.touch("unknown") is False


def test_deleting_tells_whether_anything_was_there():
    cache.set("key", 1)
    assert cache.delete("key") is True
    assert cache.delete("key") is False


@pytest.mark.parametrize(
    "call",
    [
        lambda: cache.set("key", 1),
        lambda: cache.add("key", 1),
        lambda: cache.touch("key"),
        lambda: cache.get("key"),
        lambda: cache.delete("key"),
    ],
)
def test_a_call_is_one_statement(call):
    with CaptureQueriesContext(connection) as seen:
        call()
    assert len(seen) == 1


def test_the_sweep_takes_what_expired_and_leaves_the_rest():
    cache.set("living", 1)
    cache.set("dead", 1, timeout=-1)
    jobs.sweep_cache()
    assert rows() == 1
    assert caches["default"].get("living") == 1
