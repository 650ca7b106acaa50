"""Products and prices."""

from typing import Any, Final

from billing.fakestripe.endpoints import PAGING, endpoint, included, page, within
from billing.fakestripe.errors import invalid
from billing.fakestripe.events import add, change
from billing.fakestripe.params import Times, Words, choice
from billing.fakestripe.store import Books, Thing
from billing.fakestripe.things import listing, new, with_values, with_words

PRODUCT: Final = {
    "active": bool,
    "description": str,
    "images": [str],
    "marketing_features": [{"name": str}],
    "metadata": Words,
    "name": str,
    "statement_descriptor": str,
    "tax_code": str,
    "unit_label": str,
    "url": str,
}
INTERVAL: Final = choice("day", "week", "month", "year")
PRICE: Final = {
    "active": bool,
    "lookup_key": str,
    "metadata": Words,
    "nickname": str,
    "tax_behavior": choice("exclusive", "inclusive", "unspecified"),
    "transfer_lookup_key": bool,
}
NEW_PRICE: Final = {
    **PRICE,
    "currency": str,
    "product": str,
    "recurring": {"interval": INTERVAL, "interval_count": int},
    "unit_amount": int,
}


@endpoint(
    "POST",
    "/v1/products",
    {**PRODUCT, "id": str, "type": choice("good", "service")},
    required=("name",),
)
def create_product(books: Books, params: Thing) -> Thing:
    product = new(
        books,
        "product",
        "prod",
        active=True,
        default_price=None,
        description=None,
        images=[],
        marketing_features=[],
        name="",
        package_dimensions=None,
        shippable=None,
        statement_descriptor=None,
        tax_code=None,
        type="service",
        unit_label=None,
        updated=books.now,
        url=None,
    )
    if books.find(params.get("id")):
        raise invalid("Product already exists.", "id", "resource_already_exists")
    with_values(product, params, *(PRODUCT.keys() - {"metadata"}), "id")
    with_words(product, params.get("metadata"))
    return add(books, "product.created", product)


@endpoint("POST", "/v1/products/{id}", {**PRODUCT, "default_price": str})
def update_product(books: Books, params: Thing, key: str) -> Thing:
    product = books.need("product", key)
    with_values(product, params, *(PRODUCT.keys() - {"metadata"}), "default_price")
    with_words(product, params.get("metadata"))
    product["updated"] = books.now
    return change(books, "product.updated", product)


@endpoint("GET", "/v1/products/{id}")
def retrieve_product(books: Books, params: Thing, key: str) -> Thing:
    return books.need("product", key)


@endpoint(
    "GET",
    "/v1/products",
    {**PAGING, "active": bool, "ids": [str], "created": Times},
)
def list_products(books: Books, params: Thing) -> Thing:
    found = [
        product
        for product in books.every("product", active=params.get("active"))
        if product["id"] in params.get("ids", [product["id"]])
        and within(product["created"], params.get("created"))
    ]
    return page("/v1/products", found, params)


@endpoint("GET", "/v1/products/{id}/features", PAGING)
def list_product_features(books: Books, params: Thing, key: str) -> Thing:
    books.need("product", key)
    return listing(f"/v1/products/{key}/features", [])


@endpoint("POST", "/v1/prices", NEW_PRICE, required=("currency", "product"))
def create_price(books: Books, params: Thing) -> Thing:
    books.need("product", params["product"], "product", 400)
    price = new(
        books,
        "price",
        "price",
        active=True,
        billing_scheme="per_unit",
        custom_unit_amount=None,
        lookup_key=None,
        nickname=None,
        recurring=recurring_of(params.get("recurring")),
        tax_behavior="unspecified",
        tiers_mode=None,
        transform_quantity=None,
        type="recurring" if params.get("recurring") else "one_time",
        unit_amount=amount_of(params),
        unit_amount_decimal=str(amount_of(params)),
    )
    with_values(price, params, "active", "currency", "product", "nickname")
    with_values(price, params, "tax_behavior")
    with_words(price, params.get("metadata"))
    take_lookup_key(books, price, params)
    return add(books, "price.created", price)


