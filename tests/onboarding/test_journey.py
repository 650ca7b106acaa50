"""The set-up from the first page to the last, and the ways round it."""

import pytest

from accounts.sessions import LED_KEY
from organizations import flows
from organizations.tenancy import identity, no_context, tenant
from tasks.models import Task
from tests.accounts.conftest import code, person, visitor  # noqa: F401
from tests.accounts.test_signup import confirm, sign_up
from tests.conftest import join, signed_in_client
from tests.onboarding.conftest import (
    HOME,
    WELCOME,
    acts,
    fresh,
    home_of,
    page_of,
    progress,
)

TASKS = "/tasks/"
CHOOSER = "/organizations/"
NAME = {"first_name": "Zoe", "last_name": "Zamora"}


def location(answer) -> str:
    assert answer.status_code == 302, answer.text
    return answer["Location"]


# cap 6
def test_a_newcomer_has_not_finished_and_nobody_has_welcomed_them(visitor, code):
    sign_up(visitor)
    assert location(confirm(visitor, code())) == HOME
    zoe = person("zoe@example.com")
    assert (zoe.onboarding_completed, zoe.welcomed_at) == (False, None)
    assert location(visitor.get(HOME)) == WELCOME
    assert location(visitor.get(WELCOME)) == page_of("profile")


# cap 6, 76
def test_the_whole_way_ends_at_work_and_is_never_shown_again(as_zoe, zoe):
    assert location(as_zoe.post(page_of("profile"), NAME)) == page_of("organization")
    made = as_zoe.post(page_of("organization"), {"name": "Harbour Works"})
    assert location(made) == page_of("colleagues")
    invited = as_zoe.post(page_of("colleagues"), {"addresses": "noemi@example.com"})
    assert location(invited) == page_of("first_tasks")
    added = as_zoe.post(page_of("first_tasks"), {"title_1": "Oil", "title_3": "Paint"})
    assert location(added) == HOME
    assert location(as_zoe.get(HOME)) == TASKS
    assert "Everything is set up" in as_zoe.get(TASKS).text
    assert set(progress(zoe).values()) == {"done"}
    assert fresh(zoe).onboarding_completed
    assert fresh(zoe).welcomed_at is not None
    assert location(as_zoe.get(WELCOME)) == HOME
    assert location(as_zoe.get(page_of("profile"))) == WELCOME


def test_each_step_is_on_record_once_and_its_end_too(founded, zoe):
    founded.post(page_of("colleagues"), {"go": "skip"})
    founded.post(page_of("first_tasks"), {"go": "skip"})
    told = [action for action in acts(zoe) if "welcome" in action]
    assert told == [
        "user.welcome_step_done",
        "user.welcome_step_done",
        "user.welcome_step_skipped",
        "user.welcome_step_skipped",
        "user.welcome_finished",
    ]


def test_every_step_says_where_one_is_and_what_is_done(founded):
    page = founded.get(page_of("colleagues")).text
    steps = page.split('class="steps"')[1].split("</ol>")[0]
    assert steps.count("(done)") == 2
    assert steps.count('aria-current="step"') == 1
    current = steps.split('aria-current="step"')[1].split("</li>")[0]
    assert "Colleagues" in current


def test_the_name_is_kept_with_the_person(as_zoe, zoe):
    as_zoe.post(page_of("profile"), {"first_name": "Zoë", "last_name": ""})
    assert fresh(zoe).first_name == "Zoë"
    assert "user.profile_changed" in acts(zoe)
    assert 'value="Zoë"' in as_zoe.get(page_of("profile")).text


def test_a_name_that_is_left_out_is_asked_for(as_zoe, zoe):
    answer = as_zoe.post(page_of("profile"), {"first_name": " "})
    assert answer.status_code == 422
    assert "what to call you" in answer.text
    assert progress(zoe) == {}


def test_the_tasks_are_made_by_the_product(founded, zoe):
    founded.post(
        page_of("first_tasks"), {"title_1": "Oil the gate", "title_2": "Paint"}
    )
    with no_context(), tenant(home_of(zoe), zoe):
        titles = list(Task.objects.order_by("number").values_list("title", flat=True))
    assert titles == ["Oil the gate", "Paint"]


@pytest.mark.parametrize("values", [{}, {"title_2": "Paint"}, {"title_1": "\u200b"}])
def test_no_task_is_made_of_nothing(founded, zoe, values):
    answer = founded.post(page_of("first_tasks"), values)
    assert answer.status_code == 422
    with no_context(), tenant(home_of(zoe), zoe):
        assert not Task.objects.exists()


def test_back_leads_to_the_step_before_and_keeps_what_was_typed(founded):
    typed = {"addresses": "noemi@example.com, half an addr", "go": "back"}
    answer = founded.post(page_of("colleagues"), typed)
    assert location(answer) == page_of("organization")
    assert "half an addr" in founded.get(page_of("colleagues")).text
    assert 'value="Harbour Works"' in founded.get(page_of("organization")).text


def test_what_was_typed_is_forgotten_once_the_step_is_settled(founded):
    founded.post(page_of("colleagues"), {"addresses": "half", "go": "back"})
    founded.post(page_of("colleagues"), {"go": "skip"})
    assert "half" not in founded.get(page_of("colleagues")).text


def test_coming_back_to_invitations_shows_them_and_asks_for_none(founded):
    founded.post(page_of("colleagues"), {"addresses": "noemi@example.com"})
    page = founded.get(page_of("colleagues"))
    assert "That is kept" in page.text
    assert "noemi@example.com" in page.text
    answer = founded.post(page_of("colleagues"), {"addresses": ""})
    assert location(answer) == page_of("first_tasks")


