"""Naming a domain and proving it."""

import pytest

from organizations.domains.models import OrganizationDomain
from organizations.tenancy import no_context, tenant
from tests.domains.conftest import DOMAINS, RECORDS, fresh
from tests.history import entries

NEW = DOMAINS + "new/"


def of_acme(cast):
    with no_context(), tenant(cast.acme):
        return list(OrganizationDomain.objects.all())


@pytest.mark.parametrize("who", ["as_alice", "as_adam"])
def test_a_domain_is_named_and_says_what_to_do(request, cast, who):
    client = request.getfixturevalue(who)
    page = client.post(NEW, {"domain": "@Acme.Example."}, follow=True)
    (domain,) = of_acme(cast)
    assert (domain.domain, domain.verified_at) == ("acme.example", None)
    assert f"insula-verification={domain.token}" in page.text
    assert len(entries(cast.acme, "domain.added")) == 1
    assert "Not proven" in client.get(DOMAINS).text


def test_naming_it_twice_is_naming_it_once(as_alice, cast):
    for _time in range(2):
        as_alice.post(NEW, {"domain": "acme.example"})
    assert len(of_acme(cast)) == len(entries(cast.acme, "domain.added")) == 1


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "acme",
        "acme example",
        "-acme.example",
        "gmail.com",
        "x" * 300,
        "a\0.de",
        "é",
    ],
)
def test_what_is_no_domain_of_ones_own_is_refused(as_alice, cast, domain):
    page = as_alice.post(NEW, {"domain": domain})
    assert page.status_code in {400, 422}
    assert of_acme(cast) == []


def test_a_domain_proves_itself_by_its_record(as_alice, acmes, cast):
    domain = acmes("acme.example", verified_at=None)
    RECORDS["acme.example"] = ["v=spf1 -all", f" {domain.record} "]
    page = as_alice.post(f"{DOMAINS}{domain.pk}/verify/", follow=True)
    assert "acme.example is yours" in page.text
    assert fresh(cast, domain).verified_at is not None
    assert len(entries(cast.acme, "domain.verified")) == 1
    as_alice.post(f"{DOMAINS}{domain.pk}/verify/")
    assert len(entries(cast.acme, "domain.verified")) == 1


@pytest.mark.parametrize(
    ("records", "words"),
    [
        (None, "gives no answer"),
        ([], "does not have that record yet"),
        (["insula-verification=" + "0" * 32], "does not have that record yet"),
    ],
)
def test_without_it_nothing_is_proven(as_alice, acmes, cast, records, words):
    domain = acmes("acme.example", verified_at=None)
    if records is not None:
        RECORDS["acme.example"] = records
    page = as_alice.post(f"{DOMAINS}{domain.pk}/verify/", follow=True)
    assert words in page.text
    assert fresh(cast, domain).verified_at is None
    assert entries(cast.acme, "domain.verified") == []


def test_how_people_join_is_changed_and_recorded(as_alice, acmes, cast):
    domain = acmes()
    values = {"joining": "asking", "role": "viewer"}
    for _time in range(2):
        as_alice.post(f"{DOMAINS}{domain.pk}/joining/", values)
    found = fresh(cast, domain)
    assert (found.joining, found.role) == ("asking", "viewer")
    (entry,) = entries(cast.acme, "domain.changed")
    assert entry.before == {"joining": "automatic", "role": "member"}


@pytest.mark.parametrize(
    "values",
    [
        {"joining": "everybody", "role": "member"},
        {"joining": "asking", "role": "owner"},
        {"joining": "asking", "role": "admin"},
        {},
    ],
)
def test_other_ways_are_refused(as_alice, acmes, cast, values):
    domain = acmes()
    page = as_alice.post(f"{DOMAINS}{domain.pk}/joining/", values)
    assert page.status_code == 422
    assert fresh(cast, domain).joining == "automatic"


def test_a_domain_is_removed_once(as_alice, acmes, cast):
    domain = acmes()
    page = as_alice.post(f"{DOMAINS}{domain.pk}/remove/", follow=True)
    assert "Whoever joined through it stays" in page.text
    assert fresh(cast, domain) is None
    assert len(entries(cast.acme, "domain.removed")) == 1
    assert as_alice.post(f"{DOMAINS}{domain.pk}/remove/").status_code == 404


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_members_and_viewers_change_no_domain(request, acmes, cast, who):
    client, domain = request.getfixturevalue(who), acmes()
    for verb in ("verify", "joining", "remove"):
        assert client.post(f"{DOMAINS}{domain.pk}/{verb}/").status_code == 403
    assert client.post(NEW, {"domain": "a.example"}).status_code == 403
    assert fresh(cast, domain).joining == "automatic"


def test_another_organization_changes_none(as_charlie, acmes, cast):
    domain = acmes()
    assert as_charlie.get(f"{DOMAINS}{domain.pk}/").status_code == 404
    for verb in ("verify", "joining", "remove"):
        there = as_charlie.post(f"{DOMAINS}{domain.pk}/{verb}/")
        assert there.status_code == 404
    assert "No domain yet" in as_charlie.get(DOMAINS).text
    assert fresh(cast, domain) is not None
