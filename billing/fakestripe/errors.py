"""What Stripe answers when it refuses, in Stripe's shape."""

from typing import Any


class Refusal(Exception):
    """A request was refused; it carries the status and Stripe's words."""

    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.kind, self.message, self.more = status, kind, message, more
        self.keeps = False

    def kept(self) -> "Refusal":
        """Let what was written until now stay: a try to be paid is remembered."""
        self.keeps = True
        return self

    def body(self) -> dict[str, Any]:
        """Return the answer's body."""
        said = {"type": self.kind, "message": self.message, **self.more}
        return {"error": {name: one for name, one in said.items() if one is not None}}


def invalid(message: str, param: str | None = None, code: str | None = None) -> Refusal:
    """Return a refusal of what was sent."""
    return Refusal(400, "invalid_request_error", message, param=param, code=code)


def missing(kind: str, key: Any, param: str = "id", status: int = 404) -> Refusal:
    """Return a refusal of an id that leads to nothing."""
    named = kind.rpartition(".")[2].replace("_", " ")
    return Refusal(
        status,
        "invalid_request_error",
        f"No such {named}: '{key}'",
        param=param,
        code="resource_missing",
    )


def declined(decline_code: str, **more: Any) -> Refusal:
    """Return a bank's refusal of a card."""
    return Refusal(
        402,
        "card_error",
        "Your card was declined.",
        code="card_declined",
        decline_code=decline_code,
        **more,
    )


def other_parameters(key: str) -> Refusal:
    """Return the refusal of an idempotency key that was used for something else."""
    return Refusal(
        400,
        "idempotency_error",
        "Keys for idempotent requests can only be used with the same parameters they "
        f"were first used with. Try using a key other than '{key}' if you meant to "
        "execute a different request.",
    )
