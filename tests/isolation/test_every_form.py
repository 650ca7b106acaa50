"""Every form of every route, filled with whatever people and programs send."""

import importlib
import pkgutil
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms import BaseForm
from hypothesis import given, settings
from hypothesis import strategies as st

import accounts
import organizations
import tasks
from organizations.audit.models import AuditEntry
from organizations.tenancy import no_context, tenant
from tests.isolation.test_matrix import OURS, SAMPLES, address, kind_of

PACKAGES = (accounts, organizations, tasks)
POSTING = [route for route in OURS if "POST" in route.methods]
# Refused or taken, never broken; 409 is a page of another organization.
ANSWERS = {200, 204, 302, 400, 403, 404, 409, 413, 422, 429}
FORM = "application/x-www-form-urlencoded"
NASTY = st.sampled_from(
    [
        "",
        "\0",
        "a\0b",
        "\u202eevil",
        "\ufeff",
        "\ud7ff",
        "😀" * 3_000,
        "x" * 10_000,
        "9" * 400,
        "-1",
        "1e999",
        "NaN",
        "0000-00-00",
        "0000-01-01",
        "9999-12-31",
        "10000-01-01",
        "[]",
        "{",
        "null",
        '{"a": {"b": ["\\u0000"]}}',
        "%s%(x)s{0}",
        "{{ 7|add:7 }}",
        "'; DROP TABLE x--",
        "<script>alert(1)</script>",
        "a\r\nSet-Cookie: b=c",
        "../../etc/passwd",
        "owner",
        "on",
        "a@example.com",
        "018f0000-0000-7000-8000-000000000000",
    ]
)
ANYTHING = st.one_of(NASTY, st.text(max_size=60), st.integers().map(str))


def modules(package):
    """Yield the names of a package's modules of forms."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if found.name.endswith((".forms", ".words")):
            yield found.name


def every_field():
    """Return the names of all fields of all forms of the product."""
    names = set()
    for package in PACKAGES:
        for name in modules(package):
            if "site-packages" in str(importlib.import_module(name).__file__):
                continue
            for form in vars(importlib.import_module(name)).values():
                if isinstance(form, type) and issubclass(form, BaseForm):
                    names |= set(getattr(form, "base_fields", {}))
    return sorted(names)


FIELDS = every_field()


def test_the_fields_are_found():
    assert {"title", "addresses", "role", "domain", "slug", "max_uses"} <= set(FIELDS)
    assert len(POSTING) > 20


@pytest.fixture
def keys(cast):
    """Return a sample's key by its kind, made when it is first asked for."""
    made = {}

    def key_of(kind):
        if kind not in made and kind in SAMPLES:
            made[kind] = SAMPLES[kind](cast, "acme")
        return made.get(kind)

    return key_of


def undone(client, where, body, **how):
    """Send a form and take back whatever it did."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = client.post(where, body, **how)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def named(routes):
    return [pytest.param(route, id=route.name) for route in routes]


@pytest.mark.parametrize("route", named(POSTING))
@settings(max_examples=8)
@given(values=st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=8))
def test_any_values_get_an_answer(as_alice, keys, route, values):
    where = address(route, keys(kind_of(route)))
    answer = undone(as_alice, where, values)
    assert answer.status_code in ANSWERS, (route.name, values)


@pytest.mark.parametrize("route", named(POSTING))
def test_every_field_at_its_worst_gets_an_answer(as_alice, keys, route):
    where = address(route, keys(kind_of(route)))
    for value in ("\0", "x" * 100_000, "9" * 400, "9999-99-99", "\ud800"):
        body = dict.fromkeys(FIELDS, value.encode("utf-8", "replace").decode())
        answer = undone(as_alice, where, body)
        assert answer.status_code in ANSWERS, (route.name, value[:10])


@pytest.mark.parametrize("route", named(POSTING))
def test_bytes_that_are_no_text_get_an_answer(as_alice, keys, route):
    where = address(route, keys(kind_of(route)))
    body = b"&".join(name.encode() + b"=\xff\xfe%ff%00" for name in FIELDS)
    answer = undone(as_alice, where, body, content_type=FORM)
    assert answer.status_code in ANSWERS, route.name


@pytest.mark.parametrize("route", named(POSTING))
def test_files_where_text_belongs_get_an_answer(as_alice, keys, route):
    where = address(route, keys(kind_of(route)))
    body = {
        name: SimpleUploadedFile("a\u202e.svg", b"<svg onload=x>\0\xff")
        for name in FIELDS[:15]
    }
    assert undone(as_alice, where, body).status_code in ANSWERS, route.name


# Nobody looks on here and no banner shows: these are as missing as any address.
MISSING = {"support:ask", "support:stop", "banners:banner_dismiss"}


def test_ten_megabytes_in_one_field_are_refused(as_alice, keys):
    for route in POSTING:
        where = address(route, keys(kind_of(route)))
        body = urlencode({"title": "x" * 10_000_000})
        answer = undone(as_alice, where, body, content_type=FORM)
        # A verb without a form reads none of it.
        off = {404} if route.name in MISSING else set()
        assert answer.status_code in {302, 400, 413} | off, route.name


def test_a_thousand_fields_too_many_are_refused(as_alice, keys):
    body = urlencode([(f"f{n}", "x") for n in range(1_100)])
    for route in POSTING:
        where = address(route, keys(kind_of(route)))
        answer = undone(as_alice, where, body, content_type=FORM)
        # A verb without a form reads none of it; nor does one that is switched off.
        off = {404} if route.name in {"intake:stripe_event", *MISSING} else set()
        assert answer.status_code in {302, 400, 413} | off, route.name


def history(organization):
    with no_context(), tenant(organization):
        return AuditEntry.objects.count()


@pytest.mark.parametrize("route", named(POSTING))
def test_a_refused_form_leaves_no_trace(as_alice, cast, keys, route):
    where = address(route, keys(kind_of(route)))
    before = history(cast.acme)
    with transaction.atomic():
        answer = as_alice.post(where, dict.fromkeys(FIELDS, "\0"))
        traces = history(cast.acme) - before
        transaction.set_rollback(True)
    assert answer.status_code not in {400, 404, 409, 422} or traces == 0, route.name
