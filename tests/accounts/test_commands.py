import pytest
from django.core.management import CommandError, call_command

from tests.accounts.conftest import is_signed_in, person

NEW = "a new and longer secret"


@pytest.fixture
def typed(monkeypatch):
    """Type at the terminal what the commands ask for."""
    for command in ("createsuperuser", "changepassword"):
        path = f"django.contrib.auth.management.commands.{command}.getpass.getpass"
        monkeypatch.setattr(path, lambda prompt="": NEW)


# cap 4
def test_the_first_operator_is_made_at_the_terminal(db, monkeypatch, visitor, log_in):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    call_command(
        "createsuperuser", email="Root@Example.com", interactive=False, verbosity=0
    )
    root = person("root@example.com")
    assert (root.is_superadmin, root.is_staff, root.email_verified) == (True,) * 3
    assert log_in(visitor, root.email, NEW)["Location"] == "/"
    assert is_signed_in(visitor)


def test_a_second_account_of_one_address_is_refused(alice, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    with pytest.raises(CommandError):
        call_command(
            "createsuperuser", email=alice.email, interactive=False, verbosity=0
        )


def test_a_password_is_changed_at_the_terminal(alice, typed, at_home):
    call_command("changepassword", "ALICE@example.com", verbosity=0)
    assert person(alice.email).check_password(NEW)
    assert not is_signed_in(at_home)


def test_nobodys_password_cannot_be_changed(db, typed):
    with pytest.raises(CommandError, match="nobody"):
        call_command("changepassword", "nobody@example.com", verbosity=0)
