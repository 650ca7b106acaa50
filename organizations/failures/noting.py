"""Writing down why a job failed, beside whatever became of its own transaction."""

import traceback
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, transaction

from organizations.failures.models import MOST_CHARACTERS, JobFailure
from organizations.tenancy import identity, no_context
from organizations.tenancy.jobs import on_failure

LONGEST_ERROR = JobFailure._meta.get_field("error").max_length or 0


def note_failure(job: Any, error: Exception) -> None:
    """Keep the error of a job's try; the job's own end does not depend on it."""
    words = "".join(traceback.format_exception_only(error)).strip()
    # The end of a trace tells more than its beginning.
    trace = "".join(traceback.format_exception(error))[-MOST_CHARACTERS:]
    row = JobFailure(
        job_id=job.id,
        attempt=job.attempts + 1,
        error=plain(words)[:LONGEST_ERROR],
        trace=plain(trace),
    )
    with suppress(DatabaseError), no_context(), identity(), transaction.atomic():
        JobFailure.objects.bulk_create([row])


def plain(text: str) -> str:
    """Return a text as the database takes it."""
    return text.replace("\0", "")


def connect() -> None:
    """Be told of every job that fails, once."""
    if note_failure not in on_failure:
        on_failure.append(note_failure)
