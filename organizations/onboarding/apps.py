"""The set-up that newcomers are led through, step by step."""

from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    """Steps, and how far each person has come."""

    name = "organizations.onboarding"
    label = "onboarding"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.onboarding import copies, erasure, steps

        steps.connect()
        copies.connect()
        erasure.connect()
