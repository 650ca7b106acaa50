"""The queue's jobs about webhooks, and those of the clock."""

from organizations.tenancy.jobs import periodic
from organizations.webhooks.purging import purge_all, wake_all
from organizations.webhooks.telling import mail_disabled
from organizations.webhooks.trying import try_next

__all__ = ["mail_disabled", "try_next"]

periodic("37 4 * * *")(purge_all)
periodic("12 * * * *")(wake_all)
