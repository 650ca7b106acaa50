"""The queue's jobs about events; what they do is told elsewhere."""

from organizations.events.product import forget_old
from organizations.events.reading import read_all
from organizations.events.statements import QUEUE
from organizations.queries import open_organizations
from organizations.tenancy import no_context, tenant
from organizations.tenancy.jobs import job, periodic


@job(queue=QUEUE)
def read_events() -> None:
    """Let every reader read what is new; the trigger of the entries enqueues it."""
    failures = read_all()
    if failures:
        raise ExceptionGroup("events were not read", failures)


@periodic("53 3 * * *")
def forget_product_events() -> None:
    """Delete what was counted long ago, nobody's and each organization's."""
    forget_old()
    for organization_id in open_organizations():
        with no_context(), tenant(organization_id):
            forget_old()
