"""Staff write the steps, look at them, announce them, and see how far people came."""

import re

import pytest
from django.contrib.auth.models import Group, Permission

from organizations.audit.models import PlatformEntry
from organizations.onboarding.models import WelcomeStep
from organizations.tenancy import no_context, operator
from tests.conftest import make_user, signed_in_client
from tests.onboarding.conftest import WELCOME, fresh, page_of, progress, write
from tests.operator.conftest import CONSOLE, SOME_ID, address

pytestmark = [CONSOLE, pytest.mark.usefixtures("steps_as_they_were")]
LIST = address(WelcomeStep, "changelist")
ADD = address(WelcomeStep, "add")
NOTE = {
    "kind": "note",
    "title": "House rules",
    "copy": "Be **kind**.",
    "position": "5",
    "is_enabled": "on",
    "is_skippable": "on",
}
NEWS = "What is new: House rules"


def step_of(look, **about):
    return look(lambda: WelcomeStep.objects.get(**about))


def entries(look, action):
    return look(lambda: list(PlatformEntry.objects.filter(action=action)))


@pytest.fixture
def note(cast):
    return write(title="House rules", copy="Be **kind**.", position=5)


@pytest.fixture
def announced(as_olga, note):
    said = {"reason": "New rules."}
    assert (
        as_olga.post(address(WelcomeStep, "announce", note.pk), said).status_code == 302
    )
    return note


# cap 76
def test_the_list_has_the_steps_in_their_order(as_olga):
    page = as_olga.get(LIST).text
    places = [
        page.index(words)
        for words in ("call you", "Name your org", "works with you", "be done first")
    ]
    assert places == sorted(places)


# cap 76
def test_a_note_is_written_and_on_record(as_olga, look):
    assert as_olga.post(ADD, NOTE).status_code == 302
    made = step_of(look, kind="note")
    assert (made.title, made.position) == ("House rules", 5)
    [entry] = entries(look, "welcome_step.created")
    assert entry.after["copy"] == "Be **kind**."
    assert entry.target_label == "House rules"