def amount_of(params: Thing) -> int:
    """Return a price's cents."""
    amount = params.get("unit_amount")
    if amount is None:
        raise invalid(
            "Missing required param: unit_amount.", "unit_amount", "parameter_missing"
        )
    if amount < 0:
        message = "Invalid non-negative integer"
        raise invalid(message, "unit_amount", "parameter_invalid_integer")
    return int(amount)


def recurring_of(given: Any) -> Thing | None:
    """Return how often a price is due."""
    if not given:
        return None
    if "interval" not in given:
        missing = "recurring[interval]"
        raise invalid(
            f"Missing required param: {missing}.", missing, "parameter_missing"
        )
    return {
        "interval": given["interval"],
        "interval_count": given.get("interval_count") or 1,
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def take_lookup_key(books: Books, price: Thing, params: Thing) -> None:
    """Give a price a key nobody else has, or take it from the one that has it."""
    if "lookup_key" not in params:
        return
    key = params["lookup_key"]
    others = books.every("price", lookup_key=key) if key else []
    for other in others:
        if other["id"] == price["id"]:
            continue
        if not params.get("transfer_lookup_key"):
            raise invalid(
                f"A price (`{other['id']}`) already uses that lookup key.",
                "lookup_key",
                "resource_already_exists",
            )
        other["lookup_key"] = None
        spread(books, change(books, "price.updated", other))
    price["lookup_key"] = key


@endpoint("POST", "/v1/prices/{id}", PRICE)
def update_price(books: Books, params: Thing, key: str) -> Thing:
    price = books.need("price", key)
    with_values(price, params, "active", "nickname", "tax_behavior")
    with_words(price, params.get("metadata"))
    take_lookup_key(books, price, params)
    return spread(books, change(books, "price.updated", price))


def spread(books: Books, price: Thing) -> Thing:
    """Let subscriptions show a price as it now is."""
    for subscription in books.every("subscription"):
        items = subscription["items"]["data"]
        used = [item for item in items if item["price"]["id"] == price["id"]]
        for item in used:
            item["price"] = price
        if used:
            books.put(subscription)
    return price


@endpoint("GET", "/v1/prices/{id}")
def retrieve_price(books: Books, params: Thing, key: str) -> Thing:
    return books.need("price", key)


@endpoint(
    "GET",
    "/v1/prices",
    {
        **PAGING,
        "active": bool,
        "created": Times,
        "currency": str,
        "lookup_keys": [str],
        "product": str,
        "recurring": {"interval": INTERVAL},
        "type": choice("one_time", "recurring"),
    },
)
def list_prices(books: Books, params: Thing) -> Thing:
    asked = ("active", "currency", "product", "type")
    interval = (params.get("recurring") or {}).get("interval")
    found = [
        price
        for price in books.every("price", **{n: params.get(n) for n in asked})
        if price["lookup_key"] in params.get("lookup_keys", [price["lookup_key"]])
        and (not interval or (price["recurring"] or {}).get("interval") == interval)
        and within(price["created"], params.get("created"))
    ]
    return page("/v1/prices", found, params)


@included("price", "tiers")
def tiers(books: Books, price: Thing) -> None:
    """No price of the double has tiers."""


@included("price", "currency_options")
def currency_options(books: Books, price: Thing) -> Thing:
    """A price is in one currency only."""
    return {
        price["currency"]: {
            "custom_unit_amount": None,
            "tax_behavior": price["tax_behavior"],
            "unit_amount": price["unit_amount"],
            "unit_amount_decimal": price["unit_amount_decimal"],
        }
    }


def plan_of(price: Thing) -> Thing:
    """Return a price in the older shape that subscriptions' items still show."""
    recurring = price["recurring"]
    return {
        "id": price["id"],
        "object": "plan",
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": "per_unit",
        "created": price["created"],
        "currency": price["currency"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "livemode": False,
        "metadata": price["metadata"],
        "meter": None,
        "nickname": price["nickname"],
        "product": price["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }
