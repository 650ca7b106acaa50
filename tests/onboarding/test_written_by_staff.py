"""What staff write, order, switch off and announce, as people meet it."""

import pytest

from organizations.onboarding.models import WelcomeStep
from organizations.tenancy import identity, no_context
from tests.onboarding.conftest import (
    HOME,
    WELCOME,
    page_of,
    progress,
    write,
)
from tests.onboarding.test_journey import NAME, TASKS, location
from tests.operator.conftest import CONSOLE

pytestmark = [CONSOLE, pytest.mark.usefixtures("steps_as_they_were")]
CHOOSER = "/organizations/"


def test_a_step_that_is_switched_off_is_left_out(as_zoe):
    write("profile", is_enabled=False)
    assert location(as_zoe.get(WELCOME)) == page_of("organization")
    assert location(as_zoe.get(page_of("profile"))) == WELCOME


def test_a_note_of_staff_is_read_and_left(as_zoe, zoe):
    note = write(title="House rules", copy="Be **kind**.", position=5)
    page = as_zoe.get(f"{WELCOME}{note.pk}/").text
    assert "<strong>kind</strong>" in page
    answer = as_zoe.post(f"{WELCOME}{note.pk}/", {"go": "on"})
    assert location(answer) == page_of("profile")
    assert progress(zoe) == {"note": "done"}


def test_what_staff_write_can_do_no_harm(as_zoe):
    bad = "<script>alert(1)</script> [x](javascript:alert(1))"
    note = write(title="<b>Hi</b>", copy=bad, position=5)
    page = as_zoe.get(f"{WELCOME}{note.pk}/").text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "&lt;b&gt;Hi&lt;/b&gt;" in page


def test_a_note_that_has_to_be_read_comes_first(as_zoe):
    note = write(title="House rules", position=5, is_skippable=False)
    assert location(as_zoe.get(page_of("profile"))) == WELCOME
    assert location(as_zoe.get(WELCOME)) == f"{WELCOME}{note.pk}/"


def test_the_order_is_that_of_staff(as_zoe):
    write("first_tasks", position=1)
    assert location(as_zoe.get(WELCOME)) == page_of("profile")
    as_zoe.post(page_of("profile"), NAME)
    as_zoe.post(page_of("organization"), {"name": "Harbour Works"})
    assert as_zoe.get(page_of("first_tasks")).status_code == 200


def test_a_kind_that_nobody_knows_is_left_out(as_zoe):
    odd = write("lost_product", position=1)
    assert location(as_zoe.get(WELCOME)) == page_of("profile")
    assert location(as_zoe.get(f"{WELCOME}{odd.pk}/")) == WELCOME


def test_without_any_step_there_is_nothing_to_do(as_zoe):
    with no_context(), identity():
        kinds = list(WelcomeStep.objects.values_list("kind", flat=True))
    for kind in kinds:
        write(kind, is_enabled=False)
    assert location(as_zoe.get(WELCOME)) == HOME
    assert location(as_zoe.get(HOME)) == TASKS
