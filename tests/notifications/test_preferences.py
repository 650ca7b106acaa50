"""What people choose to hear, and how: by kind and channel, theirs or the defaults."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.flows import set_preferences
from organizations.notifications.kinds import KINDS
from organizations.notifications.models import Channel, Preference
from organizations.tenancy import no_context

PAGE = "/inbox/settings/"
# What a member's form holds while nothing is chosen: every box that is ticked.
DEFAULTS = {
    f"{kind.code}-{channel}": "on"
    for kind in KINDS.values()
    if not kind.is_critical
    for channel in kind.defaults
}


def rows(told, person):
    with no_context(), told.inside(person):
        found = Preference.objects.values_list("kind", "channel", "is_on")
        return sorted(found)


def without(*names, **more):
    return {k: v for k, v in DEFAULTS.items() if k not in names} | more


def test_the_matrix_shows_what_concerns_ones_role(as_bob, as_alice):
    own, owners = as_bob.get(PAGE).text, as_alice.get(PAGE).text
    for page in (own, owners):
        assert 'name="mention-email" ' in page
        assert "Somebody mentions you: E-mail" in page
    assert "key_created-app" not in own
    assert "key_created-app" in owners


def test_saving_what_is_so_keeps_no_row_and_no_entry(as_bob, told):
    answer = as_bob.post(PAGE, DEFAULTS)
    assert answer["Location"] == PAGE
    assert rows(told, told.cast.bob) == []
    assert told.actions("preferences") == []


def test_only_what_differs_is_kept_and_recorded(as_bob, told):
    as_bob.post(PAGE, without("mention-email") | {"comment-digest": "on"})
    assert rows(told, told.cast.bob) == [
        ("comment", "digest", True),
        ("mention", "email", False),
    ]
    (entry,) = told.actions("preferences")
    assert entry.action == "notifications.preferences_changed"
    assert entry.actor_id == told.cast.bob.pk
    assert entry.before == {"mention": ["app", "email"], "comment": ["app"]}
    assert entry.after == {"mention": ["app"], "comment": ["app", "digest"]}


def test_going_back_to_the_default_forgets_the_choice(as_bob, told):
    as_bob.post(PAGE, without("mention-email"))
    as_bob.post(PAGE, DEFAULTS)
    assert rows(told, told.cast.bob) == []
    assert len(told.actions("preferences")) == 2


def test_a_page_shows_what_was_chosen(as_bob):
    as_bob.post(PAGE, without("mention-email"))
    page = as_bob.get(PAGE)
    boxes = page.context["form"]
    assert boxes["mention-email"].initial is False
    assert boxes["mention-app"].initial is True


def test_no_mail_is_sent_of_what_is_switched_off(as_bob, as_alice, told):
    as_alice.post(PAGE, without("mention-email"))
    told.mention(as_bob)
    assert told.mails(told.cast.alice) == []
    assert told.kinds(told.cast.alice) == ["mention"]


def test_what_is_off_in_the_inbox_may_still_be_mailed(as_bob, as_alice, told):
    as_alice.post(PAGE, without("mention-app"))
    told.mention(as_bob)
    assert len(told.mails(told.cast.alice)) == 1
    assert "Nothing here yet" in as_alice.get("/inbox/").text
    assert '"1 unread"' not in as_alice.get("/tasks/").text


def test_what_is_off_everywhere_leaves_no_row(as_bob, as_alice, told):
    as_alice.post(PAGE, without("mention-app", "mention-email"))
    told.say(as_bob, told.task(), "Look, @Alice Example")
    assert told.rows(told.cast.alice) == []


def test_the_organization_decides_for_who_has_not_chosen(as_bob, told, cast):
    task = told.task()
    told.choose(cast.vera, "mention", "email", is_on=True)
    with no_context(), told.inside(cast.alice):
        no_mail = {"notifications.email": False}
        set_preferences(organization=cast.acme, by=cast.alice, **no_mail)
    told.say(as_bob, task, "Look, @Alice Example and @Vera Example")
    assert told.mails(cast.alice) == []
    assert len(told.mails(cast.vera)) == 1


# cap 75
@pytest.mark.parametrize("channel", ["app", "email", "digest"])
def test_what_is_critical_has_no_box_and_cannot_be_posted_away(
    channel, as_alice, told, cast
):
    name = f"ownership_offered-{channel}"
    assert f'name="{name}"' not in as_alice.get(PAGE).text
    as_alice.post(PAGE, DEFAULTS | {name: ""})
    assert rows(told, cast.alice) == []


def test_a_choice_kept_from_elsewhere_mutes_nothing_critical(as_alice, told, cast):
    told.choose(cast.bob, "ownership_offered", "app", is_on=False)
    where = f"/organizations/members/{told.member(cast.bob).pk}/offer/"
    as_alice.post(where, {"stays_owner": "yes"})
    told.run()
    assert told.kinds(cast.bob) == ["ownership_offered"]


def test_the_choices_are_those_of_one_organization(as_bob, as_charlie, told, cast):
    as_bob.post(PAGE, without("mention-email"))
    assert as_charlie.get(PAGE).context["form"]["mention-email"].initial is True


NAMES = st.sampled_from(
    [f"{code}-{channel}" for code in KINDS for channel in Channel]
    + ["mention", "-email", "nonsense-app", "mention-push"]
)


@given(ticked=st.sets(NAMES))
def test_any_ticks_are_kept_as_they_can_be(ticked, as_bob, told):
    as_bob.post(PAGE, dict.fromkeys(ticked, "on"))
    form = as_bob.get(PAGE).context["form"]
    on = {name for name, box in form.fields.items() if box.initial}
    assert on == ticked & set(form.fields)
    assert not any(KINDS[name.partition("-")[0]].is_critical for name in form.fields)


def test_account_pages_lead_to_the_choices(as_bob):
    assert PAGE in as_bob.get("/accounts/profile/").text
    assert PAGE in as_bob.get("/inbox/").text
