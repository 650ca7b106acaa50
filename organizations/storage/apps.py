"""How much each organization keeps in files, and how much it may."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    """Bytes in use, counted when files are kept and when they go."""

    name = "organizations.storage"
    label = "storage"
    default_auto_field = "django.db.models.BigAutoField"
