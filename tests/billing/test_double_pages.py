"""The double's pages: a checkout, a portal, an invoice, a clock, and nobody's else."""

import runpy

import pytest
from django.test import Client

from billing.fakestripe.cards import DECLINES, FAILS_LATER, PAYS
from config.routes import walk
from tests.billing.story import (
    BACK,
    catalog,
    change,
    checkout,
    customer,
    latest,
    subscribed,
)
from tests.billing.urls import urlpatterns
from tests.security.test_settings import production

MAP = "tests.billing.urls"
CLOCK = "/fakestripe/"
SAID = "Test mode: a stand-in for Stripe on this machine; no money moves."
TRIAL = {"subscription_data": {"trial_period_days": 14}}


@pytest.fixture
def double(stripe_double, settings):
    """The double, with its pages where a developer finds them."""
    settings.ROOT_URLCONF = MAP
    return stripe_double


@pytest.fixture
def prices(double):
    return catalog(double)


@pytest.fixture
def session(double, prices):
    return checkout(double, customer(double), prices.pro, 3)


def local(address):
    """Return an address of ours without its host."""
    return "/" + address.split("/", 3)[3]


def page_of(session):
    return local(session.url)


def text(response):
    return " ".join(response.content.decode().split())


def portal(double, live):
    body = {"customer": live.customer, "return_url": "https://insula.example/billing/"}
    return local(double.api.billing_portal.sessions.create(body).url)


# --- who may see them ---------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "",
        "clock/",
        "checkout/cs_test_1/",
        "portal/bps_1/",
        "portal/bps_1/card/",
        "portal/bps_1/end/",
        "invoice/in_1/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_double_there_are_no_pages(db, client, settings, address, method):
    settings.ROOT_URLCONF = MAP
    settings.BILLING_DOUBLE = None
    response = getattr(client, method)(f"/fakestripe/{address}")
    assert response.status_code in {404, 405}
    assert response.status_code == 404 or response["Allow"]


def test_pages_are_not_on_the_map_where_there_is_no_double(db, client):
    assert client.get(CLOCK).status_code == 404


@pytest.mark.parametrize(("file", "mounted"), [("double.sqlite3", True), (None, False)])
def test_map_has_the_pages_where_the_setting_names_a_file(settings, file, mounted):
    settings.BILLING_DOUBLE = file
    found = runpy.run_path(str(settings.BASE_DIR / "config" / "urls.py"))["urlpatterns"]
    spaces = {getattr(one, "namespace", None) for one in found}
    assert ("fakestripe" in spaces) is mounted


@pytest.mark.parametrize(
    ("variables", "there"),
    [
        ({}, False),
        ({"DEBUG": "1"}, True),
        (
            {
                "DEBUG": "1",
                "STRIPE_SECRET_KEY": "sk_test_" + "of_somebody" * 3,
                "STRIPE_WEBHOOK_SECRET": "whsec_" + "of_somebody" * 3,
            },
            False,
        ),
    ],
)
def test_double_is_a_developers_without_a_key(monkeypatch, variables, there):
    found = production(monkeypatch, **variables)
    assert bool(found["BILLING_DOUBLE"]) is there


def test_pages_are_declared_public():
    routes = [route for route in walk(urlpatterns) if "fakestripe" in route.address]
    assert len(routes) == 7
    assert {access for route in routes for access in route.access.values()} == {
        "public"
    }


@pytest.mark.parametrize("kind", ["checkout", "portal", "invoice"])
def test_unknown_id_is_not_there(db, double, client, kind):
    assert client.get(f"/fakestripe/{kind}/nothing/").status_code == 404


@pytest.mark.parametrize("kind", ["checkout", "portal", "invoice"])
def test_id_of_something_else_is_not_there(db, double, client, kind):
    assert client.get(f"/fakestripe/{kind}/{customer(double)}/").status_code == 404


def test_ids_of_sessions_cannot_be_guessed(double, prices):
    live = subscribed(double, prices.pro)
    one, other = (portal(double, live) for _again in range(2))
    assert one != other
    assert len(one.split("/")[-2]) >= 40


@pytest.mark.parametrize(
    "address", ["clock/", "portal/bps_1/card/", "portal/bps_1/end/"]
)
def test_acts_are_posted(db, double, client, address):
    assert client.get(f"/fakestripe/{address}").status_code == 405


def test_forms_are_refused_without_their_token(double, session, db):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(page_of(session), {"card": PAYS}).status_code == 403
    assert double.every("subscription") == []


def test_every_page_says_that_no_money_moves(db, double, client, prices, session):
    live = subscribed(double, prices.pro)
    invoice = local(latest(double, live).hosted_invoice_url)
    for address in (CLOCK, page_of(session), portal(double, live), invoice):
        response = client.get(address)
        assert response.status_code == 200
        assert SAID in text(response)


