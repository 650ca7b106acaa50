"""The five database roles and what each may do, as statements a DBA can read."""

from collections.abc import Mapping

NAMES = ("owner", "app", "operator", "definer")

PURPOSE = {
    "owner": "owns the tables, runs migrations; rows only in operator context",
    "app": "web requests and jobs; rows of the sealed tenant only",
    "operator": "the operator console; all rows, audited",
    "definer": "owns the few functions that look across organizations; cannot sign in",
    "backup": "reads every row for a backup, and can write none",
}


def role_name(prefix: str, role: str) -> str:
    """Return a role's name in the cluster, e.g. insula_app."""
    return f"{prefix}_{role}"


def literal(text: str) -> str:
    """Return a text as an SQL literal; roles cannot take bound parameters."""
    return "'" + text.replace("'", "''") + "'"


def role_statements(
    prefix: str,
    database: str,
    passwords: Mapping[str, str] | None = None,
) -> list[str]:
    """Return idempotent statements that create and harden the roles of a database.

    The first part may run in any database of the cluster; the grants name
    `database`. They need an administrator with CREATEROLE.
    """
    passwords = passwords or {}
    statements = []
    for role in NAMES:
        name = role_name(prefix, role)
        statements.append(
            f"DO $do$ BEGIN CREATE ROLE {name}; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $do$"
        )
        login = "NOLOGIN" if role == "definer" else "LOGIN"
        statements.append(
            f"ALTER ROLE {name} {login} NOSUPERUSER NOBYPASSRLS NOCREATEROLE"
            f" NOREPLICATION {'CREATEDB' if role == 'owner' else 'NOCREATEDB'}"
        )
        if role in passwords:
            statements.append(f"ALTER ROLE {name} PASSWORD {literal(passwords[role])}")
    owner, app = role_name(prefix, "owner"), role_name(prefix, "app")
    operator, definer = role_name(prefix, "operator"), role_name(prefix, "definer")
    statements += [
        # The owner hands the search functions to the definer, nobody else may.
        f"GRANT {definer} TO {owner}",
        f"ALTER ROLE {app} SET statement_timeout = '15s'",
        f"ALTER ROLE {app} SET lock_timeout = '5s'",
        f"ALTER ROLE {app} SET idle_in_transaction_session_timeout = '60s'",
        f"ALTER ROLE {operator} SET statement_timeout = '60s'",
        f"ALTER ROLE {owner} SET lock_timeout = '10s'",
        f'ALTER DATABASE "{database}" OWNER TO {owner}',
        *database_statements(prefix, database),
    ]
    return statements


def database_statements(prefix: str, database: str) -> list[str]:
    """Return a database's grants; its owner may give them too."""
    owner, app, operator = (
        role_name(prefix, role) for role in NAMES if role != "definer"
    )
    return [
        f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC, {app}, {operator}',
        f'GRANT CONNECT, CREATE, TEMPORARY ON DATABASE "{database}" TO {owner}',
        f'GRANT CONNECT ON DATABASE "{database}" TO {app}, {operator}',
        if_there(f'GRANT CONNECT ON DATABASE "{database}" TO {prefix}_backup'),
    ]


def backup_statements(
    prefix: str, database: str, passwords: Mapping[str, str] | None = None
) -> list[str]:
    """Return what makes the role that reads every row, for backups; run again, it
    takes whatever else the role was given.

    They need a superuser, or on newer servers an administrator with BYPASSRLS.
    """
    name = role_name(prefix, "backup")
    statements = [
        f"DO $do$ BEGIN CREATE ROLE {name}; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $do$",
        f"ALTER ROLE {name} LOGIN BYPASSRLS NOSUPERUSER NOCREATEROLE NOCREATEDB"
        " NOREPLICATION",
        f"GRANT pg_read_all_data TO {name}",
        f"ALTER ROLE {name} SET default_transaction_read_only = on",
        f'REVOKE ALL ON DATABASE "{database}" FROM {name}',
        f'GRANT CONNECT ON DATABASE "{database}" TO {name}',
    ]
    if passwords and "backup" in passwords:
        password = literal(passwords["backup"])
        statements.append(f"ALTER ROLE {name} PASSWORD {password}")
    return statements


def if_there(statement: str) -> str:
    """Return a grant that is left out where its role was never made."""
    return f"DO $do$ BEGIN {statement}; EXCEPTION WHEN undefined_object THEN NULL; END $do$"


def superuser_statements(prefix: str) -> list[str]:
    """Return what only a superuser may set: hide running statements from the role.

    A sealed context stays valid for minutes; a role that can read other sessions'
    statements could replay it. Managed servers may refuse; the proof then warns.
    """
    return [f"ALTER ROLE {role_name(prefix, 'app')} SET track_activities = off"]
