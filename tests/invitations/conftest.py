"""Inviting people to Acme, and the links in their mails."""

import re

import pytest
from django.core import mail

from organizations.invitations.models import Invitation
from organizations.models import Organization
from organizations.tenancy import no_context, tenant

INVITATIONS = "/organizations/invitations/"
NEW, LINK = INVITATIONS + "new/", INVITATIONS + "link/"
ADDRESS = re.compile(r"/join/[\w-]{54}/")


def of_acme(cast, **about):
    with no_context(), tenant(cast.acme):
        rows = Invitation.objects.select_related("inviter").order_by("pk")
        return list(rows.filter(**about))


def change(cast, **values):
    with no_context(), tenant(cast.acme):
        Invitation.objects.update(**values)


def limit_seats(cast, number):
    with no_context(), tenant(cast.acme):
        rows = Organization.objects.filter(pk=cast.acme.pk)
        rows.update(limits={"members": number})


@pytest.fixture
def send(as_alice):
    """Invite addresses as Alice."""

    def invite(*addresses, role="member"):
        values = {"addresses": "\n".join(addresses), "role": role}
        return as_alice.post(NEW, values)

    return invite


@pytest.fixture
def mailed(send, run_jobs):
    """Invite an address and return the link of the mail."""

    def invite(address, role="member"):
        assert send(address, role=role).status_code == 302
        run_jobs()
        assert mail.outbox[-1].to == [address]
        return ADDRESS.search(mail.outbox[-1].body)[0]

    return invite


@pytest.fixture
def made_link(as_alice):
    """Make a link as Alice and return where it leads."""

    def make(**values):
        page = as_alice.post(LINK, {"role": "member", "days": "7"} | values)
        assert page.status_code == 200, page.text
        return ADDRESS.search(page.text)[0]

    return make
