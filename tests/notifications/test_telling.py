"""From events to rows: once each, whatever fails, and the docs tell the same table."""

import re
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone

from organizations.audit.models import AuditEntry
from organizations.audit.recording import record
from organizations.events.models import ReaderPlace
from organizations.events.reading import read_all
from organizations.invitations.models import Invitation
from organizations.notifications import rules
from organizations.notifications.kinds import EMAIL, GROUPS, KINDS
from organizations.notifications.models import Notification
from organizations.notifications.rules import Notice
from organizations.notifications.telling import tell
from organizations.tenancy import no_context

DOCS = Path(__file__).resolve().parents[2] / "docs/notifications.md"


@pytest.fixture
def rule(monkeypatch):
    """A rule for an action of the test's own."""

    def put(function):
        monkeypatch.setitem(rules.rules, "thing.happened", [function])

    return put


def happen(told, **values):
    with no_context(), told.inside(told.cast.bob):
        record("thing.happened", by=told.cast.bob, **values)
    return told.run()


# cap 74
def test_events_read_again_tell_nothing_twice(told, cast, as_bob):
    told.mention(as_bob)
    with no_context(), told.inside():
        ReaderPlace.objects.filter(reader="notifications").update(sequence=0)
        read_all()
    told.run()
    assert told.kinds(cast.alice) == ["mention"]
    assert len(told.mails(cast.alice)) == 1


def test_a_rule_that_fails_silences_nobody_else(told, cast, rule, as_bob):
    @rule
    def fails(entry):
        raise ZeroDivisionError

    happen(told)
    told.mention(as_bob)
    assert told.kinds(cast.alice) == ["mention"]


def test_a_database_that_is_away_is_tried_again(told, rule):
    @rule
    def fails(entry):
        raise OperationalError

    with no_context(), told.inside():
        record("thing.happened", by=told.cast.bob)
        with pytest.raises(OperationalError):
            tell(AuditEntry.objects.filter(action="thing.happened"))


def test_a_long_text_is_cut_and_a_name_is_kept(told, cast, rule):
    @rule
    def all_hear(entry):
        yield Notice("comment", [cast.alice.pk], "/tasks/", excerpt="word " * 500)

    happen(told)
    (note,) = told.rows(cast.alice)
    assert len(note.excerpt) <= 280
    assert note.excerpt.endswith("…")
    assert note.actor_name == "Bob Example"


def test_two_rules_that_say_the_same_say_it_once(told, cast, rule):
    @rule
    def twice(entry):
        for _again in range(2):
            yield Notice("comment", [cast.alice.pk], "/tasks/")

    happen(told)
    assert told.kinds(cast.alice) == ["comment"]


def test_somebody_who_is_no_member_is_told_nothing(told, cast, rule):
    @rule
    def strangers_hear(entry):
        yield Notice("comment", [cast.charlie.pk, cast.nora.pk], "/tasks/")

    happen(told)
    with no_context(), told.inside():
        assert not Notification.objects.exists()


def test_what_the_platform_does_names_nobody(told, cast, as_alice):
    with no_context(), told.inside():
        record("webhook.disabled", label="https://example.com/hook")
    told.run()
    page = as_alice.get("/inbox/").text
    assert "https://example.com/hook is disabled" in page


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("subscription.dunned", "payment_late"),
        ("subscription.trial_ending_told", "trial_ending"),
        ("subscription.trial_ended_told", "trial_ended"),
    ],
)
def test_billing_tells_who_can_pay(action, kind, told, cast, as_alice, as_bob):
    with no_context(), told.inside():
        record(action, label="Pro")
    told.run()
    assert told.kinds(cast.alice) == [kind]
    assert kind not in told.kinds(cast.bob)
    assert as_alice.get("/inbox/").status_code == 200


@pytest.mark.parametrize("percent", [80, 100])
def test_a_limit_is_told_in_the_words_of_the_reader(percent, told, cast, as_alice):
    with no_context(), told.inside():
        record("limit.neared", after={"thing": "tasks", "percent": percent})
    told.run()
    assert told.kinds(cast.alice) == ["limit"]
    assert f"Tasks: {percent} % of what the plan allows" in as_alice.get("/inbox/").text


def test_a_key_is_told_to_all_who_look_after_keys_but_its_maker(told, cast):
    with no_context(), told.inside(cast.adam):
        record("key.created", by=cast.adam, label="Robot")
    told.run()
    assert told.kinds(cast.alice) == ["key_created"]
    assert told.kinds(cast.adam) == told.kinds(cast.bob) == []
    assert told.mails(cast.alice) == []


def test_who_invited_somebody_is_told_that_they_came(told, cast, as_alice):
    how = {"role": "member", "inviter": str(cast.alice.pk)}
    with no_context(), told.inside(cast.nora):
        record("member.added", by=cast.bob, after=how, label="Nora Example")
    told.run()
    assert "Nora Example joined Acme" in as_alice.get("/inbox/").text


@pytest.mark.parametrize("what", ["declined", "wanted"])
def test_who_invited_somebody_is_told_of_their_answer(what, told, cast, as_alice):
    with no_context(), told.inside(cast.alice):
        mine = Invitation.objects.create(
            email="nora@example.com",
            token_hash=what,
            expires_at=timezone.now(),
            inviter=cast.alice,
        )
    with no_context(), told.inside():
        record(f"invitation.{what}", mine)
    told.run()
    assert told.kinds(cast.alice) == [f"invitation_{what}"]
    assert told.kinds(cast.adam) == []
    assert "nora@example.com" in as_alice.get("/inbox/").text
    assert told.mails(cast.alice) == []


def test_wishes_to_join_are_told_to_who_may_answer(told, cast):
    with no_context(), told.inside():
        record("join_request.made", label="Nora Example")
    told.run()
    assert told.kinds(cast.alice) == told.kinds(cast.adam) == ["join_request"]
    assert told.kinds(cast.bob) == []
    assert told.mails(cast.alice) == []


def test_the_table_of_the_docs_is_the_table_of_the_code():
    text = DOCS.read_text(encoding="utf-8")
    found = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \| ([\w, ]+) \|", text, re.M)
    assert found == [
        (
            kind.code,
            kind.group,
            str(kind.severity),
            ", ".join(c for c in ("app", "email") if c in kind.defaults),
        )
        for kind in KINDS.values()
    ]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_each_kind_is_whole(kind):
    assert kind.group in GROUPS
    assert kind.defaults <= kind.channels
    assert kind.title
    assert not kind.is_critical or kind.ability is None or kind.defaults
    if kind.is_critical and EMAIL in kind.channels:
        assert EMAIL in kind.defaults


@pytest.mark.django_db(transaction=True)
def test_a_mail_goes_out_where_no_transaction_is_open_yet(told, cast, as_bob):
    told.mention(as_bob)
    assert len(told.mails(cast.alice)) == 1
