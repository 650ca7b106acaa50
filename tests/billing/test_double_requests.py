"""How the double reads requests: forms, keys, pages, errors, and several at once."""

import sqlite3
import subprocess
import sys
import threading

import pytest
import stripe
from django.core.exceptions import ImproperlyConfigured

from billing.fakestripe.client import FakeHTTPClient
from billing.fakestripe.params import nested, typed
from billing.fakestripe.world import current
from tests.billing.story import catalog, checkout, customer, price, subscribed

KEY = {"idempotency_key": "customer:create:acme"}


@pytest.fixture
def double(stripe_double):
    return stripe_double


def refused(call, *args):
    with pytest.raises(stripe.StripeError) as caught:
        call(*args)
    return caught.value


# --- where there is no double -------------------------------------------------------


@pytest.mark.parametrize("setting", [None, ""])
def test_without_the_setting_there_is_no_double(settings, setting):
    settings.BILLING_DOUBLE = setting
    with pytest.raises(ImproperlyConfigured, match="BILLING_DOUBLE"):
        current()
    with pytest.raises(ImproperlyConfigured):
        FakeHTTPClient().request("get", "https://api.stripe.com/v1/customers", {})


def test_folder_of_the_file_is_made(settings, tmp_path):
    settings.BILLING_DOUBLE = str(tmp_path / "new" / "folder" / "double.sqlite3")
    assert current().every("customer") == []


def test_thrown_away_file_is_made_again(double, settings, tmp_path):
    customer(double)
    settings.BILLING_DOUBLE = str(tmp_path / "other.sqlite3")
    assert current().every("customer") == []
    assert customer(double) == current().every("customer")[0]["id"]


# --- forms --------------------------------------------------------------------------


def test_brackets_become_structures():
    pairs = [("a[b][0][c]", "d"), ("a[b][1][c]", "e"), ("f[]", "g"), ("f[]", "h")]
    assert nested(pairs) == {
        "a": {"b": {"0": {"c": "d"}, "1": {"c": "e"}}},
        "f": {"0": "g", "1": "h"},
    }


def test_words_become_the_types_of_their_parameters():
    spec = {"on": bool, "count": int, "name": str, "many": [{"one": int}]}
    given = nested(
        [("on", "true"), ("count", "3"), ("name", "true"), ("many[0][one]", "7")]
    )
    assert typed(given, spec) == {
        "on": True,
        "count": 3,
        "name": "true",
        "many": [{"one": 7}],
    }


def test_items_of_a_list_keep_their_order_beyond_ten():
    pairs = [(f"many[{place}]", str(place)) for place in reversed(range(12))]
    assert typed(nested(pairs), {"many": [int]}) == {"many": list(range(12))}


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"nonsense": "1"}, "nonsense"),
        ({"address": {"street": "1"}}, "address[street]"),
        (
            {"invoice_settings": {"default_source": "1"}},
            "invoice_settings[default_source]",
        ),
        ({"balance": "many"}, "balance"),
        ({"tax_exempt": "perhaps"}, "tax_exempt"),
        ({"preferred_locales": "de"}, "preferred_locales"),
        ({"metadata": "words"}, "metadata"),
        ({"name": {"first": "A"}}, "name"),
        ({"address": "Berlin"}, "address"),
    ],
)
def test_parameter_that_is_not_understood_is_refused(double, body, param):
    problem = refused(double.api.customers.create, body)
    assert isinstance(problem, stripe.InvalidRequestError)
    assert (problem.http_status, problem.param) == (400, param)
    assert double.every("customer") == []


def test_unknown_parameter_is_named_in_stripes_words(double):
    problem = refused(double.api.customers.create, {"nonsense": "1"})
    assert problem.code == "parameter_unknown"
    assert "Received unknown parameter: nonsense" in str(problem)


def test_missing_parameter_is_named(double):
    problem = refused(double.api.products.create, {})
    assert (problem.code, problem.param) == ("parameter_missing", "name")


def test_flag_is_true_or_false(double):
    problem = refused(double.api.products.create, {"name": "Pro", "active": "maybe"})
    assert "Invalid boolean" in str(problem)


