"""The pictures of an organization."""

from django.apps import AppConfig


class GalleryConfig(AppConfig):
    """Images, and what is kept of each in the storage."""

    name = "organizations.gallery"
    label = "gallery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organizations.gallery import copies, jobs  # noqa: F401

        copies.connect()
