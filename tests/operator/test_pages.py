import re

import pytest
from django.utils import timezone

from accounts.models import User
from config.operator.site import site
from organizations.models import Membership, Organization
from organizations.tenancy import no_context, tenant
from tasks.flows import create_tasks
from tasks.models import Task
from tests.conftest import join, make_user
from tests.operator.conftest import CONSOLE, address

pytestmark = CONSOLE

MANY = 30
INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE
)


def statements(client, page):
    answer = client.get(page)
    assert answer.status_code == 200
    return int(re.search(r'desc="(\d+)"', answer["Server-Timing"])[1])


@pytest.fixture
def more(cast):
    """Thirty more of everything that is listed."""

    def make():
        for number in range(MANY):
            user = make_user(f"person{number}")
            join(cast.acme, user, "viewer")
        with no_context(), tenant(cast.acme, cast.alice):
            drafts = [
                {"title": f"Task {n}", "assignees": [cast.bob]} for n in range(MANY)
            ]
            create_tasks(by=cast.alice, drafts=drafts)

    return make


def test_lists_ask_no_more_for_thirty_rows_than_for_one(as_olga, rows, more):
    pages = [address(model, "changelist") for model in site._registry] + ["/admin/"]
    as_olga.get("/admin/")
    before = {page: statements(as_olga, page) for page in pages}
    more()
    after = {page: statements(as_olga, page) for page in pages}
    # Beyond a page, one statement counts the rest.
    assert {p: n for p, n in after.items() if n > before[p] + 1} == {}
    # The first page counts many things, a few statements each.
    assert after.pop("/admin/") < 27
    assert max(after.values()) <= 14


def test_pages_of_one_ask_no_more_for_thirty_rows(as_olga, cast, rows, more):
    pages = [
        address(Organization, "change", cast.acme.pk),
        address(User, "change", cast.bob.pk),
        address(Task, "change", rows.task.pk),
    ]
    as_olga.get("/admin/")
    before = [statements(as_olga, page) for page in pages]
    more()
    after = [statements(as_olga, page) for page in pages]
    assert all(now <= then for now, then in zip(after, before, strict=True))


def test_nothing_in_a_page_breaks_the_content_policy(as_olga, cast, rows):
    pages = ["/admin/", *(address(model, "changelist") for model in site._registry)]
    pages += [address(model, "add") for model in site._registry]
    for row in (cast.acme, cast.bob, rows.task, rows.subscription):
        for page in ("change", "history"):
            pages.append(address(type(row), page, row.pk))
    pages.append(address(User, "delete", cast.nora.pk))
    for page in pages:
        found = INLINE.findall(as_olga.get(page).content.decode())
        assert found == [], page


def test_the_console_looks_like_no_other_page(as_olga):
    page = as_olga.get("/admin/").content.decode()
    assert re.search(r'<body\s+class="op\b', page)
    assert "css/operator.css" in page
    assert page.count("<h1") == 1


def test_the_newest_history_is_on_the_first_page(as_olga, rows):
    page = as_olga.get("/admin/").content.decode()
    assert "subscription.started" in page
    assert "task.created" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bob@", ["bob"]),
        ("Alice", ["alice"]),
        ("nobody at all", []),
        ("ALICE@EX", ["alice"]),
    ],
)
def test_people_are_found_by_name_and_address(as_olga, words, found):
    page = as_olga.get(address(User, "changelist"), {"q": words})
    emails = [user.email.partition("@")[0] for user in page.context["cl"].result_list]
    assert emails == found


def test_tasks_in_the_trash_are_listed_apart(as_olga, cast, rows):
    with no_context(), tenant(cast.acme, cast.alice):
        rows.task.remove(by=cast.alice)
    page = address(Task, "changelist")
    assert (
        len(as_olga.get(page, {"deleted_at__isempty": "0"}).context["cl"].result_list)
        == 1
    )
    assert (
        len(as_olga.get(page, {"deleted_at__isempty": "1"}).context["cl"].result_list)
        == 0
    )


def test_suspended_members_are_listed_apart(as_olga, cast, look):
    rows = Membership.objects.filter(user=cast.bob)
    look(lambda: rows.update(suspended_at=timezone.now()))
    page = as_olga.get(
        address(Membership, "changelist"), {"suspended_at__isempty": "0"}
    )
    assert [row.user_id for row in page.context["cl"].result_list] == [cast.bob.pk]


def test_no_page_shows_the_key_of_a_session(as_bob, as_olga, cast):
    from allauth.usersessions.models import UserSession

    key = as_bob.session.session_key
    page = address(UserSession, "changelist")
    assert key not in as_olga.get(page).content.decode()
