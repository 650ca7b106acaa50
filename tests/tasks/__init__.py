"""Tasks: the list, one task, what can be done to it."""