# cap 76
@pytest.mark.parametrize("kind", ["profile", "colleagues", "first_tasks"])
def test_a_step_can_be_skipped(founded, zoe, kind):
    founded.post(page_of(kind), {"go": "skip"})
    assert progress(zoe)[kind] == ("done" if kind == "profile" else "skipped")


def test_the_organization_cannot_be_skipped(as_zoe, zoe):
    as_zoe.post(page_of("profile"), {"go": "skip"})
    page = as_zoe.get(page_of("organization"))
    assert 'value="skip"' not in page.text
    answer = as_zoe.post(page_of("organization"), {"go": "skip"})
    assert location(answer) == page_of("organization")
    assert "organization" not in progress(zoe)


@pytest.mark.parametrize("kind", ["colleagues", "first_tasks"])
def test_what_takes_an_organization_waits_for_one(as_zoe, kind):
    assert location(as_zoe.get(page_of(kind))) == WELCOME
    assert location(as_zoe.post(page_of(kind), {"title_1": "Oil"})) == WELCOME


def test_somebody_invited_founds_nothing(cast, zoe):
    join(cast.acme, zoe, "member")
    client = signed_in_client(zoe, cast.acme.pk)
    page = client.get(page_of("profile")).text
    steps = page.split('class="steps"')[1].split("</ol>")[0]
    assert "First tasks" in steps
    assert "Organization" not in steps
    assert "Colleagues" not in steps
    assert location(client.get(page_of("organization"))) == WELCOME
    assert location(client.post(page_of("profile"), NAME)) == page_of("first_tasks")
    assert location(client.post(page_of("first_tasks"), {"go": "skip"})) == HOME
    assert fresh(zoe).onboarding_completed


def test_a_viewer_is_asked_for_the_name_alone(cast, zoe):
    join(cast.acme, zoe, "viewer")
    client = signed_in_client(zoe, cast.acme.pk)
    assert location(client.post(page_of("profile"), NAME)) == HOME
    assert fresh(zoe).onboarding_completed


def test_whoever_made_an_organization_elsewhere_is_not_asked_for_another(as_zoe, zoe):
    as_zoe.post("/organizations/new/", {"name": "Harbour Works"})
    assert location(as_zoe.get(page_of("organization"))) == WELCOME
    assert location(as_zoe.post(page_of("profile"), NAME)) == page_of("colleagues")


def test_home_leads_there_once_and_then_to_work(as_zoe):
    assert location(as_zoe.get(HOME)) == WELCOME
    as_zoe.get(WELCOME)
    with no_context(), identity():
        assert as_zoe.session[LED_KEY] is True
    assert location(as_zoe.get(HOME)) == TASKS


def test_the_next_session_leads_there_again(as_zoe, zoe):
    as_zoe.get(WELCOME)
    assert location(signed_in_client(zoe).get(HOME)) == WELCOME


def test_other_pages_are_open_meanwhile_and_offer_the_way_on(as_zoe):
    page = as_zoe.get(CHOOSER)
    assert page.status_code == 200
    assert "Go on with your set-up" in page.text
    assert f'href="{WELCOME}"' in page.text


def test_the_offer_is_dismissed_for_good(as_zoe, zoe):
    answer = as_zoe.post(f"{WELCOME}dismiss/")
    assert location(answer) == HOME
    assert "Go on with your set-up" not in as_zoe.get(CHOOSER).text
    assert fresh(zoe).onboarding_completed
    assert acts(zoe)[-1] == "user.welcome_dismissed"
    as_zoe.post(f"{WELCOME}dismiss/")
    assert acts(zoe).count("user.welcome_dismissed") == 1


def test_members_who_have_finished_are_offered_nothing(as_alice):
    assert "set-up" not in as_alice.get(TASKS).text
    assert location(as_alice.get(HOME)) == TASKS


def test_nobody_comes_here_without_signing_in(client, db):
    for address in (WELCOME, page_of("profile")):
        assert location(client.get(address)).startswith("/accounts/login/")


def test_a_tab_of_another_organization_changes_nothing(founded, zoe, cast):
    elsewhere = flows.create_organization(user=zoe, name="Second House")
    values = {"title_1": "Oil", "organization": str(elsewhere.pk)}
    assert founded.post(page_of("first_tasks"), values).status_code == 409
    assert "first_tasks" not in progress(zoe)


def test_nothing_is_added_where_bills_are_unpaid(founded, zoe):
    house = home_of(zoe)
    with no_context(), tenant(house, zoe):
        type(house).objects.filter(pk=house.pk).update(standing="read_only")
    assert founded.post(page_of("first_tasks"), {"title_1": "Oil"}).status_code == 402
    assert "first_tasks" not in progress(zoe)


def test_full_is_said_in_the_form_that_keeps_its_words(founded, zoe):
    house = home_of(zoe)
    with no_context(), tenant(house, zoe):
        type(house).objects.filter(pk=house.pk).update(limits={"tasks": 0})
    answer = founded.post(page_of("first_tasks"), {"title_1": "Oil the gate"})
    assert answer.status_code == 422
    assert 'value="Oil the gate"' in answer.text


def test_an_organization_that_closed_is_no_place_for_first_tasks(cast, zoe):
    place = join(cast.acme, zoe, "member")
    with no_context(), tenant(cast.acme):
        flows.suspend_member(membership=place, by=None)
    client = signed_in_client(zoe, cast.acme.pk)
    assert location(client.get(page_of("first_tasks"))) == WELCOME
    assert location(client.post(page_of("profile"), NAME)) == HOME


def test_people_see_their_own_progress_only(founded, cast):
    assert progress(cast.bob) == {}
