"""Where something is not open to a role, the page says what it takes."""

import pytest

from organizations.tenancy import no_context, tenant
from tests.isolation.test_matrix import sample_task, sample_team

EDITORS = "you need the role Owner, Admin or Member."
KEEPERS = "you need the role Owner or Admin."
OWNERS = "you need the role Owner."
TASKS, MEMBERS = "/tasks/", "/organizations/members/"
TEAMS, SETTINGS = "/organizations/teams/", "/organizations/settings/"


def task(cast):
    return f"{TASKS}{sample_task(cast, 'acme')}/"


def team(cast):
    return f"{TEAMS}{sample_team(cast, 'acme')}/"


def bob(cast):
    with no_context(), tenant(cast.acme):
        return f"{MEMBERS}{cast.acme.memberships.get(user=cast.bob).pk}/"


def alice(cast):
    with no_context(), tenant(cast.acme):
        return f"{MEMBERS}{cast.acme.memberships.get(user=cast.alice).pk}/"


@pytest.mark.parametrize(
    ("who", "page", "sentences"),
    [
        ("vera", TASKS, [f"To change tasks {EDITORS}"]),
        ("vera", task, [f"To change tasks or delete tasks {EDITORS}"]),
        ("bob", task, [f"To see the audit log {KEEPERS}"]),
        (
            "bob",
            MEMBERS,
            [
                f"To change members, invite people or change mail domains {KEEPERS}",
                f"To change roles or change owners {OWNERS}",
            ],
        ),
        ("adam", MEMBERS, [f"To change roles or change owners {OWNERS}"]),
        ("vera", bob, [f"To change members {KEEPERS}"]),
        ("adam", alice, [f"To change owners {OWNERS}"]),
        ("bob", TEAMS, [f"To change teams {KEEPERS}"]),
        ("bob", team, [f"To change teams {KEEPERS}"]),
        ("adam", SETTINGS, [f"To delete the organization {OWNERS}"]),
        (
            "vera",
            SETTINGS,
            [
                f"To change the organization or ask for a second step {KEEPERS}",
                f"To delete the organization {OWNERS}",
            ],
        ),
    ],
)
def test_what_is_hidden_is_explained(cast, sign_in, who, page, sentences):
    client = sign_in(getattr(cast, who), cast.acme)
    text = client.get(page(cast) if callable(page) else page).text
    for sentence in sentences:
        assert sentence in text


@pytest.mark.parametrize("page", [TASKS, task, MEMBERS, bob, TEAMS, team, SETTINGS])
def test_owners_miss_nothing(cast, as_alice, page):
    answer = as_alice.get(page(cast) if callable(page) else page)
    assert answer.status_code == 200
    assert "you need the role" not in answer.text
