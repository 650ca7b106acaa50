"""Pictures of people and logos of organizations: who sees and who changes them."""

from django.apps import AppConfig


class PicturesConfig(AppConfig):
    """The addresses pictures are shown from; files without one are deleted."""

    name = "organizations.pictures"
    label = "pictures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.pictures import jobs

        jobs.connect()
