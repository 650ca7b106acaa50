"""Every hour the limits are looked at, so that nobody is stopped by surprise."""

from typing import Any

from organizations.limits import warning
from organizations.queries import open_organizations
from organizations.tenancy import tenant
from organizations.tenancy.jobs import enqueue, job, periodic


@job()
def mail_warning(*, user_id: str, key: str) -> None:
    """Mail somebody who can change the plan that a limit is near, or reached."""
    warning.mail(user_id, key)


def tell(person: Any, key: str) -> None:
    enqueue(mail_warning, user_id=str(person.pk), key=key)


@periodic("11 * * * *")
def warn() -> None:
    """Look at the limits of every organization."""
    for organization_id in open_organizations():
        with tenant(organization_id):
            warning.look(tell)
