"""What an organization asks of its members' sign-in."""

from django.apps import AppConfig


class SecurityConfig(AppConfig):
    """The second step an organization asks for."""

    name = "organizations.security"
    label = "security"
