"""One click in a mail ends its kind, without signing in (RFC 8058)."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from organizations import flows
from organizations.notifications.models import Preference
from organizations.notifications.unsubscribing import EVERY_DIGEST, token_for
from organizations.tenancy import no_context, tenant

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def address(token):
    return f"/inbox/unsubscribe/{token}/"


@pytest.fixture
def way_out(told, as_bob):
    """The address in the headers of a mail to Alice, as mail programs read it."""
    told.mention(as_bob)
    (letter,) = told.mails(told.cast.alice)
    link = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert link.startswith("http")
    return "/" + link.split("/", 3)[3]


@pytest.fixture
def nobody():
    """A mail program: no session, no token of a form, and checks as they are."""
    return Client(enforce_csrf_checks=True)


def choices(told, person):
    with no_context(), told.inside(person):
        return list(Preference.objects.values_list("kind", "channel", "is_on"))


def test_one_click_ends_a_kind_and_twice_is_once(told, nobody, way_out):
    for _twice in range(2):
        assert nobody.post(way_out, ONE_CLICK).status_code == 200
    assert choices(told, told.cast.alice) == [("mention", "email", False)]
    (entry,) = told.actions("preferences")
    assert entry.actor_id == told.cast.alice.pk
    assert entry.after == {"mention": ["app"]}


def test_afterwards_no_mail_comes_and_the_inbox_goes_on(told, nobody, way_out, as_bob):
    nobody.post(way_out, ONE_CLICK)
    told.mention(as_bob)
    assert len(told.mails(told.cast.alice)) == 1
    assert told.kinds(told.cast.alice) == ["mention", "mention"]


def test_looking_at_the_page_ends_nothing(told, nobody, way_out):
    page = nobody.get(way_out)
    assert page.status_code == 200
    assert "Somebody mentions you" in page.text
    assert f'action="{way_out}"' in page.text
    assert choices(told, told.cast.alice) == []


def test_the_page_says_when_it_is_done(nobody, way_out):
    page = nobody.post(way_out).text
    assert "You are unsubscribed" in page
    assert "/o/acme/?next=/inbox/settings/" in page


def test_who_is_signed_in_elsewhere_changes_nothing_of_their_own(
    told, way_out, as_charlie
):
    assert as_charlie.post(way_out).status_code == 200
    assert choices(told, told.cast.alice) == [("mention", "email", False)]
    with no_context(), tenant(told.cast.globex, told.cast.charlie):
        assert not Preference.objects.exists()


def test_the_digest_ends_for_every_kind(told, cast, nobody):
    for kind in ("mention", "comment"):
        told.choose(cast.alice, kind, "digest", is_on=True)
    token = token_for(cast.acme.pk, cast.alice.pk, EVERY_DIGEST)
    assert "no daily digest" in nobody.get(address(token)).text
    assert "no daily digest" in nobody.post(address(token)).text
    assert choices(told, cast.alice) == []


@pytest.mark.parametrize("code", ["payment_late", "second_step", "nonsense", ""])
def test_there_is_no_way_out_of_what_is_critical(code, cast, nobody):
    token = token_for(cast.acme.pk, cast.alice.pk, code)
    assert nobody.get(address(token)).status_code == 404
    assert nobody.post(address(token)).status_code == 404


def test_a_token_for_an_organization_one_is_not_in_is_missing(cast, nobody):
    token = token_for(cast.globex.pk, cast.alice.pk, "mention")
    assert nobody.post(address(token)).status_code == 404


def test_a_token_of_somebody_who_left_is_missing(told, cast, nobody, way_out):
    with no_context(), told.inside(cast.alice):
        flows.add_member(
            organization=cast.acme, user=cast.nora, role="member", by=cast.alice
        )
    token = token_for(cast.acme.pk, cast.nora.pk, "mention")
    assert nobody.get(address(token)).status_code == 200
    with no_context(), told.inside(cast.alice):
        flows.remove_member(membership=told.member(cast.nora), by=cast.alice)
    assert nobody.get(address(token)).status_code == 404


def test_another_kind_cannot_be_written_into_a_token(cast, nobody, way_out):
    assert ".mention:" in way_out
    other = way_out.replace(".mention:", ".comment:")
    assert nobody.post(other).status_code == 404


@given(token=st.text(st.characters(codec="ascii", exclude_characters="/\0?#%")))
def test_no_invented_token_opens_anything(token, nobody, db):
    assert nobody.post(address(token or "x")).status_code in {400, 404}
