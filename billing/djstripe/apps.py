"""dj-stripe as far as the house uses it."""

from typing import Any

from djstripe.apps import DjstripeAppConfig


class DjstripeConfig(DjstripeAppConfig):
    """Stripe's objects as rows, and nothing else of the package.

    Its receivers belong to an endpoint that is not ours, and its checks would ask the
    database for that endpoint at the start of every command.
    """

    def ready(self) -> None:
        # Objects of the present library lack what the package asks of them.
        from djstripe import _stripe_compat  # noqa: F401
        from djstripe.models import Account

        Account.get_or_retrieve_for_api_key = nobody


def nobody(api_key: str) -> Any:
    """Name no account: the package would keep our secret key beside it in a table."""
    return None
