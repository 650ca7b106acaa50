"""What happened to a person, told upward: the floors above record it and act on it."""

from django.dispatch import Signal

# Sent with `action`, `person`, `by`, `before`, `after` and `label`, inside the
# transaction of the change.
person_changed = Signal()
