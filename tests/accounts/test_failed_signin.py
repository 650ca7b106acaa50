"""Failed tries are recorded the same for known and unknown addresses."""

import pytest
from django.test import Client

from accounts.models import User
from organizations.audit.models import PlatformEntry
from organizations.audit.recording import recorded
from organizations.tenancy import identity, no_context, operator
from tests.accounts.conftest import WRONG
from tests.conftest import make_user

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


def test_a_failed_sign_in_is_recorded_without_telling_who_is_known():
    make_user("alice")
    olga = make_user("olga", is_staff=True, is_superuser=True)
    for email in ("alice@example.com", "adele@example.com"):
        Client().post("/accounts/login/", {"login": email, "password": WRONG})
    with no_context(), operator(olga, "looking at failed sign-ins"):
        entries = list(PlatformEntry.objects.filter(action="user.sign_in_failed"))
    assert len(entries) == 2
    for entry in entries:
        assert entry.target_label == "a…@example.com"
        assert (entry.actor_id, entry.target_id, entry.after) == (None, "", {})
        assert entry.address == "127.0.0.1"


def test_a_sign_in_that_cannot_be_recorded_does_not_happen(log_in):
    def refuse(**kwargs):
        raise RuntimeError("nothing can be written down today")

    alice = make_user("alice")
    recorded.connect(refuse)
    try:
        answer = log_in(Client(raise_request_exception=False), alice.email)
    finally:
        recorded.disconnect(refuse)
    assert answer.status_code == 500
    with identity():
        assert not alice.sessions.exists()
        assert User.objects.get().last_login is None
