"""Keys of programs in the console: staff see them, and end one when they must."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.operator.audited import ReadOnlyAdmin
from config.operator.sheets import Reasoned, Refused, SheetsPage
from organizations.api.admin import ApiKeyAdmin
from organizations.api.flows import revoke_key
from organizations.api.models import ApiKey
from organizations.tenancy import tenant

CHANGE = "api.change_apikey"


class RevokeSheet(Reasoned):
    """End a key for good, at once."""

    name = "revoke"
    title = gettext_lazy("Revoke")
    button = gettext_lazy("Revoke")
    lead = gettext_lazy(
        "Whatever uses the key is refused at once. This cannot be taken back."
    )
    permission = CHANGE
    is_danger = True

    @classmethod
    def fits(cls, row: ApiKey) -> bool:
        return not row.is_revoked

    def act(self, by: Any) -> str:
        with tenant(self.row.organization_id, by):
            reason = self.cleaned_data["reason"]
            if not revoke_key(key=self.row, by=by, reason=reason):
                raise Refused(_("It was revoked before."))
        return _("The key is revoked.")


class ApiKeysAdmin(SheetsPage, ReadOnlyAdmin, ApiKeyAdmin):
    """Keys; members make them."""

    plural = gettext_lazy("API keys")
    sheets = (RevokeSheet,)
