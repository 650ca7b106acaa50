import json

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import identity
from tests.accounts.conftest import change, is_signed_in, recorded
from tests.accounts.factors import (
    ADD,
    BY_PASSKEY,
    KEYS,
    OPTIONS,
    SECURITY,
    STEP,
    Passkey,
    challenge_of,
    factors,
    prove,
    sign_in_by,
)
from tests.conftest import PASSWORD, make_user

pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
def window():
    """Another browser than the one Alice is signed in with."""
    return Client()


@pytest.fixture
def passkey(proven, alice):
    """A key on Alice's account."""
    key = Passkey(alice)
    assert key.added(proven)["Location"].startswith(SECURITY)
    return key


def row(user):
    return factors(user, "webauthn")[0]


def test_adding_a_passkey_asks_for_the_password_first(at_home):
    answer = at_home.get(ADD)
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    answer = at_home.post(ADD, {"credential": "{}"})
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")


def test_a_passkey_is_added_with_recovery_codes_and_recorded(passkey, proven, alice):
    assert [one.type for one in factors(alice)] == ["webauthn", "recovery_codes"]
    [entry] = recorded(alice, "user.passkey_added")
    assert entry.after == {"name": "Laptop", "signs_in_alone": True}
    assert mail.outbox[-1].subject == "Passkey added"
    assert "A passkey was added" in mail.outbox[-1].alternatives[0][0]
    page = proven.get(KEYS).text
    assert "Laptop" in page
    assert "Signs in alone" in page


def test_a_passkey_without_a_name_is_called_after_the_browser(proven, alice):
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}
    options = json.loads(OPTIONS.search(proven.get(ADD, headers=agent).text)[1])
    credential = Passkey(alice).attest(options["publicKey"]["challenge"])
    values = {"name": "", "credential": json.dumps(credential)}
    assert proven.post(ADD, values, headers=agent).status_code == 302
    assert row(alice).wrap().name == "Firefox on Linux"


def test_only_the_known_parts_of_the_answer_are_kept(proven, alice):
    options = json.loads(OPTIONS.search(proven.get(ADD).text)[1])
    credential = Passkey(alice).attest(options["publicKey"]["challenge"])
    credential["junk"] = "\u0000"
    credential["response"]["transports"] = ["\ud800"]
    credential["clientExtensionResults"]["more"] = {"x": float("nan")}
    form = {"name": "Laptop", "credential": json.dumps(credential)}
    assert proven.post(ADD, form).status_code == 302
    kept = row(alice).data["credential"]
    assert set(kept["response"]) == {"clientDataJSON", "attestationObject"}
    assert kept["clientExtensionResults"] == {"credProps": {"rk": True}}
    assert "junk" not in kept


def test_an_answer_to_another_question_is_no_passkey(proven, alice):
    credential = json.dumps(Passkey(alice).attest("c29tZXRoaW5n"))
    proven.get(ADD)
    answer = proven.post(ADD, {"name": "Laptop", "credential": credential})
    assert answer.status_code == 200
    assert "does not fit" in answer.text
    assert factors(alice) == []


def test_a_passkey_signs_in_without_a_password(passkey, window, alice):
    answer = sign_in_by(passkey, window, next="/tasks/?q=1")
    assert answer["Location"] == "/tasks/?q=1"
    assert is_signed_in(window)
    assert len(recorded(alice, "user.signed_in")) == 2
    assert row(alice).last_used_at is not None


def test_signing_in_leads_to_no_other_host(passkey, window):
    answer = sign_in_by(passkey, window, next="https://evil.example/")
    assert answer["Location"] == "/"


def test_the_same_answer_does_not_sign_in_twice(passkey, window):
    credential = json.dumps(passkey.sign(challenge_of(window)))
    window.post(BY_PASSKEY, {"credential": credential})
    again = Client()
    again.get(BY_PASSKEY, headers={"Accept": "application/json"})
    answer = again.post(BY_PASSKEY, {"credential": credential})
    assert answer["Location"] == "/accounts/login/"
    assert not is_signed_in(again)
    assert "That code does not fit" in again.get("/accounts/login/").text


def test_a_key_of_somebody_else_opens_nothing(passkey, window, alice):
    stranger = Passkey(make_user("mallory"))
    stranger.user = alice
    sign_in_by(stranger, window)
    assert not is_signed_in(window)


def test_a_passkey_lets_nobody_in_who_is_banned(passkey, window, alice):
    change(alice, banned=True)
    answer = sign_in_by(passkey, window)
    assert answer["Location"] == "/accounts/inactive/"
    assert not is_signed_in(window)


def test_a_passkey_is_the_second_step_after_a_password(passkey, window, alice):
    form = {"login": alice.email, "password": PASSWORD}
    assert window.post("/accounts/login/", form)["Location"] == STEP
    page = window.get(STEP).text
    options = json.loads(OPTIONS.search(page)[1])
    credential = passkey.sign(options["publicKey"]["challenge"])
    answer = window.post(STEP, {"credential": json.dumps(credential)})
    assert answer.status_code == 302
    assert is_signed_in(window)


