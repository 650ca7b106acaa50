"""Whatever is typed into the forms of a stranger, no page breaks."""

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from organizations.tenancy import identity
from tests.conftest import PASSWORD

EXPECTED = {200, 302, 400, 413, 422, 429}
# Everything at once: NUL, controls, astral letters, marks that combine, right to left.
ODD = st.one_of(
    st.text(max_size=60),
    st.text(
        alphabet="\0\r\n\t\u202e\u0301\ufeff\ud7ff\U0001f469\u200d'\"<>%&@.",
        max_size=30,
    ),
    st.sampled_from(
        ["", " ", "a" * 5000, "ß" * 300, "İ@İ.İ", "\u212a@x.at", "Ａ@ｂ.com"]
    ),
)
ADDRESS = st.one_of(ODD, ODD.map(lambda text: f"{text}@example.com"), st.emails())
PATHS = {
    "/accounts/signup/": ("first_name", "last_name", "email", "password1", "next"),
    "/accounts/login/": ("login", "password", "next"),
    "/accounts/login/code/": ("email", "next"),
    "/accounts/password/reset/": ("email",),
}


def post(client, path, data, **more):
    with identity():
        cache.clear()
    return client.post(path, data, **more)


@pytest.mark.parametrize("path", PATHS)
@given(data=st.data())
def test_a_strangers_form_never_breaks(db, path, data):
    form = data.draw(st.fixed_dictionaries(dict.fromkeys(PATHS[path], ODD)))
    assert post(Client(), path, form).status_code in EXPECTED


@given(email=ADDRESS, first=ODD)
def test_any_address_is_taken_or_refused(db, email, first):
    form = {"email": email, "password1": PASSWORD, "first_name": first}
    answer = post(Client(), "/accounts/signup/", form)
    assert answer.status_code in (200, 302)


@given(
    st.fixed_dictionaries(
        dict.fromkeys(("first_name", "last_name", "language", "theme", "timezone"), ODD)
    )
)
def test_the_profile_never_breaks(at_home, form):
    assert post(at_home, "/accounts/profile/", form).status_code in EXPECTED


@given(first=ODD, last=ODD)
def test_any_name_is_taken_or_refused(at_home, first, last):
    form = {"language": "en", "theme": "dark", "timezone": "UTC"}
    form |= {"first_name": first, "last_name": last}
    assert post(at_home, "/accounts/profile/", form).status_code in (302, 422)
    assert at_home.get("/accounts/profile/").status_code == 200


@given(body=st.binary(max_size=200))
def test_bytes_that_are_no_form_never_break(db, body):
    kind = "application/x-www-form-urlencoded"
    answer = post(Client(), "/accounts/login/", body, content_type=kind)
    assert answer.status_code in EXPECTED


@pytest.mark.parametrize("path", [*PATHS, "/accounts/confirm-email/"])
@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=nonsense",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/json",
        "text/plain",
        "",
    ],
)
def test_a_body_of_another_kind_never_breaks(db, path, kind):
    answer = Client().generic("POST", path, b"email=%FF%FE&\xff", content_type=kind)
    assert answer.status_code in EXPECTED | {403}


@pytest.mark.parametrize("value", ["1e6", "\0", "x" * 100_000, "[]", "' --"])
def test_a_senseless_code_is_a_wrong_code(visitor, alice, value):
    for path, form in (
        ("/accounts/login/code/", "/accounts/login/code/confirm/"),
        ("/accounts/password/reset/", "/accounts/password/reset/confirm/"),
    ):
        visitor.post(path, {"email": alice.email})
        assert visitor.post(form, {"code": value}).status_code == 200
