import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from organizations.tenancy import identity
from tests.accounts.conftest import is_signed_in, person, recorded
from tests.conftest import PASSWORD, make_user

PAGE = "/accounts/email/"
NEW = "alice@example.org"


def ask(client, email=NEW):
    return client.post(PAGE, {"email": email, "action_add": "1"})


def confirm(client, code):
    return client.post("/accounts/confirm-email/", {"code": code})


def addresses(user):
    with identity():
        return list(
            EmailAddress.objects.filter(user=user).values_list("email", "verified")
        )


def test_the_page_shows_the_address_of_now(proven, alice):
    assert alice.email in proven.get(PAGE).content.decode()


def test_a_new_address_asks_for_the_password_first(at_home, alice):
    answer = ask(at_home)
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    assert mail.outbox == []


def test_the_request_goes_on_once_the_password_is_typed(at_home, alice, code):
    prove = ask(at_home)["Location"]
    at_home.post(prove, {"password": PASSWORD})
    assert mail.outbox[-1].to == [NEW]
    confirm(at_home, code())
    assert addresses(alice) == [(NEW, True)]


def test_a_new_address_counts_only_once_it_is_confirmed(proven, alice, code):
    assert ask(proven)["Location"] == "/accounts/confirm-email/"
    assert addresses(alice) == [("alice@example.com", True)]
    confirm(proven, code())
    assert addresses(alice) == [(NEW, True)]
    assert person(NEW).pk == alice.pk
    assert person(NEW).email_verified


def test_a_changed_address_is_recorded_with_both(proven, alice, code):
    ask(proven)
    confirm(proven, code())
    [entry] = recorded(alice, "user.email_changed")
    assert (entry.before, entry.after) == (
        {"email": "alice@example.com"},
        {"email": NEW},
    )


def test_the_old_address_is_told(proven, alice, code):
    ask(proven)
    confirm(proven, code())
    assert mail.outbox[-1].to == ["alice@example.com"]
    assert NEW in mail.outbox[-1].body


def test_one_signs_in_with_the_new_address_and_not_the_old(
    proven, client, alice, code, log_in
):
    ask(proven)
    confirm(proven, code())
    assert log_in(client, "alice@example.com").status_code == 200
    assert log_in(client, NEW).status_code == 302


def test_the_code_goes_to_the_new_address(proven):
    ask(proven)
    assert mail.outbox[-1].to == [NEW]


def test_a_wrong_code_changes_nothing(proven, alice):
    ask(proven)
    confirm(proven, "AAAA-AAAA")
    assert addresses(alice) == [("alice@example.com", True)]
    assert recorded(alice, "user.email_changed") == []


def test_codes_for_two_addresses_do_not_mix(proven, alice, code):
    ask(proven, "first@example.org")
    first = code()
    ask(proven, "second@example.org")
    confirm(proven, first)
    assert addresses(alice) == [("alice@example.com", True)]


@pytest.mark.parametrize("email", ["ALICE@Example.org", " alice@example.org"])
def test_a_new_address_is_kept_in_lower_case(proven, alice, code, email):
    ask(proven, email)
    confirm(proven, code())
    assert addresses(alice) == [(NEW, True)]


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "alice@example.com", "ALICE@example.com", "a" * 250 + "@b.co"],
)
def test_an_address_that_makes_no_sense_is_refused(proven, alice, email):
    answer = ask(proven, email)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert mail.outbox == []


# An address of somebody else: nothing is told, nothing is taken.
def test_somebody_elses_address_cannot_be_taken(proven, alice, code):
    bob = make_user("bob")
    free, taken = ask(proven), ask(proven, bob.email)
    assert (free.status_code, free["Location"]) == (
        taken.status_code,
        taken["Location"],
    )
    confirm(proven, code())
    assert addresses(alice) == [("alice@example.com", True)]
    assert addresses(bob) == [(bob.email, True)]
    assert person(bob.email).pk == bob.pk


def test_an_address_taken_while_the_code_was_on_its_way_stays_taken(
    proven, alice, code
):
    ask(proven, "bob@example.com")
    right = code()
    bob = make_user("bob")
    confirm(proven, right)
    assert addresses(alice) == [("alice@example.com", True)]
    assert person("bob@example.com").pk == bob.pk


def test_only_the_browser_that_asked_can_confirm(proven, client, alice, code, log_in):
    ask(proven)
    log_in(client, alice.email)
    confirm(client, code())
    assert addresses(alice) == [("alice@example.com", True)]


def test_the_code_of_one_person_is_no_use_to_the_next(proven, alice, code, log_in):
    bob = make_user("bob")
    ask(proven)
    right = code()
    proven.post("/accounts/logout/")
    log_in(proven, bob.email)
    confirm(proven, right)
    assert addresses(alice) == [("alice@example.com", True)]
    assert addresses(bob) == [("bob@example.com", True)]


@pytest.mark.parametrize("action", ["action_remove", "action_primary", "action_send"])
def test_the_only_address_cannot_be_lost(proven, alice, action):
    proven.post(PAGE, {"email": alice.email, action: "1"})
    assert addresses(alice) == [("alice@example.com", True)]
    assert person("alice@example.com").pk == alice.pk


def test_somebody_elses_address_cannot_be_dropped(proven, alice):
    bob = make_user("bob")
    proven.post(PAGE, {"email": bob.email, "action_remove": "1"})
    assert addresses(bob) == [(bob.email, True)]


def test_the_other_sessions_end_with_the_old_address(
    proven, client, alice, code, log_in
):
    log_in(client, alice.email, PASSWORD)
    ask(proven)
    assert is_signed_in(client)
    confirm(proven, code())
    assert not is_signed_in(client)
    assert is_signed_in(proven)
    [entry] = recorded(alice, "user.sessions_ended")
    assert entry.after == {"count": 1}
