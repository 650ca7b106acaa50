"""What the database holds of second factors is of no use to whoever reads it."""

import json

import pytest
from allauth.mfa.adapter import get_adapter
from django.core.cache import cache
from django.db import connection

from organizations.tenancy import as_user, identity, no_context
from tests.accounts.conftest import is_signed_in
from tests.accounts.factors import STEP, app_code, factors, prove, set_up_app
from tests.conftest import make_user

ANOTHER = "another secret of the same house, which is long enough for it"


@pytest.fixture
def secret(proven, alice):
    return set_up_app(proven)


def step(client, log_in, alice, secret):
    client.cookies.clear()
    log_in(client, alice.email)
    client.post(STEP, {"code": app_code(secret)})
    return is_signed_in(client)


def test_neither_key_nor_seed_can_be_read_in_the_table(secret, alice):
    app, codes = factors(alice)
    assert secret not in json.dumps(app.data)
    assert app.data["secret"].startswith("gAAAA")
    assert codes.data["seed"].startswith("gAAAA")


def test_the_same_text_never_rests_in_the_same_form(db):
    adapter = get_adapter()
    assert adapter.encrypt("words") != adapter.encrypt("words")
    assert adapter.decrypt(adapter.encrypt("words")) == "words"


def test_a_rotated_secret_still_opens_what_was_locked(
    secret, alice, visitor, log_in, settings
):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = ANOTHER
    assert step(visitor, log_in, alice, secret)


def test_a_lost_secret_lets_nobody_in(secret, alice, visitor, log_in, settings):
    settings.SECRET_KEY = ANOTHER
    assert not step(visitor, log_in, alice, secret)
    for guess in ("", "328482", "00000000"):
        assert visitor.post(STEP, {"code": guess}).status_code == 200
    assert not is_signed_in(visitor)


@pytest.mark.parametrize("text", ["", "plain", "gAAAAA", "gAAAAABé"])
def test_what_was_never_locked_opens_to_something_nobody_has(db, text):
    opened = get_adapter().decrypt(text)
    assert opened != text
    assert opened != get_adapter().decrypt(text)


def test_nobody_sees_the_factors_of_another_person(secret, alice):
    bob = make_user("bob")
    count = "SELECT count(*) FROM mfa_authenticator"
    for context, seen in ((as_user(alice), 2), (as_user(bob), 0), (identity(), 2)):
        with no_context(), context, connection.cursor() as cursor:
            cursor.execute(count)
            assert cursor.fetchone() == (seen,)


def test_the_session_tells_whether_there_is_a_second_factor(proven, alice):
    assert not proven.get("/accounts/profile/").wsgi_request.user.has_second_factor
    set_up_app(proven)
    answer = proven.get("/accounts/profile/")
    assert answer.wsgi_request.user.__dict__["has_second_factor"] is True


def test_a_person_loaded_otherwise_knows_it_too(secret, alice):
    with identity():
        assert type(alice).objects.get(pk=alice.pk).has_second_factor
        assert not make_user("bob").has_second_factor


def test_the_key_of_the_page_does_not_outlive_its_use(proven, alice):
    set_up_app(proven)
    assert "mfa.totp.secret" not in proven.session
    cache.clear()
    prove(proven)