def test_pages_show_nothing_of_ours(as_alice, double, session):
    shown = text(as_alice.get(page_of(session)))
    assert "alice@example.com" not in shown


# --- checkout -----------------------------------------------------------------------


def test_checkout_says_what_is_bought_and_what_it_costs(db, client, session):
    shown = text(client.get(page_of(session)))
    assert "Pro" in shown
    assert "3 × €19.00 / month" in shown
    assert "Pay €57.00" in shown
    assert BACK["cancel_url"] in shown
    assert "office@acme.example" in shown


def test_paying_leads_back_with_the_sessions_id(db, double, client, session):
    response = client.post(page_of(session), {"card": PAYS})
    assert response.status_code == 302
    assert response["Location"] == f"https://insula.example/back/?session={session.id}"
    (live,) = double.every("subscription")
    assert (live["status"], live["items"]["data"][0]["quantity"]) == ("active", 3)
    assert double.api.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_paid_checkout_leads_back_when_it_is_opened_again(db, double, client, session):
    double.pay(session.id)
    response = client.get(page_of(session))
    assert (response.status_code, session.id in response["Location"]) == (302, True)
    client.post(page_of(session), {"card": PAYS})
    assert len(double.every("charge")) == 1


@pytest.mark.parametrize("sent", [{"card": DECLINES}, {"card": FAILS_LATER}])
def test_declined_card_is_told_on_the_page(db, double, client, session, sent):
    response = client.post(page_of(session), sent)
    assert response.status_code == 422
    assert "Your card was declined." in text(response)
    assert double.every("subscription") == []


def test_what_was_typed_is_kept(db, double, client, session):
    typed = {"card": PAYS, "number": "4000 0000 0000 0002"}
    response = client.post(page_of(session), typed)
    assert "Your card was declined." in text(response)
    assert 'value="4000 0000 0000 0002"' in text(response)


def test_typed_number_counts_before_the_list(db, double, client, session):
    typed = {"card": DECLINES, "number": "4242 4242 4242 4242"}
    assert client.post(page_of(session), typed).status_code == 302


def test_number_that_is_no_card_is_told_on_the_page(db, client, session):
    response = client.post(page_of(session), {"card": PAYS, "number": "12"})
    assert "Your card number is incorrect." in text(response)


def test_card_that_is_not_on_the_list_is_refused(db, double, client, session):
    assert client.post(page_of(session), {"card": "5555"}).status_code == 422
    assert client.post(page_of(session), {}).status_code == 422
    assert double.every("subscription") == []


def test_trial_says_when_it_is_paid(db, double, client, prices):
    trial = checkout(double, customer(double), prices.pro, 3, **TRIAL)
    shown = text(client.get(page_of(trial)))
    assert "Start trial" in shown
    assert "14 days free, then €57.00." in shown
    assert client.post(page_of(trial), {"card": PAYS}).status_code == 302
    assert double.every("subscription")[0]["status"] == "trialing"


def test_trial_may_be_started_without_a_card(db, double, client, prices):
    more = {**TRIAL, "payment_method_collection": "if_required"}
    trial = checkout(double, customer(double), prices.pro, **more)
    assert "No card for now" in text(client.get(page_of(trial)))
    assert client.post(page_of(trial), {"card": ""}).status_code == 302
    (live,) = double.every("subscription")
    assert (live["status"], live["default_payment_method"]) == ("trialing", None)


def test_expired_checkout_says_so(db, double, client, session):
    double.expire_session(session.id)
    response = client.get(page_of(session))
    assert "This checkout has expired" in text(response)
    client.post(page_of(session), {"card": PAYS})
    assert double.every("subscription") == []


# --- portal -------------------------------------------------------------------------


def test_portal_shows_plan_payment_card_and_invoices(db, double, client, prices):
    live = subscribed(double, prices.pro, 3)
    shown = text(client.get(portal(double, live)))
    for words in ("3 × €19.00 / month", "€57.00", "•••• 4242", "paid", "Return"):
        assert words in shown
    assert latest(double, live).number in shown


def test_portal_of_somebody_without_a_subscription_says_so(db, double, client, prices):
    live = subscribed(double, prices.pro)
    address = portal(double, live)
    double.api.subscriptions.cancel(live.id)
    assert "There is no running subscription." in text(client.get(address))
    ended = client.post(f"{address}end/", {"ends": "on"})
    assert ended.status_code == 302


def test_subscription_is_cancelled_and_resumed_in_the_portal(
    db, double, client, prices
):
    live = subscribed(double, prices.pro)
    address = portal(double, live)
    shown = client.post(f"{address}end/", {"ends": "on"}, follow=True)
    assert "Ends on" in text(shown)
    assert double.get(live.id)["cancel_at_period_end"] is True
    shown = client.post(f"{address}end/", follow=True)
    assert "Next payment" in text(shown)
    assert double.get(live.id)["cancel_at_period_end"] is False


