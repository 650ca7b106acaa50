"""An API of two endpoints, to try what all endpoints have in common."""

from uuid import UUID

from django.db import transaction
from django.urls import include, path
from ninja import NinjaAPI, Schema
from pydantic import Field

from organizations.api.handlers import add_handlers
from organizations.api.scopes import Scope
from organizations.api.shapes import PROBLEMS, Body, refuse_changed, shown
from tasks.labels.models import Label

api = NinjaAPI(urls_namespace="sample", docs_url=None, openapi_url=None)
add_handlers(api)


class NewLabel(Body):
    name: str = Field(min_length=1, max_length=40)


class Shown(Schema):
    id: str
    name: str


def as_shown(label):
    return Shown(id=str(label.pk), name=label.name)


@api.post("/labels", auth=Scope("tasks.edit"), response={201: Shown, **PROBLEMS})
def make_label(request, data: NewLabel):
    with transaction.atomic():
        label = Label.objects.create(name=data.name)
        if data.name == "break":
            raise RuntimeError("broken on the way")
    if data.name == "taken":
        return shown(request, as_shown(label), 409)
    return shown(request, as_shown(label), 201)


@api.patch(
    "/labels/{uuid:label_id}",
    auth=Scope("tasks.edit"),
    response={200: Shown, **PROBLEMS},
)
def change_label(request, label_id: UUID, data: NewLabel):
    with transaction.atomic():
        label = Label.objects.select_for_update().get(pk=label_id)
        refuse_changed(request, as_shown(label))
        label.name = data.name
        label.save(update_fields=["name"])
    return shown(request, as_shown(label))


@api.get("/labels/{uuid:label_id}", auth=Scope("tasks.view"), response={200: Shown})
def show_label(request, label_id: UUID):
    return shown(request, as_shown(Label.objects.get(pk=label_id)))


urlpatterns = [path("api/v1/", api.urls), path("", include("config.urls"))]
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
