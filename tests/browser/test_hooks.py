"""Webhooks and keys as a developer uses them, in a real browser, with a real receiver."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.request import Request, urlopen

import pytest
from django.db import connections
from playwright.sync_api import Error
from standardwebhooks import Webhook

from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from organizations.webhooks.models import Delivery, Endpoint
from tests.browser.test_endings import look_of, looks, sound
from tests.browser.test_first_day import sign_in
from tests.browser.test_money import seen
from tests.browser.test_second_step import prove
from tests.webhooks.conftest import WEBHOOKS, _our_network, receiver  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
both_ways = pytest.mark.parametrize("scripts", [True, False], indirect=True)
with_scripts = pytest.mark.parametrize("scripts", [True], indirect=True)
KEYS = "/developers/keys/"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{40,}")
KEY = re.compile(r"ins_[\w-]{54}")


@pytest.fixture
def work(run_jobs):
    """Work the queue off; the browser keeps an event loop in this thread."""

    def jobs():
        run_jobs()
        connections.close_all()

    def go():
        with ThreadPoolExecutor(1) as other:
            other.submit(jobs).result()

    return go


@pytest.fixture
def rows(cast):
    """Return what a model's rows of Acme hold in a column."""

    def values(model, column, **wanted):
        with no_context(), tenant(cast.acme):
            found = model.objects.filter(**wanted).order_by("pk")
            return list(found.values_list(column, flat=True))

    return values


@pytest.fixture
def ready(visit, cast, receiver, scripts):
    """Alice on the page of a webhook for tasks that she has just made; its secret."""

    def make(**look):
        alice = visit(**look)
        sign_in(alice, cast.alice)
        prove(alice, f"{WEBHOOKS}new/")
        alice.page.fill("[name=url]", receiver.url)
        alice.page.fill("[name=description]", "Shop")
        alice.page.locator("details:has([value='task.created']) summary").click()
        alice.page.check("[value='task.created']")
        alice.press("Add the webhook")
        seen(alice, "The webhook is ready")
        sound(alice, scripts)
        [secret] = set(SECRET.findall(alice.page.content()))
        alice.press("I have copied it", "link")
        return alice, secret

    return make


@both_ways
def test_a_webhook_is_made_its_secret_shown_once_and_a_test_heard(
    ready, receiver, work, rows, scripts
):
    alice, secret = ready()
    assert rows(Endpoint, "events") == [["task.created"]]
    here = alice.page.url
    # The page with the secret is in no cache, so there is nothing to go back to.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        alice.page.go_back()
    alice.page.wait_for_url("chrome-error://**")
    alice.page.goto(here)
    assert SECRET.search(alice.page.content()) is None
    alice.press("Send a test")
    seen(alice, "webhook.test")
    assert "None yet." in alice.text()
    sound(alice, scripts)
    work()
    if not scripts:
        alice.page.reload()
    # With scripts the page looks by itself until it has happened.
    seen(alice, "Headers of the answer")
    assert "taken" in alice.text()
    sound(alice, scripts)
    [request] = receiver.requests
    assert Webhook(secret).verify(request.body, request.headers) == request.json
    assert secret not in alice.page.content()


@both_ways
def test_what_failed_is_seen_found_and_sent_once_more(
    ready, receiver, work, rows, scripts
):
    alice, _secret = ready()
    receiver.answer(410, 200, body=b"<b>gone</b>")
    alice.press("Send a test")
    work()
    alice.go(WEBHOOKS)
    seen(alice, "Disabled")
    alice.press("Shop", "link")
    seen(alice, "It answered 410")
    sound(alice, scripts)
    alice.press("Resume")
    seen(alice, "Events are sent there again.")
    alice.page.select_option("[name=state]", "failed")
    if not scripts:
        alice.press("Filter")
    alice.page.wait_for_url("**state=failed**")
    seen(alice, "Clear")
    alice.page.get_by_role("button", name=re.compile("^Replay webhook.test")).click()
    seen(alice, "It is sent once more.")
    work()
    assert receiver.requests[0].body == receiver.requests[1].body
    alice.page.reload()
    seen(alice, "Delivered")
    assert "<b>gone</b>" in alice.text()
    assert rows(Delivery, "state") == ["delivered"]
    sound(alice, scripts)


@both_ways
def test_a_webhook_is_held_renewed_and_removed(
    ready, receiver, work, rows, cast, scripts
):
    alice, former = ready()
    alice.press("Pause")
    seen(alice, "Paused since")
    assert alice.page.get_by_role("button", name="Send a test").count() == 0
    sound(alice, scripts)
    alice.press("Resume")
    alice.press("Edit", "link")
    alice.press("New secret", "link")
    sound(alice, scripts)
    alice.press("Make a new secret")
    [present] = set(SECRET.findall(alice.page.content()))
    alice.press("I have copied it", "link")
    alice.press("Send a test")
    work()
    [request] = receiver.requests
    for secret in (former, present):
        Webhook(secret).verify(request.body, request.headers)
    alice.press("Shop", "link")
    alice.press("Edit", "link")
    alice.press("Remove", "link")
    sound(alice, scripts)
    alice.press("Remove the webhook")
    seen(alice, "No webhooks yet")
    sound(alice, scripts)
    made = rows(AuditEntry, "action", action__startswith="webhook.")
    assert (made[0], made[-1]) == ("webhook.created", "webhook.removed")
    assert "webhook.secret_rolled" in made


@both_ways
def test_an_address_that_is_refused_keeps_what_was_typed(
    visit, cast, rows, scripts, settings
):
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    alice = visit(**look_of("dark", 390))
    sign_in(alice, cast.alice)
    prove(alice, f"{WEBHOOKS}new/")
    alice.page.fill("[name=url]", "https://127.0.0.1:8000/hooks")
    alice.page.fill("[name=description]", "Shop")
    alice.press("Add the webhook")
    seen(alice, "That is a private address.")
    assert alice.page.input_value("[name=description]") == "Shop"
    assert rows(Endpoint, "pk") == []
    sound(alice, scripts)


@with_scripts
def test_older_deliveries_come_without_a_new_page(ready, rows, cast, scripts):
    alice, _secret = ready()
    [endpoint] = rows(Endpoint, "pk")
    with no_context(), tenant(cast.acme):
        Delivery.objects.bulk_create(
            Delivery(
                endpoint_id=endpoint,
                event_id=f"{number:032x}",
                event_type="task.created",
                state="delivered",
            )
            for number in range(1, 121)
        )
    alice.page.reload()
    lines = alice.page.locator("tbody tr:has(time)")
    for count in (50, 100):
        assert lines.count() == count
        alice.press("Show older deliveries", "link")
        lines.nth(count).wait_for()
    links = alice.page.locator("tbody tr:has(time) a[href*=deliveries]")
    assert len(set(links.evaluate_all("each => each.map(a => a.href)"))) == 120
    sound(alice, scripts)


@looks
@with_scripts
def test_the_page_of_a_webhook_is_sound_on_any_screen(
    ready, receiver, work, scripts, scheme, width
):
    receiver.answer(500, body=b"x" * 5_000, headers={"x-long": "y" * 400})
    alice, _secret = ready(**look_of(scheme, width))
    alice.press("Send a test")
    work()
    alice.page.reload()
    seen(alice, "Headers of the answer")
    sound(alice, scripts)
    alice.go(WEBHOOKS)
    seen(alice, "Failing")
    sound(alice, scripts)
    alice.press("Shop", "link")
    seen(alice, "No delivery has succeeded since")
    sound(alice, scripts)


def asked(base, text):
    """Call the API of the running product; return the status."""
    request = Request(
        f"{base}/api/v1/events", headers={"Authorization": f"Bearer {text}"}
    )
    try:
        with urlopen(request) as answer:
            return answer.status
    except OSError as error:
        return error.code


@both_ways
def test_a_key_is_made_used_seen_in_the_log_and_revoked(visit, cast, rows, scripts):
    alice = visit()
    sign_in(alice, cast.alice)
    prove(alice, f"{KEYS}new/")
    alice.page.fill("[name=name]", "Shop backend")
    alice.page.check("[value='audit.view']")
    alice.press("Make the key")
    seen(alice, "“Shop backend” is ready.")
    sound(alice, scripts)
    [text] = set(KEY.findall(alice.page.content()))
    assert asked(alice.base, text) == 200
    assert asked(alice.base, text[:-1] + ("A" if text[-1] != "A" else "B")) == 401
    alice.go(KEYS)
    assert text not in alice.page.content()
    alice.press("Shop backend", "link")
    seen(alice, "127.0.0.1")
    sound(alice, scripts)
    alice.press("Revoke", "link")
    seen(alice, "Last used on")
    alice.press("Revoke the key")
    seen(alice, "Revoked")
    assert asked(alice.base, text) == 401
    assert rows(AuditEntry, "action", action__startswith="key.") == [
        "key.created",
        "key.revoked",
    ]
    alice.go("/audit/")
    seen(alice, "Shop backend")
    sound(alice, scripts)
