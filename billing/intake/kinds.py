"""Which events matter: what is read again after them, and what is mirrored."""

from collections.abc import Callable
from typing import Any, Final

# Of these the customer is read again. The endpoint at Stripe is asked for no others.
SYNCED: Final = frozenset(
    {
        "charge.refunded",
        "checkout.session.async_payment_failed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.completed",
        "checkout.session.expired",
        "customer.created",
        "customer.deleted",
        "customer.subscription.created",
        "customer.subscription.deleted",
        "customer.subscription.paused",
        "customer.subscription.resumed",
        "customer.subscription.trial_will_end",
        "customer.subscription.updated",
        "customer.updated",
        "invoice.created",
        "invoice.deleted",
        "invoice.finalized",
        "invoice.marked_uncollectible",
        "invoice.paid",
        "invoice.payment_action_required",
        "invoice.payment_failed",
        "invoice.payment_succeeded",
        "invoice.updated",
        "invoice.voided",
        "payment_method.attached",
        "payment_method.automatically_updated",
        "payment_method.detached",
        "payment_method.updated",
        "subscription_schedule.canceled",
        "subscription_schedule.completed",
        "subscription_schedule.released",
        "subscription_schedule.updated",
    }
)
# Of these only the mirror hears: our price list is written here, not there.
OF_THE_PRICE_LIST: Final = frozenset(
    {
        "price.created",
        "price.updated",
        "product.created",
        "product.updated",
    }
)
WANTED: Final = sorted(SYNCED | OF_THE_PRICE_LIST)

# The models of the mirror, by what Stripe calls an object.
MIRRORED: Final = {
    "customer": "Customer",
    "invoice": "Invoice",
    "payment_method": "PaymentMethod",
    "price": "Price",
    "product": "Product",
    "subscription": "Subscription",
}

# What else is done after a customer was read again, inside the organization; whoever
# has something to do enters it when its app is ready. It may be called twice.
AFTERWARDS: Final[dict[str, Callable[[], Any]]] = {}
