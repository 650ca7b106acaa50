"""Everything that was recorded, sent to a receiver of each organization: no mark of
another organization is in anything that one of them gets."""

import pytest

from organizations.events.models import ReaderPlace
from organizations.events.reading import read_all
from organizations.tenancy import no_context, tenant
from organizations.webhooks.models import Delivery, Endpoint
from organizations.webhooks.sealing import locked, new_secret
from tests.isolation.test_canaries import story  # noqa: F401
from tests.isolation.walk import MARK, organization_ids
from tests.webhooks.receivers import receiving


@pytest.fixture
def two():
    with receiving() as a, receiving() as b:
        yield {"A": a, "B": b}


def listen(organization, receiver):
    """Have an organization's whole history told to a receiver."""
    with no_context(), tenant(organization):
        Endpoint.objects.update(
            url=receiver.url, secret=locked(new_secret()), former_secret=""
        )
        Endpoint.objects.update(starts_after=0)
        ReaderPlace.objects.filter(reader="webhooks").delete()
        assert read_all() == []
        return Delivery.objects.count()


def test_nobody_is_told_anything_of_anothers(story, db, two, run_jobs, settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    ids = organization_ids(story)
    told = {letter: listen(ids[letter], two[letter]) for letter in two}
    run_jobs(places=4)
    for letter, receiver in two.items():
        assert len(receiver.requests) >= told[letter] > 50
        other = ids["B" if letter == "A" else "A"]
        for request in receiver.requests:
            text = request.body.decode() + repr(request.headers) + request.path
            marks = {found[1].lower() for found in MARK.finditer(text)}
            assert marks <= {letter.lower(), "ab"}, text
            assert other not in text
