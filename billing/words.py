"""What the first price list says of its plans: marked here, as the list is frozen.

Staff may say it in other words, which are shown in every language as they stand.
"""

from typing import Final

from django.utils.translation import gettext_noop as _

DESCRIPTIONS: Final = (
    _("For a few people who want to see whether it fits."),
    _("For a team that works in it every day."),
    _("For several teams that connect their other tools."),
    _("For those who need a contract, an invoice and no limits."),
)