# cap 76
def test_the_words_of_a_step_are_changed_and_on_record(as_olga, as_nora, cast, look):
    step = step_of(look, kind="profile")
    values = NOTE | {"title": "Who are you?"}
    answer = as_olga.post(address(WelcomeStep, "change", step.pk), values)
    assert answer.status_code == 302
    [entry] = entries(look, "welcome_step.changed")
    assert entry.before["title"] == ""
    assert entry.after["title"] == "Who are you?"
    assert step_of(look, pk=step.pk).kind == "profile"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "Give the note a title."),
        ({"kind": "profile"}, "There is such a step already."),
        ({"kind": "nonsense"}, "not one of the available choices"),
        ({"title": "x" * 81}, "at most 80"),
        ({"copy": "x" * 2001}, "at most 2000"),
        ({"position": "-1"}, "greater than or equal to 0"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(as_olga, look, change, words):
    answer = as_olga.post(ADD, NOTE | change)
    assert words in answer.text
    assert not look(lambda: WelcomeStep.objects.filter(kind="note").exists())


def test_the_organization_step_cannot_be_made_skippable(as_olga, look):
    step = step_of(look, kind="organization")
    answer = as_olga.post(address(WelcomeStep, "change", step.pk), NOTE)
    assert "cannot be skipped" in answer.text
    assert step_of(look, pk=step.pk).is_skippable is False


@pytest.mark.parametrize("kind", ["profile", "organization", "colleagues"])
def test_a_step_that_the_product_has_stays(as_olga, look, kind):
    step = step_of(look, kind=kind)
    where = address(WelcomeStep, "delete", step.pk)
    assert "Only notes can be deleted" in as_olga.post(where, follow=True).text
    assert step_of(look, pk=step.pk)


def test_a_note_can_be_deleted(as_olga, look, note):
    where = address(WelcomeStep, "delete", note.pk)
    assert as_olga.post(where, {"post": "yes"}).status_code == 302
    assert len(entries(look, "welcome_step.deleted")) == 1


@pytest.mark.parametrize(
    "kind", ["profile", "organization", "colleagues", "first_tasks"]
)
def test_a_step_is_looked_at_as_members_see_it(as_olga, look, kind):
    step = step_of(look, kind=kind)
    change = address(WelcomeStep, "change", step.pk)
    assert address(WelcomeStep, "preview", step.pk) in as_olga.get(change).text
    page = as_olga.get(address(WelcomeStep, "preview", step.pk))
    assert page.status_code == 200
    assert str(step.shown_title) in page.text
    assert page.text.count("disabled") >= 1
    assert f'href="{change}"' in page.text


def test_a_note_is_looked_at_with_its_markdown_drawn(as_olga, note):
    page = as_olga.get(address(WelcomeStep, "preview", note.pk)).text
    assert "<strong>kind</strong>" in page


def test_there_is_nothing_to_look_at_of_a_step_that_is_missing(as_olga):
    assert as_olga.get(address(WelcomeStep, "preview", SOME_ID)).status_code == 404


def test_the_list_tells_how_far_people_came(as_olga, look):
    for name, go in (("ada", "on"), ("ben", "on"), ("cid", "skip")):
        newcomer = make_user(name, onboarding_completed=False)

        values = {"first_name": name, "go": go}
        signed_in_client(newcomer).post(page_of("profile"), values)
    row = as_olga.get(LIST).text.split("call you?</a>")[1].split("</tr>")[0]
    cells = dict(re.findall(r'class="field-(\w+)[^"]*">([^<]*)<', row))
    assert (cells["done"], cells["skipped"]) == ("2", "1")


# cap 76
def test_announcing_says_how_many_it_reaches(as_olga, look, note, cast):
    make_user("newcomer", onboarding_completed=False)
    where = address(WelcomeStep, "announce", note.pk)
    assert "7 people have finished" in as_olga.get(where).text
    answer = as_olga.post(where, {"reason": "New rules."}, follow=True)
    assert "Announced to 7 people." in answer.text
    [entry] = entries(look, "welcome_step.announced")
    assert entry.after == {"people": 7, "reason": "New rules."}
    assert step_of(look, pk=note.pk).announced_at is not None


def test_announcing_takes_a_reason(as_olga, look, note):
    where = address(WelcomeStep, "announce", note.pk)
    assert as_olga.post(where, {"reason": ""}).status_code == 422
    assert step_of(look, pk=note.pk).announced_at is None


def test_a_step_is_announced_once(as_olga, look, announced):
    where = address(WelcomeStep, "announce", announced.pk)
    assert as_olga.post(where, {"reason": "Again."}).status_code == 422
    assert len(entries(look, "welcome_step.announced")) == 1
    page = as_olga.get(address(WelcomeStep, "change", announced.pk)).text
    assert where not in page


def test_a_step_that_is_not_shown_is_not_announced(as_olga, look):
    hidden = write(title="Later", is_enabled=False)
    where = address(WelcomeStep, "announce", hidden.pk)
    assert as_olga.post(where, {"reason": "Too early."}).status_code == 422


# cap 76
def test_whoever_had_finished_is_offered_the_step_and_not_led_there(announced, as_bob):
    assert as_bob.get("/")["Location"] == "/tasks/"
    page = as_bob.get("/tasks/").text
    assert NEWS in page
    assert f'href="{WELCOME}{announced.pk}/"' in page
    step = as_bob.get(f"{WELCOME}{announced.pk}/")
    assert step.status_code == 200
    assert 'class="steps"' not in step.text


@pytest.mark.parametrize("go", ["on", "skip"])
def test_done_or_skipped_it_is_never_offered_again(announced, as_bob, cast, go):
    before = fresh(cast.bob).welcomed_at
    answer = as_bob.post(f"{WELCOME}{announced.pk}/", {"go": go})
    assert answer["Location"] == "/"
    assert NEWS not in as_bob.get("/tasks/").text
    assert as_bob.get(f"{WELCOME}{announced.pk}/")["Location"] == WELCOME
    assert len(progress(cast.bob)) == 1
    assert fresh(cast.bob).welcomed_at == before


def test_others_are_offered_it_still(announced, as_bob, as_vera):
    as_bob.post(f"{WELCOME}{announced.pk}/", {"go": "skip"})
    assert NEWS in as_vera.get("/tasks/").text


def test_newcomers_meet_it_on_their_way_and_are_not_offered_it_after(announced, zoe):

    client = signed_in_client(zoe)
    assert NEWS not in client.get("/organizations/").text
    client.post(f"{WELCOME}dismiss/")
    assert NEWS not in client.get("/organizations/").text


def test_whoever_did_it_before_it_was_announced_is_not_asked_again(note, as_olga, zoe):

    client = signed_in_client(zoe)
    client.post(f"{WELCOME}{note.pk}/", {"go": "skip"})
    client.post(f"{WELCOME}dismiss/")
    as_olga.post(address(WelcomeStep, "announce", note.pk), {"reason": "New."})
    assert NEWS not in client.get("/organizations/").text


def test_what_was_not_announced_is_offered_to_nobody(note, as_bob):
    assert NEWS not in as_bob.get("/tasks/").text
    assert as_bob.get(f"{WELCOME}{note.pk}/")["Location"] == WELCOME


def test_what_is_switched_off_again_is_offered_no_more(announced, as_bob):
    with no_context(), operator(None, reason="test"):
        WelcomeStep.objects.filter(pk=announced.pk).update(is_enabled=False)
    assert NEWS not in as_bob.get("/tasks/").text


def test_a_step_is_offered_to_those_only_who_may_do_it(as_olga, as_alice, as_bob, look):
    step = step_of(look, kind="colleagues")
    as_olga.post(address(WelcomeStep, "announce", step.pk), {"reason": "Invite!"})
    assert "What is new: Who works with you?" in as_alice.get("/tasks/").text
    assert "What is new" not in as_bob.get("/tasks/").text
    answer = as_alice.post(page_of("colleagues"), {"addresses": "noemi@example.com"})
    assert answer["Location"] == "/"
    assert "What is new" not in as_alice.get("/tasks/").text


def test_staff_who_may_only_look_change_nothing(cast, sign_in, look, note):
    user = make_user("hugo", is_staff=True)
    with no_context(), operator(user, reason="test"):
        group = Group.objects.create(name="Help desk")
        group.permissions.set(Permission.objects.filter(codename="view_welcomestep"))
        user.groups.add(group)
    client = sign_in(user)
    change = address(WelcomeStep, "change", note.pk)
    where = address(WelcomeStep, "announce", note.pk)
    assert client.get(LIST).status_code == 200
    assert client.get(address(WelcomeStep, "preview", note.pk)).status_code == 200
    assert where not in client.get(change).text
    assert client.post(change, NOTE | {"title": "Mine"}).status_code == 403
    assert client.post(where, {"reason": "Mine."}).status_code == 403
    assert step_of(look, pk=note.pk).title == "House rules"


@pytest.mark.parametrize("actor", ["alice", "nora"])
def test_members_never_see_the_console_of_steps(request, actor, note):
    client = request.getfixturevalue(f"as_{actor}")
    for page in ("change", "announce", "preview"):
        answer = client.get(address(WelcomeStep, page, note.pk))
        assert answer.status_code in {302, 403, 404}
