"""Fields of forms in which amounts are typed as people write them."""

import re
from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CENTS: Final = 100
UNITS: Final = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
SHOWN: Final = (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3))
SIZE: Final = re.compile(r"(\d{1,6})(?:[.,](\d{1,12}))?\s*([kmgt]b)", re.IGNORECASE)


class MoneyField(forms.DecimalField):
    """An amount such as 9.00, kept as cents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=9, decimal_places=2, **kwargs)

    def clean(self, value: Any) -> int:
        return int((super().clean(value) or Decimal(0)) * CENTS)

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value) / CENTS:.2f}" if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial or 0)
        except ValidationError:
            return True


class SizeField(forms.CharField):
    """An amount of data such as 500 MB or 5 GB, kept as bytes; nothing is None."""

    widget = forms.TextInput(attrs={"placeholder": "5 GB"})
    default_error_messages: ClassVar = {
        "invalid": _("Write a size such as 500 MB or 5 GB.")
    }

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        found = SIZE.fullmatch(typed)
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        whole, part, unit = found.groups()
        return int(Decimal(f"{whole}.{part or 0}") * UNITS[unit.lower()])

    def prepare_value(self, value: Any) -> Any:
        return exact_size(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True


def exact_size(size: int) -> str:
    """Return a size so that reading it again gives the same bytes."""
    for name, unit in SHOWN:
        if size >= unit:
            return f"{Decimal(size) / unit:f} {name}"
    return f"{Decimal(size) / 10**3:f} kB"