def test_unknown_address_is_told_apart(double):
    status, body = double.answer("GET", "/v1/nothing", "", None)
    assert status == 404
    assert "Unrecognized request URL (GET: /v1/nothing)" in body["error"]["message"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_method_nobody_answers_is_an_unknown_address(double, method):
    assert double.answer(method, "/v1/customers", "", None)[0] == 404


def test_unknown_id_is_missing(double):
    problem = refused(double.api.customers.retrieve, "cus_nobody")
    assert (problem.http_status, problem.code) == (404, "resource_missing")
    assert str(problem) == "No such customer: 'cus_nobody'"


def test_id_of_another_kind_is_missing(double):
    assert refused(double.api.subscriptions.retrieve, customer(double)).code == (
        "resource_missing"
    )


# --- what is written ----------------------------------------------------------------


def test_new_customer_has_what_was_sent(double):
    who = double.api.customers.create(
        {"email": "a@b.example", "metadata": {"organization": "1"}}
    )
    assert who.id.startswith("cus_")
    assert (who.email, who["metadata"]["organization"]) == ("a@b.example", "1")
    assert (who.livemode, who.balance, who.name) == (False, 0, None)


def test_metadata_is_merged_and_the_empty_word_takes_away(double):
    who = customer(double, metadata={"a": "1", "b": "2"})
    changed = double.api.customers.update(who, {"metadata": {"b": "", "c": "3"}})
    assert changed.metadata.to_dict() == {"a": "1", "c": "3"}
    cleared = double.api.customers.update(who, {"metadata": ""})
    assert cleared.metadata.to_dict() == {}


def test_empty_word_takes_a_value_away(double):
    who = customer(double)
    assert double.api.customers.update(who, {"name": ""}).name is None


def test_price_is_found_by_its_key(double):
    prices = catalog(double)
    (found,) = double.api.prices.list({"lookup_keys": ["pro_month"]}).data
    assert (found.id, found.unit_amount) == (prices.pro, 1900)


def test_key_of_a_price_is_taken_by_one_at_a_time(double):
    prices = catalog(double)
    product = double.api.prices.retrieve(prices.pro).product
    with pytest.raises(stripe.InvalidRequestError, match="already uses"):
        price(double, product, 2100, lookup_key="pro_month")
    new = price(double, product, 2100, lookup_key="pro_month", transfer_lookup_key=True)
    (found,) = double.api.prices.list({"lookup_keys": ["pro_month"]}).data
    assert found.id == new
    assert double.api.prices.retrieve(prices.pro).lookup_key is None


def test_subscriptions_show_a_price_as_it_now_is(double):
    prices = catalog(double)
    live = subscribed(double, prices.pro)
    double.api.prices.update(prices.pro, {"nickname": "Pro, monthly"})
    again = double.api.subscriptions.retrieve(live.id)
    assert again["items"].data[0].price.nickname == "Pro, monthly"


def test_inactive_price_is_not_sold(double):
    prices = catalog(double)
    double.api.prices.update(prices.pro, {"active": False})
    problem = refused(checkout, double, customer(double), prices.pro)
    assert "inactive" in str(problem)


def test_price_of_an_unknown_product_is_refused(double):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        price(double, "prod_none", 100)
    assert (caught.value.param, caught.value.http_status) == ("product", 400)


def test_product_may_bring_its_id_but_once(double):
    double.api.products.create({"id": "plan_pro", "name": "Pro"})
    problem = refused(double.api.products.create, {"id": "plan_pro", "name": "Pro"})
    assert problem.code == "resource_already_exists"
    assert double.api.products.features.list("plan_pro").data == []


def test_item_of_a_subscription_is_changed_by_itself(double):
    live = subscribed(double, catalog(double).starter, 2)
    (item,) = double.api.subscription_items.list({"subscription": live.id}).data
    changed = double.api.subscription_items.update(item.id, {"quantity": 5})
    assert (item.quantity, changed.quantity) == (2, 5)
    assert double.api.subscription_items.retrieve(item.id).quantity == 5


def test_last_item_of_a_subscription_stays(double):
    live = subscribed(double, catalog(double).starter)
    gone = [{"id": live["items"].data[0].id, "deleted": True}]
    problem = refused(double.api.subscriptions.update, live.id, {"items": gone})
    assert "at least one" in str(problem)


def test_second_item_is_billed_beside_the_first(double):
    prices = catalog(double)
    live = subscribed(double, prices.starter)
    more = {
        "items": [{"price": prices.pro, "quantity": 2}],
        "proration_behavior": "none",
    }
    changed = double.api.subscriptions.update(live.id, more)
    assert [item.quantity for item in changed["items"].data] == [1, 2]
    body = {"subscription": live.id}
    assert double.api.invoices.create_preview(body).total == 1200 + 2 * 1900


def test_prices_of_one_subscription_have_one_interval(double):
    prices = catalog(double)
    product = double.api.prices.retrieve(prices.pro).product
    live = subscribed(double, prices.starter)
    yearly = [{"price": price(double, product, 9_000, "year")}]
    problem = refused(double.api.subscriptions.update, live.id, {"items": yearly})
    assert "same billing interval" in str(problem)


def test_secret_of_an_endpoint_is_told_once(double):
    body = {"url": "https://insula.example/", "enabled_events": ["invoice.paid"]}
    made = double.api.webhook_endpoints.create(body)
    assert made.secret.startswith("whsec_")
    again = double.api.webhook_endpoints.retrieve(made.id)
    assert "secret" not in again.to_dict()
    off = double.api.webhook_endpoints.update(made.id, {"disabled": True})
    assert off.status == "disabled"
    double.api.webhook_endpoints.delete(made.id)
    assert double.api.webhook_endpoints.list().data == []


def test_portal_has_one_configuration_by_default(double):
    who = customer(double)
    first = double.api.billing_portal.sessions.create({"customer": who})
    second = double.api.billing_portal.sessions.create({"customer": who})
    assert first.configuration == second.configuration
    (only,) = double.api.billing_portal.configurations.list({"is_default": True}).data
    assert only.id == first.configuration


def test_portal_may_begin_with_the_cancellation(double):
    who = customer(double)
    flow = {
        "type": "subscription_cancel",
        "subscription_cancel": {"subscription": "sub_1"},
    }
    session = double.api.billing_portal.sessions.create(
        {"customer": who, "flow_data": flow}
    )
    assert session.flow.type == "subscription_cancel"
    assert session.flow.subscription_cancel.subscription == "sub_1"


def test_payment_method_leaves_and_takes_its_place_with_it(double):
    who = customer(double)
    double.change_card(who, "4242 4242 4242 4242")
    (method,) = double.api.customers.payment_methods.list(who).data
    double.api.payment_methods.detach(method.id)
    settings = double.api.customers.retrieve(who).invoice_settings
    assert settings.default_payment_method is None
    assert double.api.payment_methods.list({"customer": who}).data == []


def test_card_of_another_customer_is_refused(double):
    one, other = customer(double), customer(double, "other@example.com")
    method = double.change_card(one, "4242424242424242")["id"]
    wanted = {"invoice_settings": {"default_payment_method": method}}
    assert refused(double.api.customers.update, other, wanted).http_status == 400
    attach = double.api.payment_methods.attach
    assert "already been attached" in str(refused(attach, method, {"customer": other}))


# --- keys ---------------------------------------------------------------------------


def test_same_key_and_request_get_the_same_answer(double):
    first = double.api.customers.create({"email": "a@b.example"}, KEY)
    second = double.api.customers.create({"email": "a@b.example"}, KEY)
    assert first.to_dict() == second.to_dict()
    assert len(double.every("customer")) == 1


def test_same_key_for_another_request_is_refused(double):
    double.api.customers.create({"email": "a@b.example"}, KEY)
    problem = refused(double.api.customers.create, {"email": "c@d.example"}, KEY)
    assert isinstance(problem, stripe.IdempotencyError)
    assert problem.http_status == 400


def test_request_that_was_not_understood_leaves_its_key_free(double):
    refused(double.api.customers.create, {"nonsense": "1"}, KEY)
    assert double.api.customers.create({"email": "a@b.example"}, KEY).id


def test_declined_card_is_told_again_for_the_same_key(double):
    who = customer(double)
    attach = double.api.payment_methods.attach
    args = ("pm_card_chargeDeclined", {"customer": who}, KEY)
    assert isinstance(refused(attach, *args), stripe.CardError)
    assert isinstance(refused(attach, *args), stripe.CardError)
    assert refused(attach, *args).code == "card_declined"


# --- pages and expansion ------------------------------------------------------------


def test_list_comes_in_pages_newest_first(double):
    made = [customer(double, f"{place}@example.com") for place in range(5)]
    first = double.api.customers.list({"limit": 2})
    assert [one.id for one in first.data] == [made[4], made[3]]
    assert first.has_more is True
    after = {"limit": 2, "starting_after": first.data[-1].id}
    second = double.api.customers.list(after)
    assert [one.id for one in second.data] == [made[2], made[1]]
    every = double.api.customers.list({"limit": 2}).auto_paging_iter()
    assert [one.id for one in every] == made[::-1]


def test_list_may_be_read_backwards(double):
    made = [customer(double, f"{place}@example.com") for place in range(4)]
    before = {"limit": 2, "ending_before": made[0]}
    found = double.api.customers.list(before)
    assert [one.id for one in found.data] == [made[2], made[1]]


@pytest.mark.parametrize("limit", [0, 101, -1])
def test_page_has_between_one_and_a_hundred(double, limit):
    assert refused(double.api.customers.list, {"limit": limit}).param == "limit"


def test_page_after_an_unknown_id_is_refused(double):
    problem = refused(double.api.customers.list, {"starting_after": "cus_nobody"})
    assert problem.param == "starting_after"


def test_list_is_narrowed_by_moments(double):
    double.freeze(1_000_000)
    customer(double)
    double.freeze(2_000_000)
    late = customer(double)
    found = double.api.customers.list({"created": {"gt": 1_500_000}})
    assert [one.id for one in found.data] == [late]
    assert double.api.customers.list({"created": {"lte": 1_500_000}}).data[0].id != late
    assert double.api.customers.list({"created": 2_000_000}).data[0].id == late


def test_subscriptions_are_listed_by_status_and_price(double):
    prices = catalog(double)
    live = subscribed(double, prices.pro)
    gone = subscribed(double, prices.starter)
    double.api.subscriptions.cancel(gone.id)

    def ids(**asked):
        return [one.id for one in double.api.subscriptions.list(asked).data]

    assert ids() == [live.id]
    assert ids(status="all") == [gone.id, live.id]
    assert ids(status="canceled") == ids(status="ended") == [gone.id]
    assert ids(status="all", price=prices.starter) == [gone.id]
    assert ids(customer=live.customer) == [live.id]


def test_invoices_are_listed_by_subscription(double):
    prices = catalog(double)
    live, other = subscribed(double, prices.pro), subscribed(double, prices.starter)
    (invoice,) = double.api.invoices.list({"subscription": live.id}).data
    assert invoice.customer == live.customer != other.customer
    assert invoice.parent.subscription_details.subscription == live.id


def test_ids_are_opened_on_request(double):
    live = subscribed(double, catalog(double).pro)
    ways = ["customer", "latest_invoice.payments", "items.data.price.product"]
    found = double.api.subscriptions.retrieve(live.id, {"expand": ways})
    assert found.customer.email == "office@acme.example"
    assert found.latest_invoice.payments.data[0].status == "paid"
    assert found["items"].data[0].price.product.name == "Pro"


def test_what_cannot_be_opened_is_refused(double):
    customer(double)
    problem = refused(double.api.customers.list, {"expand": ["data.nonsense"]})
    assert "cannot be expanded" in str(problem)


def test_what_the_double_keeps_for_itself_is_not_shown(double):
    live = subscribed(double, catalog(double).pro)
    double.decline_next(live.customer)
    session = double.every("checkout.session")[0]
    every = [*double.events(), session, *double.every("customer")]
    assert "_double" not in str(every)
    assert "4242424242424242" not in str([*every, *double.every("payment_method")])


# --- several at once ----------------------------------------------------------------


def at_once(count, act):
    """Run something in several threads; return what went wrong."""
    wrong = []

    def run(place):
        try:
            act(place)
        except Exception as problem:
            wrong.append(problem)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_threads_that_write_at_once_lose_nothing(double):
    def act(place):
        for again in range(5):
            customer(double, f"{place}-{again}@example.com")

    assert at_once(8, act) == []
    emails = {one["email"] for one in double.every("customer")}
    assert len(emails) == len(double.events()) == 40


def test_one_key_sent_by_many_makes_one_customer(double):
    def act(_place):
        double.api.customers.create({"email": "a@b.example"}, KEY)

    assert at_once(8, act) == []
    assert len(double.every("customer")) == 1


def test_checkout_paid_by_many_at_once_is_paid_once(double):
    session = checkout(double, customer(double), catalog(double).pro)
    wrong = at_once(4, lambda _place: double.pay(session.id))
    assert len(wrong) == 3
    assert len(double.every("subscription")) == len(double.every("charge")) == 1


def test_numbers_of_invoices_have_no_gaps_and_no_doubles(double):
    prices = catalog(double)
    who = subscribed(double, prices.pro).customer

    def act(_place):
        double.pay(checkout(double, who, prices.pro).id)

    assert at_once(5, act) == []
    numbers = sorted(one["number"].split("-")[1] for one in double.every("invoice"))
    assert numbers == [f"{place:04}" for place in range(1, 7)]


WRITES = """
import sys
from billing.fakestripe.store import Store
path, name = sys.argv[1:]
for place in range(25):
    with Store(path).books() as books:
        count = int(books.meta("count") or 0)
        books.put({"id": f"cus_{name}{place}", "object": "customer"})
        books.note("count", count + 1)
"""


def test_processes_that_write_at_once_lose_nothing(double, settings):
    path = str(double.store.path)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITES, path, name], cwd=settings.BASE_DIR
        )
        for name in "abc"
    ]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len(double.every("customer")) == 75
    with double.store.books() as books:
        assert books.meta("count") == "75"


def test_file_is_whole_after_all_that(double):
    at_once(4, lambda place: customer(double, f"{place}@example.com"))
    connection = sqlite3.connect(double.store.path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
