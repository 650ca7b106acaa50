"""The small parts: icons, avatars, fields, the theme, the place one is in."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from accounts.models import User
from config.templatetags import design
from tests.design.sources import icons

SOMEBODY = UUID("0198c2f4-4be3-7b7d-8f2c-410000000001")


class ExampleForm(forms.Form):
    title = forms.CharField(
        label="Title", widget=forms.TextInput(attrs={"placeholder": "Title"})
    )
    note = forms.CharField(
        required=False,
        help_text="Colleagues see it.",
        widget=forms.Textarea(attrs={"placeholder": "What has to happen?"}),
    )
    state = forms.ChoiceField(choices=[("a", "A")])
    done = forms.BooleanField(required=False, label="Done already")
    ways = forms.ChoiceField(
        choices=[("a", "Air"), ("s", "Sea")], widget=forms.RadioSelect
    )
    secret = forms.CharField(widget=forms.PasswordInput)


def draw(source: str, **context: Any) -> str:
    return Template("{% load design %}" + source).render(Context(context))


def field(form: forms.Form, key: str, size: str = "") -> str:
    source = '{% include "components/field.html" %}'
    return draw(source, field=form[key], size=size)


def request(theme: str = "", own: str = "system") -> Any:
    made = RequestFactory().get("/")
    made.user = User(theme=own)
    made.COOKIES["theme"] = theme
    return made


def test_icon_is_a_drawing_nobody_hears() -> None:
    drawn = draw('{% icon "plus" "sm" %}')
    assert 'class="icon sm"' in drawn
    assert 'aria-hidden="true"' in drawn
    assert "img/icons.svg#plus" in drawn


@pytest.mark.parametrize(
    "status", ["backlog", "todo", "in_progress", "in_review", "done"]
)
def test_status_has_a_shape_and_a_word(status: str) -> None:
    drawn = design.status_icon(status, "Its word")
    assert f"#s-{status}" in drawn
    assert 'aria-label="Status: Its word"' in drawn
    assert f"s-{status}" in icons()


@pytest.mark.parametrize(("value", "word"), [(1, "low"), (3, "medium"), (5, "high")])
def test_priority_has_a_shape_and_a_word(value: int, word: str) -> None:
    drawn = design.priority_icon(value, word)
    assert f"#p-{word}" in drawn
    assert f'aria-label="Priority: {word}"' in drawn
    assert f"p-{word}" in icons()


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Alice Moreno", "AM"),
        ("Ana Maria de Souza", "AS"),
        ("alice", "AL"),
        ("Ö", "Ö"),
        ("  Bob  ", "BO"),
    ],
)
def test_initials_come_from_first_and_last_word(name: str, letters: str) -> None:
    assert design.initials(name) == letters


def test_avatar_escapes_the_name_it_speaks() -> None:
    user = User(pk=SOMEBODY, first_name='"><b>', last_name="x")
    drawn = design.avatar(user, spoken=True)
    assert "<b>" not in drawn
    assert 'role="img"' in drawn


def test_avatar_beside_a_name_stays_silent() -> None:
    drawn = design.avatar(User(pk=SOMEBODY, first_name="Alice"), "md")
    assert 'aria-hidden="true"' in drawn
    assert "aria-label" not in drawn


def test_person_keeps_one_colour_everywhere() -> None:
    user = User(pk=SOMEBODY)
    assert design.hue(user) == user.hue
    assert design.hue(SimpleNamespace(pk=SOMEBODY)) == user.hue


def test_colours_are_all_used() -> None:
    found = {design.hue(SimpleNamespace(pk=UUID(int=n))) for n in range(100)}
    assert found == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize(
    ("key", "kind"),
    [("title", "input"), ("note", "textarea"), ("state", "select")],
)
def test_control_wears_the_class_of_its_kind(key: str, kind: str) -> None:
    assert f'class="{kind} lg"' in design.control(ExampleForm()[key], "lg")


def test_placeholder_that_repeats_the_label_is_dropped() -> None:
    assert "placeholder" not in design.control(ExampleForm()["title"])


def test_placeholder_that_says_more_stays() -> None:
    assert "What has to happen?" in design.control(ExampleForm()["note"])


def test_field_ties_label_and_help_to_its_control() -> None:
    drawn = field(ExampleForm(), "note")
    assert '<label for="id_note">' in drawn
    assert 'aria-describedby="id_note_helptext"' in drawn
    assert 'id="id_note_helptext"' in drawn
    assert "optional" in drawn


def test_field_ties_its_error_to_its_control() -> None:
    drawn = field(ExampleForm({}), "title")
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_title_error"' in drawn
    assert 'id="id_title_error"' in drawn


def test_box_to_tick_is_labelled_by_what_stands_beside_it() -> None:
    drawn = field(ExampleForm(), "done")
    assert '<label class="check">' in drawn
    assert "Done already" in drawn


def test_radio_buttons_are_a_group_with_a_name() -> None:
    drawn = field(ExampleForm(), "ways")
    assert "<fieldset" in drawn
    assert "<legend>" in drawn
    assert drawn.count('type="radio"') == 2


def test_password_can_be_shown() -> None:
    drawn = field(ExampleForm({"secret": "s3cret"}), "secret")
    assert 'data-reveal="id_secret"' in drawn
    assert "s3cret" not in drawn


def test_several_faults_are_summed_up_with_links() -> None:
    drawn = draw(
        '{% include "components/form_fields.html" %}',
        form=ExampleForm({"note": "x"}),
    )
    assert 'class="error-summary"' in drawn
    assert 'href="#id_title"' in drawn
    assert 'href="#id_state"' in drawn


def test_single_fault_needs_no_summary() -> None:
    form = ExampleForm({"title": "x", "ways": "a", "secret": "y"})
    drawn = draw('{% include "components/form_fields.html" %}', form=form)
    assert "error-summary" not in drawn
    assert drawn.count('aria-invalid="true"') == 1


def test_fault_of_the_whole_form_is_announced() -> None:
    form = ExampleForm({"title": "x", "state": "a", "ways": "a", "secret": "y"})
    form.add_error(None, "These do not match.")
    drawn = draw('{% include "components/form_fields.html" %}', form=form)
    assert 'role="alert"' in drawn
    assert "These do not match." in drawn


@pytest.mark.parametrize(
    ("cookie", "own", "shown"),
    [
        ("", "system", ""),
        ("", "dark", 'data-theme="dark"'),
        ("light", "dark", 'data-theme="light"'),
        ("system", "dark", ""),
        ('"><script>', "light", 'data-theme="light"'),
    ],
)
def test_device_decides_the_theme_before_the_person(
    cookie: str, own: str, shown: str
) -> None:
    assert draw("{% theme %}", request=request(cookie, own)) == shown


def test_page_without_a_request_follows_the_device() -> None:
    assert draw("{% theme %}") == ""


@pytest.mark.parametrize(
    ("view", "shown"),
    [("tasks:task_edit", True), ("members:member_list", False), (None, False)],
)
def test_navigation_marks_the_place_one_is_in(view: str | None, shown: bool) -> None:
    made = request()
    made.resolver_match = SimpleNamespace(view_name=view) if view else None
    drawn = draw('{% here "tasks:" %}', request=made)
    assert ('aria-current="page"' in drawn) is shown
