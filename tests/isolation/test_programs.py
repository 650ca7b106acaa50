"""No mark of one organization in any answer to another's program."""

import json
import re

import pytest

from accounts.models import User
from organizations.audit.models import AuditEntry
from organizations.gallery.models import Image
from organizations.invitations.models import Invitation
from organizations.models import Organization
from organizations.tenancy import identity, no_context, tenant
from tasks.changesets.models import ChangeSet
from tasks.comments.models import Comment
from tasks.labels.models import Label
from tests.api_client import BASE, Program, described
from tests.isolation import walk
from tests.isolation.test_canaries import SHARED_A, SHARED_B, story  # noqa: F401

LETTERS = {"A": SHARED_A, "B": SHARED_B}
# What a program could send; some of it fits each of the bodies.
BODIES = [
    {"title": "Walked"},
    {"name": "Walked"},
    {"body": "Walked"},
    {"role": "viewer"},
    {"email": "walked@example.net"},
]
# It would end what the others look at.
LAST = ("delete", "post", "put", "patch")


@pytest.fixture
def ids(story):
    """Ids of every organization, by the name that an address has for them."""
    found = {
        "task_id": walk.task_ids(story),
        "team_id": walk.team_ids(story),
        "member_id": walk.member_ids(story),
        "user_id": walk.people_ids(story),
    }
    models = [("label_id", Label), ("comment_id", Comment), ("image_id", Image)]
    models += [("invitation_id", Invitation), ("entry_id", AuditEntry)]
    models += [("change_set_id", ChangeSet)]
    return found | {name: walk.first_ids(model, story) for name, model in models}


def program(story, letter):
    key = walk.organization_ids(story)[letter]
    with no_context(), identity():
        login = f"cnry-{letter.lower()}-member-1@example.com"
        person = User.objects.get(email=login)
    with no_context(), tenant(key, person):
        organization = Organization.objects.get(pk=key)
    return Program(organization, person)


def calls(ids):
    """Yield every method and address, filled in with what each organization has."""
    for path, methods in described()["paths"].items():
        for method in sorted(methods, key=("get", *LAST).index):
            for address in filled(path.removeprefix(BASE), ids):
                yield method, address


def filled(path, ids):
    names = re.findall(r"\{(\w+)\}", path)
    if not names:
        return [path]
    letters = sorted(set().union(*(ids[name] for name in names)))
    keys = [{name: ids[name].get(letter, letter) for name in ids} for letter in letters]
    return [path.format_map(each) for each in keys]


@pytest.mark.parametrize("letter", LETTERS)
def test_a_program_sees_its_own_marks_and_no_others(story, ids, db, letter):
    api = program(story, letter)
    actor = walk.Actor("program", letter, letter, LETTERS[letter])
    leaks, own, answers = [], set(), 0
    for method, address in sorted(calls(ids), key=lambda call: call[0] != "get"):
        for body in [None] if method in ("get", "delete") else BODIES:
            answer = api.ask(method, address, body)
            text = walk.body_of(answer) + repr(answer.headers)
            assert answer.status_code < 429, (method, address)
            leaks += [(method, address, one) for one in actor.foreign(text)]
            own |= actor.own(text)
            answers += 1
    assert leaks == []
    assert any("-title-" in mark for mark in own)
    assert answers > 200


def test_nothing_foreign_is_told_apart_from_nothing(story, ids, db):
    api = program(story, "A")
    for path in (p for p in described()["paths"] if p.count("{") == 1):
        name = re.findall(r"\{(\w+)\}", path)[0]
        if "B" not in ids[name] or "get" not in described()["paths"][path]:
            continue
        told = [
            api.get(re.sub(r"\{\w+\}", key, path.removeprefix(BASE)))
            for key in (ids[name]["B"], "0190f5a0-0000-7000-8000-000000000000")
        ]
        first, second = [json.loads(one.content) | {"request_id": ""} for one in told]
        assert first == second
        assert told[0].status_code == 404
