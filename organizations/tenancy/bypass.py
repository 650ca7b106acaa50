"""The one named way to see every organization: the operator's context."""

from contextlib import AbstractContextManager
from typing import Any

import structlog

from organizations.tenancy.context import Context, enter

log = structlog.get_logger("insula.bypass")


def operator_context(user: Any, reason: str) -> AbstractContextManager[Context | None]:
    """Enter the operator's context; each entry is one log line with its reason."""
    if not reason:
        raise ValueError("an operator context needs a reason")
    context = Context("operator", None, user)
    log.info("operator.enter", reason=reason, operator=str(context.user_id or ""))
    return enter(context)
