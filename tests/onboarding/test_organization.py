"""The step that makes an organization, and looks its address up while it is typed."""

import pytest

from organizations.models import FormerAddress
from organizations.tenancy import no_context, tenant
from tests.onboarding.conftest import WELCOME, home_of, page_of, progress
from tests.pictures.conftest import picture, upload

CHECK = f"{WELCOME}address/"


def found(client, **values):
    return client.post(page_of("organization"), {"name": "Harbour Works"} | values)


@pytest.fixture
def at_step(as_zoe):
    as_zoe.post(page_of("profile"), {"go": "skip"})
    return as_zoe


def test_the_founder_owns_it_and_works_in_it(at_step, zoe):
    found(at_step, slug="harbour")
    house = home_of(zoe)
    assert (house.name, house.slug) == ("Harbour Works", "harbour")
    assert "Harbour Works" in at_step.get("/tasks/").text


def test_without_an_address_one_is_made(at_step, zoe):
    found(at_step)
    assert home_of(zoe).slug == "harbour-works"


def test_a_taken_address_is_answered_inline_with_a_free_one(at_step, cast, zoe):
    answer = found(at_step, slug="acme")
    assert answer.status_code == 422
    assert "“acme” is taken. “acme-2” is free." in answer.text
    assert 'value="acme"' in answer.text
    assert "organization" not in progress(zoe)


@pytest.mark.parametrize("slug", ["welcome", "a b", "-x", "x" * 60])
def test_an_address_that_cannot_be_is_refused(at_step, zoe, slug):
    assert found(at_step, slug=slug).status_code == 422
    assert "organization" not in progress(zoe)


def test_a_logo_can_come_with_it(at_step, zoe):
    found(at_step, logo=upload(picture())["picture"])
    assert home_of(zoe).logo.name


def test_a_file_that_is_no_picture_makes_no_organization(at_step, zoe):
    answer = found(at_step, logo=upload(b"no picture")["picture"])
    assert answer.status_code == 422
    assert "no whole PNG" in answer.text
    assert "organization" not in progress(zoe)


def test_coming_back_mends_it_and_makes_no_second_one(founded, zoe):
    page = founded.get(page_of("organization")).text
    assert 'value="harbour-works"' in page
    answer = found(founded, name="Harbour Hands", slug="hands")
    assert answer["Location"] == page_of("colleagues")
    house = home_of(zoe)
    assert (house.name, house.slug) == ("Harbour Hands", "hands")
    with no_context(), tenant(house, zoe):
        assert FormerAddress.objects.get().slug == "harbour-works"


def test_coming_back_cannot_empty_the_address(founded, zoe):
    assert found(founded, slug="").status_code == 422
    assert home_of(zoe).slug == "harbour-works"


def test_a_taken_address_is_refused_when_mending_too(founded, cast, zoe):
    answer = found(founded, slug="acme")
    assert answer.status_code == 422
    assert "is taken" in answer.text
    assert home_of(zoe).slug == "harbour-works"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "Harbour", "slug": "harbour"}, "“harbour” is free."),
        ({"name": "Harbour", "slug": "acme"}, "“acme” is taken. “acme-2” is free."),
        ({"name": "Acme"}, "“acme-2” is free, and yours unless you write another."),
        ({"name": "Harbour", "slug": "a b"}, "Only small letters"),
        ({"name": "Harbour", "slug": "welcome"}, "kept for Insula"),
    ],
)
def test_an_address_is_looked_up_while_it_is_typed(at_step, cast, values, words):
    answer = at_step.post(CHECK, values, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert words in answer.text


def test_nothing_is_said_before_anything_is_typed(at_step):
    assert at_step.post(CHECK, {}).text.strip() == ""


def test_looking_up_takes_nothing(at_step, zoe):
    at_step.post(CHECK, {"name": "Harbour", "slug": "harbour"})
    assert found(at_step, slug="harbour").status_code == 302


def test_ones_own_address_is_neither_free_nor_taken(founded):
    values = {"name": "Harbour Works", "slug": "harbour-works"}
    assert founded.post(CHECK, values).text.strip() == ""
