"""Switches of staff: what is on, for whom, and why."""

from django.apps import AppConfig


class FlagsConfig(AppConfig):
    """Feature flags and what organizations have instead of them."""

    name = "organizations.flags"
    label = "flags"
    default_auto_field = "django.db.models.BigAutoField"
