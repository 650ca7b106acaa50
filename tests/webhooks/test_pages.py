"""The pages of webhooks: made, shown once, changed, read, and refused."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from organizations.webhooks import flows
from organizations.webhooks.models import Attempt, Delivery, Endpoint
from tests.conftest import PASSWORD
from tests.webhooks.conftest import NAMES, WEBHOOKS

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{40,}")
FINE = {"url": "https://hooks.example.com/in", "events": ["task.*"]}


@pytest.fixture
def owner(as_alice):
    """Alice, who has typed her password a moment ago."""
    as_alice.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return as_alice


def page(endpoint, rest=""):
    return f"{WEBHOOKS}{endpoint.pk}/{rest}"


# --- made ---------------------------------------------------------------------------


def test_a_webhook_is_made_and_its_secret_shown_once(owner, inside):
    answer = owner.post(f"{WEBHOOKS}new/", FINE)
    assert answer.status_code == 200
    [secret] = set(SECRET.findall(answer.text))
    assert "no-store" in answer["Cache-Control"]
    with inside():
        endpoint = Endpoint.objects.get()
    assert (endpoint.url, endpoint.events) == (FINE["url"], ["task.*"])
    Webhook(secret)
    for rest in ("", "edit/", "secret/"):
        assert SECRET.search(owner.get(page(endpoint, rest)).text) is None


def test_the_secret_is_in_no_log(owner, the):
    secret = SECRET.search(owner.post(f"{WEBHOOKS}new/", FINE).text)[0]
    [entry] = the.entries("webhook.created")
    assert secret not in repr((entry.before, entry.after, entry.target_label))
    assert entry.after["events"] == ["task.*"]


@pytest.mark.parametrize("rest", ["new/", "secret/"])
def test_secrets_are_shown_to_whoever_proves_who_they_are(
    rest, as_alice, endpoint, time_machine
):
    where = WEBHOOKS + rest if rest == "new/" else page(endpoint, rest)
    for answer in (as_alice.get(where), as_alice.post(where, FINE)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_what_an_address_says_behind_its_question_mark_stays_out_of_logs(
    owner, the, inside
):
    owner.post(f"{WEBHOOKS}new/", FINE | {"url": FINE["url"] + "?token=mine"})
    [entry] = the.entries("webhook.created")
    assert entry.after["url"] == entry.target_label == FINE["url"]
    with inside():
        endpoint = Endpoint.objects.get()
    assert endpoint.url.endswith("?token=mine")
    assert "token=mine" not in owner.get(page(endpoint)).text


REFUSED = {
    "http://hooks.example.com/in": "Only addresses with https://",
    "ftp://hooks.example.com/in": "not an address",
    "hooks.example.com": "not an address",
    "https://": "not an address",
    "https://me:pass@hooks.example.com/": "not an address",
    "https://nowhere.example.com/": "cannot be found",
    "https://inner.example.com/": "private address",
    "https://both.example.com/": "private address",
    "https://10.0.0.7/": "private address",
    "https://169.254.169.254/latest/meta-data/": "private address",
    "https://[::1]/": "private address",
    "https://[::ffff:10.0.0.1]/": "private address",
    "https://[64:ff9b::a00:1]/": "private address",
    "https://localhost.:8000/": "private address",
}


@pytest.mark.parametrize("url", list(REFUSED))
def test_an_address_that_is_not_sent_to_is_refused_and_kept_in_the_form(
    url, owner, settings, inside
):
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    NAMES["inner.example.com"] = ["192.168.1.5"]
    NAMES["both.example.com"] = ["93.184.215.14", "10.1.1.1"]
    answer = owner.post(f"{WEBHOOKS}new/", {"url": url, "description": "Ours"})
    assert answer.status_code == 422
    assert REFUSED[url] in answer.text
    assert 'value="Ours"' in answer.text
    with inside():
        assert not Endpoint.objects.exists()


def test_the_operator_may_allow_a_network(owner, settings, inside):
    settings.WEBHOOK_ALLOWED_NETWORKS = ["10.2.0.0/16"]
    for url, status in (("http://10.2.3.4:8080/", 200), ("http://10.3.0.1/", 422)):
        assert owner.post(f"{WEBHOOKS}new/", {"url": url}).status_code == status
    with inside():
        assert Endpoint.objects.get().url == "http://10.2.3.4:8080/"


def test_an_event_nobody_knows_is_refused(owner):
    answer = owner.post(f"{WEBHOOKS}new/", FINE | {"events": ["task.exploded"]})
    assert answer.status_code == 422


def test_a_whole_group_says_each_of_its_events(owner, inside):
    chosen = ["task.created", "task.*", "label.created"]
    owner.post(f"{WEBHOOKS}new/", FINE | {"events": chosen})
    with inside():
        assert Endpoint.objects.get().events == ["label.created", "task.*"]


def test_the_plan_says_how_many_there_may_be(owner, cast, inside):
    with inside():
        cast.acme.limits = cast.acme.limits | {"webhooks": 1}
        cast.acme.save(update_fields=["limits"])
    assert owner.post(f"{WEBHOOKS}new/", FINE).status_code == 200
    answer = owner.post(f"{WEBHOOKS}new/", FINE)
    assert answer.status_code == 422
    assert "1 of 1 webhooks" in answer.text
    with inside():
        flows.remove_endpoint(endpoint=Endpoint.objects.get(), by=cast.alice)
    assert owner.post(f"{WEBHOOKS}new/", FINE).status_code == 200


# --- changed ------------------------------------------------------------------------


def test_address_and_events_can_be_changed(as_adam, endpoint, the):
    values = {"url": "https://hooks.example.com/new", "description": "Shop"}
    assert as_adam.post(page(endpoint, "edit/"), values).status_code == 302
    row = the.endpoint(endpoint.pk)
    assert (row.url, row.description, row.events) == (*values.values(), [])
    [entry] = the.entries("webhook.changed")
    assert entry.before["events"] == ["task.created"]
    assert entry.after["description"] == "Shop"


def test_a_new_address_is_checked_like_the_first(as_adam, endpoint, the):
    answer = as_adam.post(page(endpoint, "edit/"), {"url": "https://10.0.0.1/"})
    assert answer.status_code == 422
    assert the.endpoint(endpoint.pk).url == endpoint.url


def test_a_new_secret_is_shown_once_and_both_sign(owner, endpoint, the):
    answer = owner.post(page(endpoint, "secret/"))
    assert SECRET.search(answer.text)
    row = the.endpoint(endpoint.pk)
    assert row.is_rotating
    assert row.former_secret == endpoint.secret
    assert "both" in owner.get(page(endpoint, "secret/")).text


@pytest.mark.parametrize(
    ("verb", "state"),
    [("pause/", "paused"), ("remove/", None), ("resume/", "receiving")],
)
def test_each_verb_does_what_it_says(verb, state, as_alice, endpoint, the):
    as_alice.post(page(endpoint, verb), follow=True)
    row = the.endpoint(endpoint.pk)
    assert (row.deleted_at is not None) == (state is None)
    assert state is None or row.state == state


def test_a_removed_webhook_is_missing(as_alice, endpoint):
    as_alice.post(page(endpoint, "remove/"))
    assert as_alice.get(page(endpoint)).status_code == 404
    assert "No webhooks yet" in as_alice.get(WEBHOOKS).text


def test_a_test_leads_to_its_delivery(as_alice, endpoint, receiver, run_jobs):
    answer = as_alice.post(page(endpoint, "test/"))
    shown = as_alice.get(answer["Location"])
    assert "webhook.test" in shown.text
    assert "load delay:2s" in shown.text
    run_jobs()
    shown = as_alice.get(answer["Location"])
    assert "taken" in shown.text
    assert "load delay:2s" not in shown.text


def test_nothing_is_tested_while_it_is_paused(as_alice, endpoint, the, inside, cast):
    with inside():
        flows.pause_endpoint(endpoint=endpoint, by=cast.alice)
    answer = as_alice.post(page(endpoint, "test/"), follow=True)
    assert "Resume it first" in answer.text
    assert the.deliveries == []


# --- read ---------------------------------------------------------------------------


@pytest.fixture
def log(endpoint, inside):
    """A delivery of each state, on three days."""

    def make(count, **values):
        rows = [
            Delivery(endpoint=endpoint, event_id=f"{number:032x}", **values)
            for number in range(make.made, make.made + count)
        ]
        make.made += count
        with inside():
            Delivery.objects.bulk_create(rows)

    make.made = 1
    return make


def test_the_log_is_narrowed_by_state_event_and_day(as_alice, endpoint, log, inside):
    log(1, event_type="task.created", state="delivered")
    log(1, event_type="task.moved", state="failed")
    log(1, event_type="label.created", state="pending")
    with inside():
        old = timezone.now() - timedelta(days=3)
        Delivery.objects.filter(event_type="label.created").update(created_at=old)

    def shown(query):
        text = as_alice.get(page(endpoint, f"?{query}")).text
        return set(re.findall(r"deliveries/[0-9a-f-]+/\"\s*>([a-z.]+)<", text))

    everything = {"task.created", "task.moved", "label.created"}
    assert shown("") == everything
    assert shown("state=failed") == {"task.moved"}
    assert shown("event=task.created") == {"task.created"}
    assert shown(f"day={timezone.localdate() - timedelta(days=3)}") == {"label.created"}
    assert shown("state=nonsense&day=never&before=x") == everything


def test_the_log_goes_on_from_where_it_ended(as_alice, endpoint, log):
    log(60, event_type="task.created")
    first = as_alice.get(page(endpoint)).text
    [more] = set(re.findall(r'hx-get="(\?before=[^"]+)"', first))
    rest = as_alice.get(
        page(endpoint) + more.replace("&amp;", "&"), headers={"HX-Request": "true"}
    ).text
    ids = re.compile(r"deliveries/([0-9a-f-]+)/\"")
    one, two = set(ids.findall(first)), set(ids.findall(rest))
    assert (len(one), len(two), one & two) == (50, 10, set())
    assert "<html" not in rest


def test_the_week_is_told_in_numbers(as_alice, endpoint, log):
    log(3, event_type="task.created", first_try_ok=True, last_milliseconds=100)
    log(1, event_type="task.created", first_try_ok=False, last_milliseconds=5_000)
    text = as_alice.get(page(endpoint)).text
    assert re.search(r">\s*75(\.0)?\s%", text)
    assert "4.3 s" in text


def test_a_delivery_shows_request_answer_and_tries(
    as_alice, endpoint, receiver, happen, run_jobs, the
):
    receiver.answer(503, body=b"<b>upstream</b>")
    happen("Order tyres")
    run_jobs()
    text = as_alice.get(f"{WEBHOOKS}deliveries/{the.delivery.pk}/").text
    for words in ("webhook-signature", "Order tyres", "503", "Next try", "1 of 8"):
        assert words in text
    assert "&lt;b&gt;upstream&lt;/b&gt;" in text


def test_one_and_all_that_failed_are_sent_once_more(
    as_alice, endpoint, receiver, happen, run_jobs, the, inside
):
    happen("One", "Two")
    run_jobs()
    with inside():
        Delivery.objects.update(state="failed")
    one = the.deliveries[0]
    as_alice.post(f"{WEBHOOKS}deliveries/{one.pk}/replay/")
    answer = as_alice.post(page(endpoint, "replay/"), {"hours": "24"}, follow=True)
    assert "1 delivery is sent once more" in answer.text
    run_jobs()
    assert len(receiver.requests) == 4
    with inside():
        assert Attempt.objects.count() == 4


def test_a_time_nobody_offered_is_refused(as_alice, endpoint):
    answer = as_alice.post(page(endpoint, "replay/"), {"hours": "9999"}, follow=True)
    assert "Choose since when" in answer.text


# --- who may ------------------------------------------------------------------------


@pytest.mark.parametrize("rest", ["", "edit/", "secret/", "remove/"])
def test_members_and_viewers_see_nothing_of_it(rest, as_bob, as_vera, endpoint):
    assert as_bob.get(page(endpoint, rest)).status_code == 403
    assert as_vera.get(page(endpoint, rest)).status_code == 403


def test_anothers_webhook_is_a_missing_one(as_charlie, endpoint, inside, cast):
    with inside():
        delivery = flows.send_test(endpoint=endpoint, by=cast.alice)
    for rest in ("", "edit/", "remove/"):
        assert as_charlie.get(page(endpoint, rest)).status_code == 404
    where = f"{WEBHOOKS}deliveries/{delivery.pk}/"
    assert as_charlie.get(where).status_code == 404
    assert as_charlie.post(f"{where}replay/").status_code == 404
