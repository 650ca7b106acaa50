"""What the rooms above listen to: a task's page is drawn, tasks go for good."""

from django.dispatch import Signal

# Sent with `request` and `task`; answered with what the task's page is to show more.
showing = Signal()
# Sent with `tasks`, their ids, inside their organization and in the transaction that
# deletes their rows: what lies outside the database goes along.
purging = Signal()
