import pytest
from django.urls import reverse

from config.operator.site import site
from tests.operator.conftest import CONSOLE, address

pytestmark = CONSOLE


def every_page(some_id="018f0000-0000-7000-8000-000000000000"):
    yield reverse("admin:index")
    yield reverse("admin:autocomplete")
    yield reverse("admin:jsi18n")
    yield "/admin/no/such/page/"
    for model in site._registry:
        yield address(model, "changelist")
        yield address(model, "add")
        for page in ("change", "delete", "history"):
            yield address(
                model,
                page,
                1
                if model._meta.pk.get_internal_type().endswith("AutoField")
                else some_id,
            )


@pytest.fixture(params=[f"{model._meta.label_lower}" for model in site._registry])
def listed(request):
    from django.apps import apps

    return apps.get_model(request.param)


# cap 37
def test_staff_see_every_table(as_olga, rows, listed):
    answer = as_olga.get(address(listed, "changelist"))
    assert answer.status_code == 200, answer.content


def test_index(as_olga, rows):
    answer = as_olga.get("/admin/")
    assert answer.status_code == 200
