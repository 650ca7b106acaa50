"""The step that invites: all of a list, or none when there are too few seats."""

import pytest

from organizations.invitations.models import Invitation
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.onboarding.conftest import home_of, page_of, progress


def invite(client, text):
    return client.post(page_of("colleagues"), {"addresses": text})


def invited(user):
    with no_context(), tenant(home_of(user), user):
        rows = Invitation.objects.order_by("email")
        return list(rows.values_list("email", "role"))


def limit(user, seats):
    house = home_of(user)
    with no_context(), tenant(house, user):
        rows = Organization.objects.filter(pk=house.pk)
        rows.update(limits={"members": seats})


def test_a_pasted_list_is_invited_with_the_role_of_newcomers(founded, zoe):
    answer = invite(founded, "Ada <ada@example.com>, ben@example.com\nada@example.com")
    assert answer.status_code == 302
    assert invited(zoe) == [
        ("ada@example.com", "member"),
        ("ben@example.com", "member"),
    ]


def test_too_many_for_the_seats_are_refused_before_anything_is_sent(founded, zoe):
    limit(zoe, 2)
    answer = invite(founded, "ada@example.com\nben@example.com")
    assert answer.status_code == 422
    assert "You wrote 2 addresses and there are seats for 1 more" in answer.text
    assert "Nothing was sent" in answer.text
    assert invited(zoe) == []
    assert "ben@example.com" in answer.text


def test_who_has_a_seat_already_takes_no_other(founded, zoe):
    limit(zoe, 2)
    assert invite(founded, "ada@example.com").status_code == 302
    assert invite(founded, "ada@example.com, zoe@example.com").status_code == 302
    assert invited(zoe) == [("ada@example.com", "member")]


def test_the_good_ones_are_sent_and_the_others_stay_to_be_mended(founded, zoe):
    answer = invite(founded, "ada@example.com\nno address")
    assert answer.status_code == 422
    assert "Not invited: no address" in answer.text
    assert "1 person is invited" in answer.text
    text = answer.text.split("<textarea")[1].split("</textarea>")[0]
    assert "no address" in text
    assert "ada@example.com" not in text
    assert invited(zoe) == [("ada@example.com", "member")]
    assert "colleagues" not in progress(zoe)


@pytest.mark.parametrize("text", ["", " ,\n", ";;"])
def test_an_empty_list_is_asked_for_again(founded, zoe, text):
    answer = invite(founded, text)
    assert answer.status_code == 422
    assert "Write at least one address, or skip this." in answer.text
    assert "colleagues" not in progress(zoe)


def test_a_list_has_an_end(founded, zoe):
    many = "\n".join(f"p{n}@example.com" for n in range(201))
    answer = invite(founded, many)
    assert answer.status_code == 422
    assert "201 addresses are too many at once" in answer.text
    assert invited(zoe) == []
