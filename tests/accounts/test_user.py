import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import Theme, User
from organizations.tenancy import as_user, identity
from tests.accounts.conftest import person


def column(table, name):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data_type, is_nullable, column_default FROM"
            " information_schema.columns WHERE table_name = %s AND column_name = %s",
            [table, name],
        )
        return cursor.fetchone()


# cap 1, cap 2, cap 3, cap 5, cap 7
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("id", "uuid"),
        ("name", "text"),
        ("email", "character varying"),
        ("email_verified", "boolean"),
        ("image", "character varying"),
        ("first_name", "character varying"),
        ("last_name", "character varying"),
        ("language", "character varying"),
        ("theme", "character varying"),
        ("timezone", "character varying"),
        ("is_staff", "boolean"),
        ("is_superuser", "boolean"),
        ("banned", "boolean"),
        ("ban_reason", "text"),
        ("onboarding_completed", "boolean"),
        ("date_joined", "timestamp with time zone"),
        ("updated_at", "timestamp with time zone"),
    ],
)
def test_a_person_has_the_column(db, name, kind):
    found = column("accounts_user", name)
    assert found[0] == kind
    assert found[1] == ("YES" if name == "name" else "NO")


# cap 11, cap 12
@pytest.mark.parametrize(
    ("table", "name", "kind", "nullable"),
    [
        ("accounts_session", "session_key", "character varying", "NO"),
        ("accounts_session", "expire_date", "timestamp with time zone", "NO"),
        ("accounts_session", "user_id", "uuid", "YES"),
        ("accounts_session", "organization_id", "uuid", "YES"),
        ("usersessions_usersession", "ip", "inet", "NO"),
        ("usersessions_usersession", "user_agent", "character varying", "NO"),
    ],
)
def test_a_session_has_the_column(db, table, name, kind, nullable):
    assert column(table, name)[:2] == (kind, nullable)


def test_ids_come_in_the_order_of_time(db):
    with identity():
        people = [User.objects.create_user(f"p{n}@example.com", "x") for n in range(5)]
    assert sorted(user.pk for user in people) == [user.pk for user in people]


# cap 1
@pytest.mark.parametrize("email", ["ANNA@example.com", "Anna@Example.com"])
def test_the_database_itself_refuses_capitals_in_an_address(db, email):
    with identity(), pytest.raises(IntegrityError), transaction.atomic():
        User(email=email, password="!x").save()


def test_the_database_itself_refuses_a_second_account(alice):
    with identity(), pytest.raises(IntegrityError), transaction.atomic():
        User(email=alice.email, password="!x").save()


# cap 8
def test_the_database_itself_refuses_an_empty_password(db):
    with identity(), pytest.raises(IntegrityError), transaction.atomic():
        User(email="anna@example.com").save()


def test_a_form_of_staff_lowers_the_address(db):
    user = User(email="Anna@Example.com", password="!x")
    with identity():
        user.full_clean()
    assert user.email == "anna@example.com"


def test_a_form_of_staff_takes_no_unknown_theme(db):
    user = User(email="anna@example.com", password="!x", theme="neon")
    with identity(), pytest.raises(ValidationError, match="neon"):
        user.full_clean()


@pytest.mark.parametrize(
    ("first", "last", "full", "short"),
    [
        ("Anna", "Berg", "Anna Berg", "Anna"),
        ("Anna", "", "Anna", "Anna"),
        ("", "Berg", "Berg", "Berg"),
        ("", "", "anna.b", "anna.b"),
        (" ", "", "anna.b", " "),
    ],
)
def test_a_person_always_has_a_name(db, first, last, full, short):
    with identity():
        user = User.objects.create_user(
            "anna.b@example.com", "x", first_name=first, last_name=last
        )
        assert User.objects.get(pk=user.pk).name == full
    assert (str(user), user.get_full_name(), user.get_short_name()) == (
        full,
        full,
        short,
    )


# cap 4
def test_a_superuser_is_the_superadmin_and_may_not_be_made_one_by_name(db):
    with identity():
        root = User.objects.create_superuser("root@example.com", "x")
    assert (root.is_superadmin, root.is_staff, root.email_verified) == (True,) * 3
    with pytest.raises(AttributeError):
        root.is_superadmin = False


# cap 4
def test_staff_are_no_superadmins(alice):
    alice.is_staff = True
    assert not alice.is_superadmin


def test_a_persons_colour_is_one_of_six_and_stays(alice):
    assert alice.hue == person(alice.email).hue
    assert alice.hue in range(1, 7)


def test_a_person_is_found_by_address_in_any_case(alice):
    with identity():
        assert User.objects.get_by_natural_key("ALICE@Example.com") == alice


# cap 7
def test_a_new_person_has_a_language_a_theme_and_a_time_zone(alice):
    assert (alice.language, alice.theme, alice.timezone) == ("en", Theme.SYSTEM, "UTC")
    assert User().onboarding_completed is False


def test_a_person_sees_themselves_and_no_stranger(alice, bob):
    with as_user(alice):
        assert list(User.objects.all()) == [alice]
        assert User.objects.filter(pk=bob.pk).update(first_name="Mine") == 0
        assert User.objects.filter(pk=alice.pk).update(first_name="Mine") == 1