def test_portal_says_why_it_cannot_cancel(db, double, client, prices):
    live = subscribed(double, prices.pro)
    double.api.subscription_schedules.create({"from_subscription": live.id})
    address = portal(double, live)
    shown = client.post(f"{address}end/", {"ends": "on"}, follow=True)
    assert "managed by the subscription schedule" in text(shown)


def test_card_is_changed_in_the_portal(db, double, client, prices):
    live = subscribed(double, prices.pro)
    address = portal(double, live)
    shown = client.post(f"{address}card/", {"card": FAILS_LATER}, follow=True)
    assert "•••• 0341" in text(shown)
    method = double.get(live.id)["default_payment_method"]
    assert double.get(method)["card"]["last4"] == "0341"


def test_declined_card_leaves_the_old_one(db, double, client, prices):
    live = subscribed(double, prices.pro)
    response = client.post(f"{portal(double, live)}card/", {"card": DECLINES})
    assert response.status_code == 422
    assert "Your card was declined." in text(response)
    assert "•••• 4242" in text(response)


# --- invoices -----------------------------------------------------------------------


def test_invoice_shows_its_lines_and_totals(db, double, client, prices):
    double.freeze(1_767_268_800)
    live = subscribed(double, prices.starter, 3)
    double.advance(days=10)
    change(double, live, price=prices.pro, proration_behavior="always_invoice")
    shown = text(client.get(local(latest(double, live).hosted_invoice_url)))
    for words in ("-€24.39", "€38.61", "€14.22", "Unused time on 3 × Starter", "paid"):
        assert words in shown


def test_invoice_shows_credit_and_refund(db, double, client, prices):
    live = subscribed(double, prices.starter)
    double.api.customers.update(live.customer, {"balance": -500})
    double.advance(days=31)
    double.refund(latest(double, live).id, 100)
    shown = text(client.get(local(latest(double, live).hosted_invoice_url)))
    for words in ("-€5.00", "€7.00", "Refunded", "€1.00"):
        assert words in shown


def test_printed_invoice_is_the_same_page(db, double, client, prices):
    live = subscribed(double, prices.starter)
    invoice = latest(double, live)
    assert client.get(local(invoice.invoice_pdf)).status_code == 200


def test_owed_invoice_is_paid_on_its_page(db, double, client, prices):
    live = subscribed(double, prices.starter)
    double.change_card(live.customer, FAILS_LATER)
    double.advance(days=31)
    address = local(latest(double, live).hosted_invoice_url)
    assert "The next try is on" in text(client.get(address))
    assert client.post(address, {"card": DECLINES}).status_code == 422
    assert client.post(address, {"card": PAYS}).status_code == 302
    assert latest(double, live).status == "paid"
    assert double.get(live.id)["status"] == "active"
    assert "Pay this invoice" not in text(client.get(address))


# --- the clock ----------------------------------------------------------------------


def test_clock_shows_everybody_and_the_time(db, double, client, prices):
    double.freeze(1_767_268_800)
    subscribed(double, prices.pro)
    customer(double, "alone@example.com")
    shown = text(client.get(CLOCK))
    for words in ("1 January 2026, 12:00", "Acme", "active", "alone@example.com"):
        assert words in shown


def test_clock_of_an_empty_double_says_so(db, double, client):
    assert "Nobody is subscribed yet." in text(client.get(CLOCK))


def test_clock_is_moved_on(db, double, client, prices):
    live = subscribed(double, prices.pro, **TRIAL)
    for step, status in (("reminder", "trialing"), ("end", "active")):
        body = {"step": step, "subscription": live.id}
        assert client.post(f"{CLOCK}clock/", body).status_code == 302
        assert double.get(live.id)["status"] == status


def test_next_payment_is_declined_and_the_last_one_refunded(db, double, client, prices):
    live = subscribed(double, prices.pro)
    for step in ("refund", "decline", "end"):
        client.post(f"{CLOCK}clock/", {"step": step, "subscription": live.id})
    assert double.every("charge")[-1]["refunded"] is True
    assert double.get(live.id)["status"] == "past_due"


def test_step_that_cannot_be_is_told(db, double, client, prices):
    live = subscribed(double, prices.pro)
    body = {"step": "reminder", "subscription": live.id}
    shown = client.post(f"{CLOCK}clock/", body, follow=True)
    assert "This subscription is not in a trial." in text(shown)


@pytest.mark.parametrize("body", [{}, {"step": "year"}, {"step": "end"}])
def test_unknown_step_is_not_there(db, double, client, body):
    assert client.post(f"{CLOCK}clock/", body).status_code == 404


def test_day_needs_no_subscription(db, double, client):
    double.freeze(1_767_268_800)
    assert client.post(f"{CLOCK}clock/", {"step": "day"}).status_code == 302
    assert double.now() == 1_767_268_800 + 86_400
