"""Why jobs failed, kept for staff for as long as the job is."""

from django.apps import AppConfig


class FailuresConfig(AppConfig):
    """Errors of jobs, which the queue itself forgets."""

    name = "organizations.failures"
    label = "failures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.failures import noting

        noting.connect()
