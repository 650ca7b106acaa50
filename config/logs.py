"""JSON log lines that say which request, organization and person they are about."""

from collections.abc import MutableMapping
from functools import cache
from typing import Any, Final

import structlog

COVER: Final = "•••"
SECRET_WORDS: Final = ("authorization", "cookie", "password", "secret", "seal", "token")


def cover_secrets(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Cover every value whose name says that it is nobody's business."""
    for key in event:
        if is_secret(key):
            event[key] = COVER
    return event


@cache
def is_secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET_WORDS)


def name_request(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Name the request of a line that Django writes after the request is over."""
    request = getattr(event.get("_record"), "request", None)
    if request is not None:
        event.setdefault("request_id", getattr(request, "id", ""))
    return event


SHARED: Final[list[structlog.typing.Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    cover_secrets,
]


def logging_config(*, pretty: bool) -> dict[str, Any]:
    """Return the logging settings: one JSON object a line, or columns for people."""
    renderer: Any = structlog.processors.JSONRenderer()
    if pretty:
        renderer = structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*SHARED, name_request],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                ],
            }
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "structured"}
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "procrastinate": {"level": "WARNING"},
            # Addresses of requests name customers.
            "stripe": {"level": "WARNING"},
        },
    }
