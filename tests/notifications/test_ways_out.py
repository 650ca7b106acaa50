"""The way out of mails holds for one person, one kind and one organization, always."""

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from organizations import flows as members
from organizations.closing import delete_organization
from organizations.models import Organization
from organizations.notifications.kinds import KINDS
from organizations.notifications.models import Preference
from organizations.notifications.unsubscribing import EVERY_DIGEST, SIGNER, token_for
from organizations.tenancy import no_context, tenant

NORMAL = [kind.code for kind in KINDS.values() if not kind.is_critical]
NOBODY = Client(enforce_csrf_checks=True)


def address(cast, code="mention", person="alice", home="acme"):
    token = token_for(getattr(cast, home).pk, getattr(cast, person).pk, code)
    return f"/inbox/unsubscribe/{token}/"


def choices(told, person):
    with no_context(), told.inside(person):
        return list(Preference.objects.values_list("kind", "channel", "is_on"))


@pytest.mark.parametrize("standing", ["read_only", "suspended"])
def test_unpaid_bills_hold_nobody_in_a_mailing_list(standing, told, cast):
    with no_context(), told.inside():
        Organization.objects.filter(pk=cast.acme.pk).update(standing=standing)
    assert NOBODY.post(address(cast)).status_code == 200
    assert choices(told, cast.alice) == [("mention", "email", False)]


def test_in_a_deleted_organization_there_is_nothing_to_end(told, cast):
    with no_context(), told.inside(cast.alice):
        delete_organization(organization=cast.acme, by=cast.alice)
    assert NOBODY.get(address(cast)).status_code == 404
    assert NOBODY.post(address(cast)).status_code == 404
    assert choices(told, cast.alice) == []


def test_each_of_two_organizations_is_left_by_itself(told, cast):
    with no_context(), tenant(cast.globex, cast.charlie):
        members.add_member(
            organization=cast.globex, user=cast.alice, role="member", by=cast.charlie
        )
    assert "Globex" in NOBODY.post(address(cast, home="globex")).text
    assert choices(told, cast.alice) == []
    with no_context(), tenant(cast.globex, cast.alice):
        assert Preference.objects.count() == 1


def test_it_ends_one_persons_mails_and_no_colleagues(told, cast):
    NOBODY.post(address(cast, person="bob"))
    assert choices(told, cast.bob) == [("mention", "email", False)]
    assert choices(told, cast.alice) == []
    (entry,) = told.actions("preferences")
    assert entry.actor_id == cast.bob.pk


@pytest.mark.parametrize("code", NORMAL)
def test_every_kind_that_is_not_critical_has_a_page_of_its_own(code, cast):
    page = NOBODY.get(address(cast, code))
    assert page.status_code == 200
    assert str(KINDS[code].title) in page.text.replace("&#x27;", "'")


def test_a_later_choice_on_the_page_of_settings_counts_again(
    told, cast, as_alice, as_bob
):
    NOBODY.post(address(cast))
    boxes = as_alice.get("/inbox/settings/").context["form"]
    ticked = {name: "on" for name, box in boxes.fields.items() if box.initial}
    assert "mention-email" not in ticked
    as_alice.post("/inbox/settings/", ticked | {"mention-email": "on"})
    told.mention(as_bob)
    assert len(told.mails(cast.alice)) == 1
    assert [bool(entry.after) for entry in told.actions("preferences")] == [True] * 2


def test_ending_the_digest_leaves_the_mails_that_come_at_once(told, cast, as_bob):
    told.choose(cast.alice, "mention", "digest", is_on=True)
    NOBODY.post(address(cast, EVERY_DIGEST))
    told.mention(as_bob)
    assert len(told.mails(cast.alice)) == 1
    assert not told.rows(cast.alice)[-1].wants_digest


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused_and_end_nothing(method, told, cast):
    assert getattr(NOBODY, method)(address(cast)).status_code == 405
    assert choices(told, cast.alice) == []


@given(place=st.integers(0, 200), letter=st.sampled_from("aZ09-_.:"))
def test_one_letter_changed_and_the_token_is_no_more(place, letter, told, cast):
    token = token_for(cast.acme.pk, cast.alice.pk, "mention")
    at = place % len(token)
    other = token[:at] + letter + token[at + 1 :]
    answer = NOBODY.post(f"/inbox/unsubscribe/{other}/")
    assert answer.status_code == (200 if other == token else 404)


@given(named=st.text(st.characters(codec="ascii", exclude_characters="/\0?#%")))
def test_even_what_is_signed_by_us_must_name_something(named, cast):
    assert NOBODY.get(f"/inbox/unsubscribe/{SIGNER.sign(named)}/").status_code in {
        400,
        404,
    }


def test_the_page_names_no_person_and_is_kept_out_of_search(cast):
    page = NOBODY.get(address(cast))
    assert "alice" not in re.sub(r"/inbox/unsubscribe/\S+", "", page.text).lower()
    assert cast.alice.email not in page.text
    assert "no-store" in page["Cache-Control"] or "private" in page["Cache-Control"]


def test_a_mail_is_whole_for_programs_and_people(told, cast, as_bob):
    told.say(as_bob, told.task(), "@Alice Example\nSubject: forged\n<b>bold</b>")
    (letter,) = told.mails(cast.alice)
    message = letter.message()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "Bob Example mentioned you in ACME-1"
    assert len(message.get_all("List-Unsubscribe")) == 1
    assert message.get_content_type() == "multipart/alternative"
    assert "<b>bold</b>" in letter.body
    assert "&lt;b&gt;bold" in letter.alternatives[0][0]