def test_a_passkey_proves_oneself_before_a_change(passkey, window, alice):
    sign_in_by(passkey, window)
    assert window.get(ADD)["Location"].startswith("/accounts/reauthenticate/")
    there = f"{KEYS}reauthenticate/?next={ADD}"
    options = json.loads(OPTIONS.search(window.get(there).text)[1])
    credential = json.dumps(passkey.sign(options["publicKey"]["challenge"]))
    assert window.post(there, {"credential": credential})["Location"] == ADD
    assert window.get(ADD).status_code == 200


def test_a_passkey_is_renamed_and_recorded(passkey, proven, alice):
    where = f"{KEYS}keys/{row(alice).pk}/edit/"
    assert 'value="Laptop"' in proven.get(where).text
    assert proven.post(where, {"name": "Old laptop"})["Location"] == KEYS
    assert row(alice).wrap().name == "Old laptop"
    [entry] = recorded(alice, "user.passkey_renamed")
    assert (entry.before, entry.after) == ({"name": "Laptop"}, {"name": "Old laptop"})


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_passkey_keeps_its_name_when_the_new_one_is_none(
    passkey, proven, alice, name
):
    where = f"{KEYS}keys/{row(alice).pk}/edit/"
    assert proven.post(where, {"name": name}).status_code == 200
    assert row(alice).wrap().name == "Laptop"


def test_a_removed_passkey_signs_nobody_in(passkey, proven, alice, window):
    where = f"{KEYS}keys/{row(alice).pk}/remove/"
    assert "Remove Laptop" in proven.get(where).text
    assert proven.post(where)["Location"] == KEYS
    assert factors(alice) == []
    [entry] = recorded(alice, "user.passkey_removed")
    assert entry.before["name"] == "Laptop"
    assert mail.outbox[-1].subject == "Passkey removed"
    sign_in_by(passkey, window)
    assert not is_signed_in(window)


def test_the_other_devices_are_signed_out_by_a_passkey(proven, alice, log_in):
    other = Client()
    log_in(other, alice.email)
    Passkey(alice).added(proven)
    assert is_signed_in(proven)
    assert not is_signed_in(other)


def test_a_foreign_passkey_is_a_missing_one(passkey, alice, log_in):
    other = Client()
    log_in(other, make_user("bob").email)
    prove(other)
    for page in ("edit", "remove"):
        for key in (row(alice).pk, 10**9):
            where = f"{KEYS}keys/{key}/{page}/"
            assert other.get(where).status_code == 404
            assert other.post(where, {"name": "Mine"}).status_code == 404
    assert row(alice).wrap().name == "Laptop"


def test_only_so_many_passkeys_are_tried_in_a_minute(window, db):
    answers = [window.post(BY_PASSKEY).status_code for _ in range(12)]
    assert answers[0] == 302
    assert answers[-1] == 429


def test_the_sign_in_page_offers_a_passkey_under_the_policy(window, db):
    answer = window.get("/accounts/login/?next=/tasks/")
    nonce = answer.wsgi_request.csp_nonce
    assert f"nonce-{nonce}" in answer["Content-Security-Policy"]
    assert answer.text.count(f'nonce="{nonce}"') >= 2
    form = answer.text.partition(f'action="{BY_PASSKEY}"')[2]
    assert 'name="next" value="/tasks/"' in form.partition("</form>")[0]


ODD = st.one_of(
    st.sampled_from(["", "null", "[]", '"x"', "1", "{", "deep", "deeper", "NaN", "{}"]),
    st.text(max_size=50),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "rawId",
                    "type",
                    "response",
                    "userHandle",
                    "clientDataJSON",
                    "attestationObject",
                    "authenticatorData",
                    "signature",
                    "clientExtensionResults",
                    "credProps",
                    "rk",
                ]
            ),
            inner,
        ),
        max_leaves=12,
    ).map(json.dumps),
)
DEEP = {"deep": "[" * 10_000, "deeper": "[" * 30_000}


@given(credential=ODD)
def test_no_answer_of_a_browser_breaks_the_sign_in(db, credential):
    with identity():
        cache.clear()
    window = Client()
    window.get(BY_PASSKEY, headers={"Accept": "application/json"})
    answer = window.post(BY_PASSKEY, {"credential": DEEP.get(credential, credential)})
    assert answer.status_code in {302, 400}


@given(credential=ODD, name=st.text(max_size=70))
def test_no_answer_of_a_browser_breaks_the_adding(proven, alice, credential, name):
    proven.get(ADD)
    form = {"credential": DEEP.get(credential, credential), "name": name}
    answer = proven.post(ADD, form)
    assert answer.status_code in {200, 400}
    assert factors(alice) == []


PARTS = st.dictionaries(
    st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"]),
    st.binary(max_size=80).map(lambda data: data.hex()),
)


@given(changed=PARTS)
def test_no_part_of_an_answer_breaks_the_second_step(passkey, window, alice, changed):
    with identity():
        cache.clear()
    window.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    options = json.loads(OPTIONS.search(window.get(STEP).text)[1])
    credential = passkey.sign(options["publicKey"]["challenge"])
    credential["response"] |= changed | {"signature": "AAAA"}
    answer = window.post(STEP, {"credential": json.dumps(credential)})
    assert answer.status_code == 200
    assert not is_signed_in(window)
