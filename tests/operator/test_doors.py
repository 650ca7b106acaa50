import re
import subprocess
import sys
from types import ModuleType

import pytest
from django.conf import settings as project
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from config.operator.site import site
from organizations.tenancy import current, tenant
from tests.conftest import PASSWORD, join
from tests.operator.conftest import CONSOLE, SOME_ID, address

CONVERTERS = {"object_id": SOME_ID, "app_label": "tasks", "url": "no/such/page/"}


def patterns(resolver, prefix):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, prefix + str(entry.pattern))
        else:
            assert isinstance(entry, URLPattern)
            yield prefix + str(entry.pattern)


def every_address():
    """Every address of the console, from the resolver itself."""
    console = next(
        entry
        for entry in get_resolver().url_patterns
        if isinstance(entry, URLResolver) and entry.app_name == "admin"
    )
    for route in patterns(console, "/admin/"):
        filled = re.sub(r"<\w+:(\w+)>", lambda m: CONVERTERS[m[1]], route)
        filled = re.sub(r"\^?\(\?P<(\w+)>[^)]*\)", lambda m: CONVERTERS[m[1]], filled)
        yield filled.replace("$", "")


ADDRESSES = sorted(set(every_address()))


def test_the_walk_knows_the_whole_console():
    assert len(ADDRESSES) > 5 * len(site._registry)
    assert "/admin/accounts/user/" in ADDRESSES
    assert f"/admin/tasks/task/{SOME_ID}/change/" in ADDRESSES


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_sent_to_the_sign_in_page(db, client, method):
    for page in ADDRESSES:
        answer = getattr(client, method)(page)
        assert answer.status_code == 302, page
        assert answer["Location"].startswith(reverse("account_login") + "?next="), page


# cap 37
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["as_alice", "as_nora", "as_vera"])
def test_members_find_no_console(request, who, method):
    client = request.getfixturevalue(who)
    missing = getattr(client, method)("/no/such/page/")
    for page in ADDRESSES:
        answer = getattr(client, method)(page)
        assert answer.status_code == 404, page
        assert without_ids(answer) == without_ids(missing), page


def without_ids(answer):
    return re.sub(rb"[0-9a-f]{32}", b"", answer.content)


@CONSOLE
def test_staff_open_every_page(as_olga, rows):
    for model in site._registry:
        assert as_olga.get(address(model, "changelist")).status_code == 200, model
    for page in ADDRESSES:
        assert as_olga.get(page).status_code in (200, 302, 403, 404), page


@CONSOLE
@pytest.mark.parametrize("page", ["login", "logout", "password_change", "no/such"])
def test_the_console_has_no_doors_of_its_own(as_olga, page):
    assert as_olga.get(f"/admin/{page}/").status_code == 404


@CONSOLE
def test_signing_in_leads_back_to_the_console(cast, client):
    door = client.get("/admin/tasks/task/")["Location"]
    answer = client.post(door, {"login": cast.olga.email, "password": PASSWORD})
    assert answer["Location"] == "/admin/tasks/task/"
    assert client.get("/admin/tasks/task/").status_code == 200


def test_the_door_of_staff_is_rate_limited(cast, client):
    door = reverse("account_login") + "?next=/admin/"
    for _try in range(6):
        client.post(door, {"login": cast.olga.email, "password": "wrong"})
    client.post(door, {"login": cast.olga.email, "password": PASSWORD})
    assert client.get("/admin/").status_code == 302


@CONSOLE
def test_staff_who_were_banned_are_strangers(as_olga, cast, look):
    look(lambda: type(cast.olga).objects.filter(pk=cast.olga.pk).update(banned=True))
    assert as_olga.get("/admin/").status_code == 302


# cap 36
@CONSOLE
def test_the_operators_context_ends_with_the_request(cast, rows, sign_in):
    join(cast.globex, cast.olga, "member")
    client = sign_in(cast.olga, cast.globex)
    assert "Oil the gate" in client.get("/admin/tasks/task/").content.decode()
    assert current() is None
    assert "Oil the gate" not in client.get("/tasks/").content.decode()


@CONSOLE
def test_staff_inside_an_organization_see_all_of_them_in_the_console(cast, sign_in):
    join(cast.globex, cast.olga, "member")
    page = sign_in(cast.olga, cast.globex).get("/admin/organizations/organization/")
    assert "Acme" in page.content.decode()
    assert "Globex" in page.content.decode()


@CONSOLE
def test_the_context_ends_when_a_page_fails(as_olga):
    as_olga.raise_request_exception = False
    assert as_olga.get("/admin/tasks/task/?number=x").status_code in (302, 400)
    assert as_olga.get(f"/admin/tasks/task/{SOME_ID}/history/").status_code == 302
    assert current() is None


@CONSOLE
def test_each_visit_is_logged_and_the_first_is_recorded(as_olga, cast, look, caplog):
    from organizations.audit.models import PlatformEntry

    as_olga.get("/admin/")
    as_olga.get("/admin/tasks/task/")
    lines = [r.msg for r in caplog.records if r.name == "insula.bypass"]
    assert [line["reason"] for line in lines] == [
        "console GET /admin/",
        "console GET /admin/tasks/task/",
    ]
    assert {line["operator"] for line in lines} == {str(cast.olga.pk)}
    entries = look(lambda: list(PlatformEntry.objects.filter(action="console.entered")))
    assert [(e.actor_id, e.actor_type) for e in entries] == [(cast.olga.pk, "operator")]


def test_a_process_without_the_operators_address_has_no_console(
    cast, sign_in, settings
):
    settings.HAS_CONSOLE = False
    urls = ModuleType("urls_without_console")
    exec((project.BASE_DIR / "config" / "urls.py").read_text(), urls.__dict__)
    sys.modules["urls_without_console"] = urls
    settings.ROOT_URLCONF = "urls_without_console"
    client = sign_in(cast.olga)
    assert client.get("/admin/").status_code == 404
    assert client.get("/admin/tasks/task/").status_code == 404
    with tenant(cast.acme, cast.olga):
        assert current().mode == "tenant"


# cap 37
@pytest.mark.parametrize(
    ("address", "has_console"), [(None, False), ("operator", True)]
)
def test_the_console_comes_with_the_operators_address(address, has_console):
    environment = {
        "PATH": "/usr/bin:/bin",
        "DATABASE_URL": "postgres://app:x@db/insula",
        "SECRET_KEY": "s" * 50,
        "TENANCY_SEAL_KEY": "k" * 50,
        "ALLOWED_HOSTS": "insula.example",
    }
    if address:
        environment["DATABASE_OPERATOR_URL"] = f"postgres://{address}:x@db/insula"
    code = "from config import settings; print(settings.HAS_CONSOLE)"
    command = [sys.executable, "-c", code]
    found = subprocess.run(
        command, env=environment, cwd=project.BASE_DIR, capture_output=True, check=True
    )
    assert found.stdout.decode().strip() == str(has_console)
