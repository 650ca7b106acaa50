"""Makes a row of any tenant model from its fields alone, for tests over all of them."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from accounts.models import User
from organizations.tenancy.fields import OrganizationKey
from organizations.tenancy.models import uuid7
from organizations.tenancy.policies import rules

VALUES = {
    models.BooleanField: True,
    models.DateTimeField: "2026-01-02T03:04:05Z",
    models.DateField: "2026-01-02",
    models.DecimalField: 1,
    models.IntegerField: 7,
    models.JSONField: {},
    models.TextField: "text",
    models.CharField: "text",
    models.BinaryField: b"bytes",
    models.GenericIPAddressField: "192.0.2.1",
}
# What a rule of the table asks for that none of its columns does alone.
SPECIAL = {"comments.Comment": {"author_name": "Shop backend"}}


def takes_rows(model: type[models.Model]) -> bool:
    """Return whether members' own role may write a table; staff alone write others."""
    own: Any = rules(model)
    return "INSERT" in own.grants


def a_row(model: type[models.Model], user: User) -> models.Model:
    """Return a row of the current organization, made if there is none."""
    found = model._base_manager.first()
    if found is not None:
        return found
    values = {
        field.name: value_for(field, user)
        for field in model._meta.local_concrete_fields
        if is_needed(field)
    }
    return model._base_manager.create(**values | SPECIAL.get(model._meta.label, {}))


def is_needed(field: models.Field) -> bool:
    """Return whether a row cannot be made without a value of ours."""
    if isinstance(field, OrganizationKey) or field.primary_key or field.generated:
        return False
    return not (field.null or field.has_default() or field.has_db_default())


def value_for(field: models.Field, user: User) -> Any:
    """Return some value a field takes."""
    if field.is_relation:
        return related(field.related_model, user)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.UUIDField):
        return uuid7()
    for kind, value in VALUES.items():
        if isinstance(field, kind):
            longest = getattr(field, "max_length", None)
            return value[:longest] if longest else value
    raise TypeError(f"no value for {field}")


def related(model: type[models.Model], user: User) -> models.Model:
    """Return a row for a foreign key."""
    if model is User:
        return user
    if model is ContentType:
        return ContentType.objects.get_for_model(User)
    return a_row(model, user)
