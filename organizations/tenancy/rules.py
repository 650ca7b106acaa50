"""Row rules and table lists that settings and models share; imports nothing."""

from dataclasses import dataclass

ORG = "app.current_org()"
USER = "app.current_user_id()"
MODE = "app.mode()"
IDENTITY = f"{MODE} = 'identity'"
TENANT_ROW = f"organization_id = {ORG}"
ALL_GRANTS = "SELECT, INSERT, UPDATE, DELETE"


@dataclass(frozen=True)
class Rls:
    """Who may read and write a table's rows, as SQL conditions for the runtime role.

    `grants` and `operator_grants` are table privileges; append-only tables give no
    UPDATE or DELETE to anybody.
    """

    read: str = TENANT_ROW
    write: str = TENANT_ROW
    grants: str = ALL_GRANTS
    operator_grants: str = ALL_GRANTS


@dataclass(frozen=True)
class GlobalTable:
    """A table without an organization, the runtime role's privileges, and the reason."""

    grants: str
    reason: str
