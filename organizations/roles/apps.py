"""Roles that an organization puts together itself."""

from django.apps import AppConfig


class RolesConfig(AppConfig):
    """Custom roles, and why somebody may do what they may."""

    name = "organizations.roles"
    label = "roles"
    default_auto_field = "django.db.models.BigAutoField"
