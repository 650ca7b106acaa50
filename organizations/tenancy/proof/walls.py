"""The walls of one table: row security, policies, rights and triggers."""

import re
from collections.abc import Iterator
from dataclasses import replace

from django.conf import settings

from organizations.tenancy import policies
from organizations.tenancy.proof.catalog import Catalog, Policy, Relation
from organizations.tenancy.proof.expected import Expected
from organizations.tenancy.proof.finding import Finding
from organizations.tenancy.rules import Rls

SUB_SELECT = re.compile(r"\bSELECT\b", re.IGNORECASE)
# What PostgreSQL calls a trigger that fires: always, or unless replicating.
FIRING = {"O", "A"}


def wall_findings(
    catalog: Catalog, table: str, rls: Rls, expected: Expected
) -> Iterator[Finding]:
    """Yield what is wrong with one table's walls; all of it can be mended."""
    relation = catalog.table(table)
    if relation is None:
        yield Finding("I030", table, "the table is missing")
        return
    yield from row_security(relation)
    yield from policy_findings(catalog, relation, expected[table])
    yield from grant_findings(catalog, relation, rls)
    yield from trigger_findings(catalog, relation, rls)


def row_security(relation: Relation) -> Iterator[Finding]:
    """Yield whether row security is on, forced, and whose the table is."""
    owner, _, _ = policies.roles()
    if not relation.has_rls:
        yield Finding("I031", relation.label, "row level security is off")
    if not relation.is_forced:
        yield Finding(
            "I032", relation.label, "row level security is not forced for the owner"
        )
    if relation.owner != owner:
        yield Finding(
            "I033", relation.label, f"is owned by {relation.owner}, not {owner}"
        )


def policy_findings(
    catalog: Catalog, relation: Relation, expected: list[Policy]
) -> Iterator[Finding]:
    """Yield every policy that is not exactly one of ours, and every one missing."""
    wanted = {policy.name: policy for policy in expected}
    found = {policy.name: policy for policy in catalog.policies_of(relation)}
    for name, policy in found.items():
        yield from one_policy(f"{relation.label}.{name}", policy, wanted.get(name))
    for name in sorted(wanted.keys() - found.keys()):
        yield Finding("I037", relation.label, f"the policy {name} is missing")


def one_policy(where: str, policy: Policy, wanted: Policy | None) -> Iterator[Finding]:
    """Yield what is wrong with one policy."""
    if "PUBLIC" in policy.roles:
        yield Finding("I034", where, "is a policy for PUBLIC")
    if any(SUB_SELECT.search(text or "") for text in (policy.using, policy.check)):
        yield Finding("I049", where, "holds a sub-select: call a function instead")
    if policy.check is None and policy.command in {"*", "a", "w"}:
        yield Finding("I035", where, "has no WITH CHECK")
    if wanted is None:
        yield Finding("I036", where, "is a policy nobody declared")
    elif replace(policy, relation=0) != wanted:
        said = f"USING {policy.using} WITH CHECK {policy.check}"
        ours = f"USING {wanted.using} WITH CHECK {wanted.check}"
        yield Finding("I036", where, f"says {said}, for {policy.roles}; ours is {ours}")


def grant_findings(catalog: Catalog, relation: Relation, rls: Rls) -> Iterator[Finding]:
    """Yield rights beyond the declared ones, and declared ones that are missing."""
    declared = policies.declared_rights(relation.name, rls.grants, rls.operator_grants)
    yield from rights_findings(catalog, relation, declared)


def rights_findings(
    catalog: Catalog, relation: Relation, declared: dict[str, set[str]]
) -> Iterator[Finding]:
    """Yield how a table's rights differ from the declared ones."""
    missing = {(role, right) for role, rights in declared.items() for right in rights}
    for grant in catalog.grants_of(relation):
        what = (grant.grantee, grant.privilege)
        if grant.column is None:
            missing.discard(what)
        if grant.privilege not in declared.get(grant.grantee, set()):
            where = relation.label + (f".{grant.column}" if grant.column else "")
            yield Finding("I038", where, f"{what[0]} may {what[1]}")
    for role, right in sorted(missing):
        yield Finding("I039", relation.label, f"{role} may not {right}")


def trigger_findings(
    catalog: Catalog, relation: Relation, rls: Rls
) -> Iterator[Finding]:
    """Yield triggers that are missing or switched off."""
    found = {
        (trigger.name, trigger.function)
        for trigger in catalog.triggers.get(relation.oid, [])
        if trigger.enabled in FIRING
    }
    declared = settings.TENANCY["TRIGGERS"].get(relation.name, {})
    for rule in sorted(declared.items() - found):
        yield Finding("I060", relation.label, f"the trigger {rule[0]} is missing")
    is_touched = relation.name in policies.touched_tables()
    if is_touched and ("touch", "app.touch") not in found:
        yield Finding("I047", relation.label, "nothing moves updated_at")
    if not policies.is_append_only(rls):
        return
    for event, _ in policies.APPEND_ONLY_EVENTS:
        if (f"append_only_{event.lower()}", "app.refuse_change") not in found:
            yield Finding("I048", relation.label, f"{event} is not refused")
