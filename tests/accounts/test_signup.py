import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from accounts.models import Session, User
from organizations.tenancy import identity
from tests.accounts.conftest import is_signed_in, person, recorded
from tests.conftest import PASSWORD

FORM = {
    "first_name": "Zoe",
    "last_name": "Zamora",
    "email": "zoe@example.com",
    "password1": PASSWORD,
}


def sign_up(client, **values):
    return client.post("/accounts/signup/", FORM | values)


def confirm(client, code):
    return client.post("/accounts/confirm-email/", {"code": code})


def people():
    with identity():
        return User.objects.count()


# cap 15
def test_sign_up_is_confirmed_by_a_mailed_code(visitor, code):
    assert sign_up(visitor)["Location"] == "/accounts/confirm-email/"
    assert not is_signed_in(visitor)
    assert confirm(visitor, code()).status_code == 302
    assert is_signed_in(visitor)


# cap 1, cap 2, cap 3
def test_sign_up_makes_a_person_with_a_name_and_a_confirmed_address(visitor, code):
    sign_up(visitor)
    assert person("zoe@example.com").email_verified is False
    confirm(visitor, code())
    zoe = person("zoe@example.com")
    assert (zoe.first_name, zoe.last_name, zoe.name) == ("Zoe", "Zamora", "Zoe Zamora")
    assert zoe.email_verified is True
    assert zoe.id.version == 7


# cap 8
def test_sign_up_keeps_only_a_hash_of_the_password(visitor):
    sign_up(visitor)
    zoe = person("zoe@example.com")
    assert PASSWORD not in zoe.password
    assert zoe.check_password(PASSWORD)


def test_sign_up_and_confirmation_are_recorded_as_the_persons_own(visitor, code):
    sign_up(visitor)
    confirm(visitor, code())
    zoe = person("zoe@example.com")
    for action in ("user.signed_up", "user.email_verified", "user.signed_in"):
        [entry] = recorded(zoe, action)
        assert (entry.target_id, entry.address) == (str(zoe.pk), "127.0.0.1")
        assert entry.request_id


def test_names_are_optional_and_the_address_stands_in_for_them(visitor):
    sign_up(visitor, first_name="", last_name="")
    assert str(person("zoe@example.com")) == "zoe"


def test_a_single_name_is_enough(visitor):
    sign_up(visitor, first_name="Zoe", last_name="")
    assert person("zoe@example.com").name == "Zoe"


# cap 7
def test_a_new_person_speaks_the_language_of_their_browser(visitor, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    visitor.post("/accounts/signup/", FORM, headers={"Accept-Language": "de-AT,de"})
    assert person("zoe@example.com").language == "de"


def test_an_unspoken_language_becomes_the_default(visitor):
    visitor.post("/accounts/signup/", FORM, headers={"Accept-Language": "tlh"})
    assert person("zoe@example.com").language == "en"


@pytest.mark.parametrize("email", ["Zoe@Example.COM", "  zoe@EXAMPLE.com "])
def test_an_address_is_kept_in_lower_case(visitor, code, email):
    sign_up(visitor, email=email)
    confirm(visitor, code())
    zoe = person("zoe@example.com")
    with identity():
        assert EmailAddress.objects.get(user=zoe).email == "zoe@example.com"


def test_an_address_in_another_case_is_the_same_address(visitor, alice):
    assert sign_up(visitor, email="ALICE@example.com").status_code == 302
    assert people() == 1
    assert mail.outbox[-1].to == ["alice@example.com"]
    assert "account already" in mail.outbox[-1].subject


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "a@" + "b" * 250 + ".com"),
        ("email", "z" * 300 + "@example.com"),
        ("password1", "short"),
        ("password1", "password123"),
        ("password1", "zoe@example.com"),
        ("password1", ""),
        ("first_name", "N" * 101),
        ("last_name", "a\0b"),
    ],
)
def test_a_refused_sign_up_makes_nobody(visitor, field, value):
    answer = sign_up(visitor, **{field: value})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {field}
    assert people() == 0
    assert mail.outbox == []


def test_a_wrong_code_confirms_nothing(visitor):
    sign_up(visitor)
    assert confirm(visitor, "AAAA-AAAA").status_code == 200
    assert person("zoe@example.com").email_verified is False
    assert not is_signed_in(visitor)


def test_three_wrong_codes_end_the_attempt(visitor, code):
    sign_up(visitor)
    right = code()
    for _ in range(3):
        confirm(visitor, "AAAA-AAAA")
    confirm(visitor, right)
    assert not is_signed_in(visitor)


def test_an_old_code_confirms_nothing(visitor, code, time_machine):
    time_machine.move_to("2030-01-01T12:00:00Z")
    sign_up(visitor)
    time_machine.shift(16 * 60)
    confirm(visitor, code())
    assert person("zoe@example.com").email_verified is False


def test_another_code_can_be_asked_for_and_ends_the_first(visitor, code, time_machine):
    time_machine.move_to("2030-01-01T12:00:00Z")
    sign_up(visitor)
    first = code()
    time_machine.shift(11)
    visitor.post("/accounts/confirm-email/", {"action": "resend"})
    assert code() != first
    assert confirm(visitor, first).status_code == 200
    assert confirm(visitor, code()).status_code == 302


def test_the_page_of_the_code_lets_nobody_probe_other_addresses(visitor, code):
    sign_up(visitor)
    visitor.post(
        "/accounts/confirm-email/", {"action": "change", "email": "zoe@example.org"}
    )
    assert len(mail.outbox) == 1
    assert person("zoe@example.com")


def test_a_code_of_one_browser_is_no_use_in_another(visitor, client, code):
    sign_up(visitor)
    confirm(client, code())
    assert person("zoe@example.com").email_verified is False


def test_signing_in_before_confirming_asks_for_the_code_again(
    visitor, client, log_in, code, time_machine
):
    time_machine.move_to("2030-01-01T12:00:00Z")
    sign_up(visitor)
    time_machine.shift(11)
    answer = log_in(client, "zoe@example.com")
    assert answer["Location"] == "/accounts/confirm-email/"
    confirm(client, code())
    assert is_signed_in(client)


def test_a_signed_in_person_is_not_asked_to_sign_up(at_home):
    assert at_home.get("/accounts/signup/")["Location"] == "/"


# cap 11
def test_confirming_starts_a_session_under_a_new_key(visitor, code):
    sign_up(visitor)
    before = visitor.session.session_key
    confirm(visitor, code())
    zoe = person("zoe@example.com")
    with identity():
        assert Session.objects.get(user=zoe).session_key != before
        assert not Session.objects.filter(session_key=before).exists()


def test_a_mail_server_that_is_away_does_not_undo_the_sign_up(visitor, settings, code):
    settings.EMAIL_BACKEND = "tests.accounts.mailserver.Away"
    assert sign_up(visitor).status_code == 302
    assert person("zoe@example.com").email_verified is False
