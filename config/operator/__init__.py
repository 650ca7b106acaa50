"""The operator's console: Django's admin on the operator connection."""
