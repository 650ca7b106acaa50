"""The queue's job about stays of staff."""

from organizations.support.visiting import end_overdue
from organizations.tenancy.jobs import periodic

periodic("*/5 * * * *")(end_overdue)
