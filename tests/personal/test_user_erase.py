"""manage.py user_erase: erases, and looks for what still names the person."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import ExternalIdentity, User
from config.operator.leftovers import EXCEPTIONS, leftovers
from organizations.audit.models import PlatformEntry
from organizations.invitations.models import Invitation
from organizations.models import Organization
from organizations.tenancy import identity, no_context, operator, tenant
from tests.accounts.factors import Passkey, factors, set_up_app
from tests.operator.conftest import CONSOLE
from tests.personal.conftest import prove

pytestmark = CONSOLE


def erase(email="bob@example.com", *flags, **options):
    with no_context():
        call_command("user_erase", email, *flags, **options)


def look(cast, question):
    with no_context(), operator(cast.olga, reason="test"):
        return question()


def plant(cast, **values):
    rows = Organization.objects.filter(pk=cast.globex.pk)
    look(cast, lambda: rows.update(**values))


def test_a_person_is_erased_and_nothing_names_them(cast, work, capsys):
    erase("Bob@Example.com", "--verify")
    said = capsys.readouterr().out
    assert f"Erased: deleted-{cast.bob.pk}@deleted.invalid" in said
    assert "Nothing else names them." in said
    assert [line for line in said.splitlines() if line.startswith("found")] == []
    assert mail.outbox[-1].to == ["bob@example.com"]


def test_history_is_told_apart_with_its_reason(cast, work, capsys):
    erase("bob@example.com", "--verify")
    kept = [row for row in capsys.readouterr().out.splitlines() if row[:4] == "kept"]
    assert any("audit_auditentry.actor_label" in row for row in kept)
    assert all("append-only history" in row for row in kept)
    assert all(EXCEPTIONS.values())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("metadata", {"contact": {"mails": ["old", "Bob@Example.com"]}}),
        ("settings", {"theme": "light", "note": "ask bob EXAMPLE first"}),
        ("limits", {"bob@example.com": 1}),
        ("name", "Bob Example & Sons"),
        ("logo", "org/bob@example.com.webp"),
    ],
)
def test_a_leftover_is_found_with_its_place(cast, capsys, column, value):
    plant(cast, **{column: value})
    with pytest.raises(SystemExit) as ended:
        erase("bob@example.com", "--verify")
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert f"found  organizations_organization.{column}: 1" in said


def test_a_name_is_found_as_json_writes_it(cast, capsys):
    with identity():
        User.objects.filter(pk=cast.bob.pk).update(first_name="Zoë", last_name='"Z"')
    plant(cast, metadata={"who": 'Zoë "Z"'})
    with pytest.raises(SystemExit):
        erase("bob@example.com", "--verify")
    assert "organizations_organization.metadata: 1" in capsys.readouterr().out


def test_without_verify_nobody_looks(cast, capsys):
    plant(cast, metadata={"contact": "bob@example.com"})
    erase()
    assert "found" not in capsys.readouterr().out


def test_somebody_erased_before_is_looked_for_by_address_and_name(cast, capsys):
    erase()
    erase("bob@example.com", "--verify")
    plant(cast, metadata={"contact": "Bob Example"})
    erase("bob@example.com", "--verify")
    with pytest.raises(SystemExit):
        erase("bob@example.com", "--verify", "--name", "Bob Example")


def test_an_invitation_they_never_answered_forgets_the_address(cast):
    with no_context(), tenant(cast.globex):
        Invitation.objects.create(email="bob@example.com", expires_at=timezone.now())
    erase("bob@example.com", "--verify")
    kept = look(cast, Invitation.objects.get)
    assert kept.email.endswith("@deleted.invalid")


def test_every_column_of_text_is_looked_at(cast):
    found, closed = look(cast, lambda: leftovers(["e"]))
    places = {f"{one.table}.{one.column}" for one in found}
    assert {
        "accounts_user.email",
        "accounts_user.name",
        "account_emailaddress.email",
        "organizations_organization.slug",
        "audit_auditentry.after",
    } <= places
    assert closed == []


def test_it_is_recorded_as_the_systems(cast):
    erase()
    entry = look(cast, lambda: PlatformEntry.objects.get(action="user.erased"))
    assert (entry.actor_type, entry.target_id) == ("system", str(cast.bob.pk))


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("alice@example.com", "The only owner of Acme"),
        ("olga@example.com", "staff rights"),
        ("nobody@example.com", "Nobody has the address"),
    ],
)
def test_who_cannot_be_erased_is_said_why(cast, email, words):
    with pytest.raises(CommandError, match=words):
        erase(email)
    with identity():
        assert not User.objects.filter(is_active=False).exists()


def test_without_the_operators_connection_nothing_happens(cast, settings):
    settings.HAS_CONSOLE = False
    with pytest.raises(CommandError, match="DATABASE_OPERATOR_URL"):
        erase()


def test_second_factors_and_accounts_elsewhere_go_without_a_trace(
    cast, sign_in, capsys
):
    client = prove(sign_in(cast.bob, cast.acme))
    set_up_app(client)
    assert Passkey(cast.bob).added(client, name="Bob Example").status_code == 302
    with identity():
        SocialAccount.objects.create(
            user=cast.bob,
            provider="github",
            uid="17",
            extra_data={"email": "bob@example.com", "name": "Bob Example"},
        )
        ExternalIdentity.objects.create(
            user=cast.bob, provider="crm", external_id="bob@example.com"
        )
    assert len(factors(cast.bob)) == 3
    erase("bob@example.com", "--verify")
    assert "Nothing else names them." in capsys.readouterr().out
    assert factors(cast.bob) == []
    with identity():
        assert not SocialAccount.objects.exists()
        assert not ExternalIdentity.objects.exists()
