"""Billing's mails: to whom they go, and one job for each of them."""

from django.urls import reverse
from django.utils import translation

from accounts.mail import absolute, mail_to
from accounts.models import offered_language
from billing.letters import LETTERS
from billing.models import Subscription
from organizations.limits.payers import payers
from organizations.tenancy.jobs import enqueue, job


@job()
def mail_about_billing(*, user_id: str, name: str) -> None:
    """Send a mail to somebody who may still pay, if what it says is still so."""
    person = next((each for each in payers() if str(each.pk) == user_id), None)
    row = Subscription.objects.select_related("plan").first()
    if person is None or row is None:
        return
    with translation.override(offered_language(person.language)):
        letter = LETTERS[name](row)
    if letter is not None:
        letter["organization"] = row.organization
        letter["address"] = absolute(reverse("billing:overview"))
        mail_to(person, name, subscription=row, **letter).send()


def tell(name: str) -> None:
    """Mail all who may change plan and payment, once the change is kept."""
    for person in payers():
        enqueue(mail_about_billing, user_id=str(person.pk), name=name)
