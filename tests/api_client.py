"""Another program that calls the API with a key of an organization."""

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
from django.test import Client
from django.utils import timezone

from config.api import api
from organizations.api.models import ApiKey
from organizations.api.offered import ABILITIES
from organizations.api.secrets import digest_of, new_text, prefix_of
from organizations.audit.models import AuditEntry
from organizations.models import Organization
from organizations.tenancy import no_context, tenant

BASE = "/api/v1"
VIEWS = [name for name in ABILITIES if name.endswith(".view") and name != "audit.view"]


@cache
def described() -> dict[str, Any]:
    """Return the API as it describes itself."""
    # Enums and the like are what JSON makes of them.
    return json.loads(json.dumps(api.get_openapi_schema(), default=str))


@cache
def validator(address: str, method: str, status: str) -> Any:
    """Return what checks an answer, or None where nothing is promised of it."""
    responses = described()["paths"][address][method]["responses"]
    found = responses[status].get("content", {}).get("application/json")
    if found is None:
        return None
    parts = {"components": described()["components"]}
    return jsonschema_rs.Draft202012Validator(found["schema"] | parts)


def conforming(answer: Any) -> Any:
    """Return an answer that is as the API describes it."""
    asked, status = answer.wsgi_request, answer.status_code
    if "json" not in answer.headers.get("Content-Type", "") or not asked.resolver_match:
        return answer
    route = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", asked.resolver_match.route)
    checks = validator(f"/{route}", asked.method.lower(), str(status))
    if checks is not None:
        checks.validate(answer.json())
    return answer


class Program:
    """A program with a key, which may do what it is given."""

    def __init__(self, organization: Any, by: Any, *scopes: str) -> None:
        self.organization, self.client = organization, Client()
        text = new_text(organization.pk)
        with no_context(), tenant(organization, by):
            # How often one may ask is tested by itself.
            rows = Organization.objects.filter(pk=organization.pk)
            rows.update(api_per_minute=1_000_000)
            self.key = ApiKey.objects.create(
                name="Shop backend",
                prefix=prefix_of(text),
                digest=digest_of(text),
                scopes=sorted(scopes or ABILITIES),
                created_by=by,
                # What is noted once a minute is not counted as a query.
                last_used_at=timezone.now(),
            )
        self.headers = {"Authorization": f"Bearer {text}"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        how: dict[str, Any] = {"headers": self.headers | named}
        if body is not None:
            how |= {"data": body, "content_type": "application/json"}
        return conforming(getattr(self.client, method)(f"{BASE}{path}", **how))

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("get", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("post", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("patch", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.ask("delete", path, **headers)

    def every(self, path: str) -> list[dict[str, Any]]:
        """Return a whole list, read page by page."""
        found, cursor, mark = [], "", "&" if "?" in path else "?"
        while cursor is not None:
            answer = self.get(f"{path}{mark}cursor={cursor}" if cursor else path)
            assert answer.status_code == 200, answer.content
            found += answer.json()["items"]
            cursor = answer.json()["next"]
        return found

    def entries(self, action: str = "") -> list[AuditEntry]:
        """Return what was recorded of an organization, the oldest first."""
        with no_context(), tenant(self.organization):
            rows = AuditEntry.objects.order_by("sequence")
            return list(rows.filter(action=action) if action else rows)

    def last(self) -> tuple[str, str, str]:
        """Return what was recorded last: what, by what kind of actor, and its name."""
        entry = self.entries()[-1]
        return entry.action, entry.actor_type, entry.actor_label


def code(answer: Any) -> tuple[int, str]:
    """Return the status and the code of a refusal."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def wheres(answer: Any) -> list[str]:
    """Return where the values at fault stand."""
    assert code(answer) == (422, "invalid"), answer.content
    return [error["where"] for error in answer.json()["errors"]]
