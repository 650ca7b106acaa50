"""A domain name system of our own, and Acme's domains."""

import pytest

from organizations.domains.dns import NoAnswer
from organizations.domains.models import JoinRequest, OrganizationDomain
from organizations.tenancy import no_context, tenant

DOMAINS = "/organizations/domains/"
NEAR, JOIN = DOMAINS + "near/", DOMAINS + "join/"
REQUESTS = DOMAINS + "requests/"
# What each domain says of itself.
RECORDS: dict[str, list[str]] = {}


def answer(domain):
    """Stand in for the domain name system."""
    if domain not in RECORDS:
        raise NoAnswer(domain)
    return RECORDS[domain]


@pytest.fixture(autouse=True)
def _our_names(settings):
    settings.DNS_RESOLVER = "tests.domains.conftest.answer"
    yield
    RECORDS.clear()


@pytest.fixture
def acmes(cast):
    """Give Acme the domain of the whole cast, proven unless said otherwise."""

    def own(domain="example.com", **values):
        from django.utils import timezone

        values = {"verified_at": timezone.now(), "joining": "automatic"} | values
        with no_context(), tenant(cast.acme):
            return OrganizationDomain.objects.create(domain=domain, **values)

    return own


def fresh(cast, domain):
    with no_context(), tenant(cast.acme):
        return OrganizationDomain.objects.filter(pk=domain.pk).first()


def wishes(cast):
    with no_context(), tenant(cast.acme):
        return list(JoinRequest.objects.order_by("pk"))
