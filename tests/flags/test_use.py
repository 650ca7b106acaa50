"""A page with a part that a flag shows, and a route that a flag closes."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from organizations.tenancy import no_context, tenant
from organizations.webhooks.flows import create_endpoint, send_test
from organizations.webhooks.models import Delivery
from tests.flags.conftest import STAFF

pytestmark = STAFF
BUTTON = "Replay failed"


@pytest.fixture
def endpoint(cast, staff):
    with no_context(), tenant(cast.acme, cast.alice):
        made, _secret = create_endpoint(
            url="https://93.184.215.14/hooks", by=cast.alice
        )
        delivery = send_test(endpoint=made, by=cast.alice)
        Delivery.objects.filter(pk=delivery.pk).update(state="failed")
    return made


@pytest.fixture
def page(endpoint):
    return f"/developers/webhooks/{endpoint.pk}/"


def test_what_is_on_is_shown_and_done(as_alice, endpoint, page):
    assert BUTTON in as_alice.get(page).text
    answer = as_alice.post(f"{page}replay/", {"hours": "24"})
    assert (answer.status_code, answer["Location"]) == (302, page)


def test_what_is_killed_is_neither_shown_nor_there(
    as_alice, endpoint, page, staff, declared, known_anew
):
    staff.kill(declared)
    known_anew()
    answer = as_alice.get(page)
    assert answer.status_code == 200
    assert BUTTON not in answer.text
    closed = as_alice.post(f"{page}replay/", {"hours": "24"})
    missing = as_alice.post("/no/such/page/")
    assert closed.status_code == missing.status_code == 404
    assert without_ids(closed) == without_ids(missing)


# cap 77
def test_one_organization_alone_can_be_shut_out(
    as_alice, page, endpoint, staff, declared, cast, known_anew
):
    staff.override(declared, False, cast.globex)
    known_anew()
    assert BUTTON in as_alice.get(page).text
    staff.override(declared, False)
    known_anew()
    assert BUTTON not in as_alice.get(page).text


def test_who_may_is_asked_before_the_flag(as_vera, endpoint, page, staff, declared):
    staff.kill(declared)
    assert as_vera.post(f"{page}replay/", {"hours": "24"}).status_code == 403


def without_ids(answer):
    """The page without what is every request's own."""
    return answer.text.replace(answer["X-Request-Id"], "")


def drawn(text, organization):
    request = RequestFactory().get("/")
    request.organization = organization
    with no_context(), tenant(organization):
        return Template("{% load flags %}" + text).render(Context({"request": request}))


@pytest.mark.parametrize(
    ("text", "on", "off"),
    [
        ('{% flag "quick_look" %}yes{% endflag %}', "yes", ""),
        ("{% flag 'quick_look' %}yes{% else %}no{% endflag %}", "yes", "no"),
        (
            '{% flag "quick_look" %}{% if 1 %}a{% else %}b{% endif %}{% else %}c{% endflag %}',
            "a",
            "c",
        ),
    ],
)
def test_the_tag_shows_one_part_or_the_other(staff, cast, text, on, off):
    staff.override(staff.make("quick_look"), True)
    assert drawn(text, cast.acme) == on
    assert drawn(text, cast.globex) == off


def test_a_page_of_nobody_has_the_default(staff):
    staff.make("quick_look", default_enabled=True)
    shown = Template('{% load flags %}{% flag "quick_look" %}yes{% endflag %}')
    with no_context():
        assert shown.render(Context({})) == "yes"


@pytest.mark.parametrize(
    "tag", ["flag", "flag quick_look", 'flag "a" "b"', "flag \"quick_look'"]
)
def test_a_tag_without_one_key_in_quotes_is_refused(tag):
    with pytest.raises(TemplateSyntaxError):
        Template("{% load flags %}{% " + tag + " %}{% endflag %}")
