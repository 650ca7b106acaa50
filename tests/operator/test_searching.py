"""What staff type to find a person or an organization."""

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from organizations.addresses import remember_address
from organizations.domains.models import OrganizationDomain
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.operator.conftest import CONSOLE, SOME_ID, address

pytestmark = CONSOLE


@pytest.fixture
def known(cast, look):
    """Bob's other addresses, and what Acme is called elsewhere."""

    def make():
        for email, verified in (("rob@older.org", True), ("bobby@typo.net", False)):
            EmailAddress.objects.create(user=cast.bob, email=email, verified=verified)

    look(make)
    with no_context(), tenant(cast.acme, cast.alice):
        OrganizationDomain.objects.create(domain="acme-works.com")
        remember_address(cast.acme, left="acme-before")


def found(client, model, words):
    page = client.get(address(model, "changelist"), {"q": words})
    assert page.status_code == 200
    return [str(row) for row in page.context["cl"].result_list]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("bob@example.com", ["Bob Example"]),
        ("ROB@older.org", ["Bob Example"]),
        ("bobby@typo.net", ["Bob Example"]),
        ("typo.net", ["Bob Example"]),
        ("@older.org", ["Bob Example"]),
        ("  bob ", ["Bob Example"]),
        ("Example Bob", ["Bob Example"]),
        ("rob@older.or g", []),
        ("%", []),
        (SOME_ID, []),
    ],
)
def test_people_are_found(as_olga, known, cast, words, names):
    first, last = cast.bob.first_name, cast.bob.last_name
    expected = [f"{first} {last}".strip() for _each in names]
    words = words.replace("Example Bob", f"{last} {first}".strip())
    assert found(as_olga, User, words) == expected


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Acme", ["Acme"]),
        ("acme-before", ["Acme"]),
        ("works.com", ["Acme"]),
        ("bobby@typo.net", ["Acme"]),
        ("bob@example.com", ["Acme"]),
        ("charlie@example.com", ["Globex"]),
        ("nobody@example.com", []),
        ("before", []),
        (SOME_ID, []),
    ],
)
def test_organizations_are_found(as_olga, known, words, names):
    assert found(as_olga, Organization, words) == names


@pytest.mark.parametrize("spell", [str, lambda key: key.hex, lambda key: f" {key} "])
def test_a_whole_id_finds_its_row_alone(as_olga, cast, spell):
    assert found(as_olga, User, spell(cast.bob.pk)) == [str(cast.bob)]
    assert found(as_olga, Organization, spell(cast.acme.pk)) == ["Acme"]
    assert found(as_olga, User, spell(cast.acme.pk)) == []


def test_a_person_with_several_addresses_is_listed_once(as_olga, known, cast):
    assert found(as_olga, User, "o").count(str(cast.bob)) == 1


def test_search_and_filters_go_together(as_olga, known, cast):
    page = address(User, "changelist")
    for staff, rows in (("0", 1), ("1", 0)):
        answer = as_olga.get(page, {"q": "typo.net", "is_staff__exact": staff})
        assert len(answer.context["cl"].result_list) == rows
