"""The portal: where somebody looks after a subscription by themselves."""

from typing import Final

from billing.fakestripe import cards
from billing.fakestripe.customers import present
from billing.fakestripe.endpoints import PAGING, endpoint, page
from billing.fakestripe.events import change
from billing.fakestripe.params import Words, choice
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.subscriptions import CLOSED
from billing.fakestripe.things import new, new_id, origin, with_values, with_words

ON: Final = {"enabled": bool}
CONFIGURATION: Final = {
    "business_profile": {
        "headline": str,
        "privacy_policy_url": str,
        "terms_of_service_url": str,
    },
    "default_return_url": str,
    "features": {
        "customer_update": {"allowed_updates": [str], **ON},
        "invoice_history": ON,
        "payment_method_update": ON,
        "subscription_cancel": {
            **ON,
            "cancellation_reason": {**ON, "options": [str]},
            "mode": choice("at_period_end", "immediately"),
            "proration_behavior": choice("always_invoice", "create_prorations", "none"),
        },
        "subscription_update": {**ON, "default_allowed_updates": [str]},
    },
    "metadata": Words,
    "name": str,
}
FLOW: Final = {
    "after_completion": {
        "redirect": {"return_url": str},
        "type": choice("hosted_confirmation", "portal_homepage", "redirect"),
    },
    "subscription_cancel": {"subscription": str},
    "type": choice(
        "payment_method_update",
        "subscription_cancel",
        "subscription_update",
        "subscription_update_confirm",
    ),
}


@endpoint(
    "POST",
    "/v1/billing_portal/configurations",
    CONFIGURATION,
    required=("features",),
)
def create_configuration(books: Books, params: Thing) -> Thing:
    blank = {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None}
    configuration = new(
        books,
        "billing_portal.configuration",
        "bpc",
        active=True,
        application=None,
        business_profile={**blank, **(params.get("business_profile") or {})},
        default_return_url=params.get("default_return_url"),
        features=features_of(params["features"]),
        is_default=not books.every("billing_portal.configuration"),
        login_page={"enabled": False, "url": None},
        name=params.get("name"),
        updated=books.now,
    )
    with_words(configuration, params.get("metadata"))
    return books.put(configuration)


def features_of(given: Thing) -> Thing:
    """Return every feature, those off that were not named."""
    off: Thing = {
        "customer_update": {"allowed_updates": [], "enabled": False},
        "invoice_history": {"enabled": False},
        "payment_method_update": {"enabled": False},
        "subscription_cancel": {
            "cancellation_reason": {"enabled": False, "options": []},
            "enabled": False,
            "mode": "at_period_end",
            "proration_behavior": "none",
        },
        "subscription_update": {
            "default_allowed_updates": [],
            "enabled": False,
            "proration_behavior": "none",
            "schedule_at_period_end": {"conditions": []},
            "trial_update_behavior": "continue_trial",
        },
    }
    return {name: {**one, **(given.get(name) or {})} for name, one in off.items()}


@endpoint(
    "POST",
    "/v1/billing_portal/configurations/{configuration}",
    {**CONFIGURATION, "active": bool},
)
def update_configuration(books: Books, params: Thing, key: str) -> Thing:
    configuration = books.need("billing_portal.configuration", key)
    with_values(configuration, params, "active", "default_return_url", "name")
    with_words(configuration, params.get("metadata"))
    configuration["business_profile"].update(params.get("business_profile") or {})
    if params.get("features"):
        configuration["features"] = features_of(
            {**configuration["features"], **params["features"]}
        )
    configuration["updated"] = books.now
    return books.put(configuration)


@endpoint("GET", "/v1/billing_portal/configurations/{configuration}")
def retrieve_configuration(books: Books, params: Thing, key: str) -> Thing:
    return books.need("billing_portal.configuration", key)


@endpoint(
    "GET",
    "/v1/billing_portal/configurations",
    {**PAGING, "active": bool, "is_default": bool},
)
def list_configurations(books: Books, params: Thing) -> Thing:
    asked = {name: params.get(name) for name in ("active", "is_default")}
    found = books.every("billing_portal.configuration", **asked)
    return page("/v1/billing_portal/configurations", found, params)


@endpoint(
    "POST",
    "/v1/billing_portal/sessions",
    {
        "configuration": str,
        "customer": str,
        "flow_data": FLOW,
        "locale": str,
        "return_url": str,
    },
    required=("customer",),
)
def create_portal_session(books: Books, params: Thing) -> Thing:
    customer = present(books, params["customer"])
    key = new_id("bps", 40)
    session = {
        **new(books, "billing_portal.session", "bps"),
        "id": key,
        "configuration": configuration_of(books, params)["id"],
        "customer": customer["id"],
        "flow": flow_of(params.get("flow_data")),
        "locale": params.get("locale"),
        "on_behalf_of": None,
        "return_url": params.get("return_url"),
        "url": f"{origin(params.get('return_url'))}/fakestripe/portal/{key}/",
    }
    del session["metadata"]
    return books.put(session)


def configuration_of(books: Books, params: Thing) -> Thing:
    """Return the configuration that is named, or the default one."""
    kind = "billing_portal.configuration"
    if params.get("configuration"):
        return books.need(kind, params["configuration"], "configuration", 400)
    for one in books.every(kind, is_default=True):
        return one
    return create_configuration(books, {"features": {}})


def flow_of(given: Thing | None) -> Thing | None:
    """Return where in the portal somebody begins."""
    if not given:
        return None
    after = {"hosted_confirmation": None, "redirect": None, "type": "portal_homepage"}
    cancel = given.get("subscription_cancel")
    return {
        "after_completion": {**after, **(given.get("after_completion") or {})},
        "subscription_cancel": cancel and {"retention": None, **cancel},
        "subscription_update": None,
        "subscription_update_confirm": None,
        "type": given.get("type"),
    }


def live_of(books: Books, customer: str) -> Thing | None:
    """Return the subscription a customer has now."""
    for one in books.every("subscription", customer=customer):
        if one["status"] not in CLOSED:
            return one
    return None


def change_card(books: Books, customer: str, number: str) -> Thing:
    """Let a customer pay with another card from now on."""
    who = present(books, customer)
    method = cards.attach(books, cards.payment_method(books, number), who)
    who["invoice_settings"]["default_payment_method"] = method["id"]
    change(books, "customer.updated", who)
    subscription = live_of(books, customer)
    if subscription:
        subscription["default_payment_method"] = method["id"]
        change(books, "customer.subscription.updated", subscription)
    return method
