"""The API of other programs: the routers of all rooms at one address."""

from typing import Final

from ninja import NinjaAPI
from ninja.operation import Operation

from organizations.api.handlers import add_handlers
from organizations.audit.api import router as audit
from organizations.events.api import router as events
from organizations.gallery.api import router as gallery
from organizations.invitations.api import router as invitations
from organizations.members.api import router as members
from organizations.teams.api import router as teams
from tasks.api import router as tasks
from tasks.changesets.api import router as changesets
from tasks.comments.api import router as comments
from tasks.labels.api import router as labels

DESCRIPTION: Final = (
    "Send an API key of your organization as `Authorization: Bearer <key>`. Lists are"
    " read page by page with the cursor of the page before. A POST with an"
    " `Idempotency-Key` happens once, however often it is sent. What is refused is"
    " told as `application/problem+json` with a `code` that never changes."
)


class Api(NinjaAPI):
    """The library's API, with operations that are called what their functions are."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = Api(
    title="Insula API",
    version="1.0.0",
    description=DESCRIPTION,
    urls_namespace="v1",
    # Ours are drawn in config/reference.
    docs_url=None,
    openapi_url=None,
)
add_handlers(api)
ROUTERS: Final = (
    *(tasks, changesets, comments, labels),
    *(members, teams, invitations, gallery, audit, events),
)
for router in ROUTERS:
    api.add_router("", router)
