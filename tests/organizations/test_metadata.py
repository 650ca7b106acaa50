"""What integrators keep with an organization."""

import json

import pytest
from django.core.exceptions import ValidationError

from organizations.metadata import MOST_LEVELS, metadata_from, written
from organizations.models import Organization
from organizations.tenancy import no_context, tenant
from tests.history import entries

SETTINGS = "/organizations/settings/"
METADATA = SETTINGS + "metadata/"


def stored(organization):
    with no_context(), tenant(organization):
        return Organization.objects.get(pk=organization.pk).metadata


# cap 18
def test_an_object_is_kept_and_shown_again(as_adam, cast):
    answer = as_adam.post(METADATA, {"metadata": '{"crm": {"id": 7}, "ort": "Zürich"}'})
    assert (answer.status_code, answer["Location"]) == (302, SETTINGS + "#metadata")
    assert stored(cast.acme) == {"crm": {"id": 7}, "ort": "Zürich"}
    assert "&quot;ort&quot;: &quot;Zürich&quot;" in as_adam.get(SETTINGS).text


def test_nothing_typed_empties_it(as_adam, cast):
    as_adam.post(METADATA, {"metadata": '{"crm": 7}'})
    as_adam.post(METADATA, {"metadata": "  "})
    assert stored(cast.acme) == {}
    newest, _first = entries(cast.acme, "organization.changed")
    assert newest.before == {"metadata": {"crm": 7}}


def test_history_covers_what_is_called_a_secret(as_adam, cast):
    as_adam.post(METADATA, {"metadata": '{"crm": {"api_key": "k-123"}}'})
    (entry,) = entries(cast.acme, "organization.changed")
    assert "k-123" not in json.dumps(entry.after)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "Line 1, column 2"),
        ('{"a": 1,\n "b" 2}', "Line 2, column 6"),
        ("[1, 2]", "Begin with { and end with }"),
        ("7", "Begin with { and end with }"),
        ("null", "Begin with { and end with }"),
        ('{"a": NaN}', "NaN is no number"),
        ('{"a": -Infinity}', "-Infinity is no number"),
        ('{"a": 1e999}', "A number is too large"),
        ('{"a": 1, "a": 2}', "“a” stands twice"),
        ('{"a": "\\u0000"}', "cannot be kept"),
        ('{"\\ud800": 1}', "cannot be kept"),
        ('{"a": ' + "[" * MOST_LEVELS + "]" * MOST_LEVELS + "}", "More than 20"),
        ('{"a": ' + "9" * 5000 + "}", "A number is too long"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(as_alice, cast, text, words):
    page = as_alice.post(METADATA, {"metadata": text})
    assert page.status_code == 422
    assert words in page.text
    assert stored(cast.acme) == {}


def test_what_was_typed_is_still_there_after_a_refusal(as_alice):
    page = as_alice.post(METADATA, {"metadata": '{"half": '}).text
    assert "{&quot;half&quot;:" in page


@pytest.mark.parametrize("size", [8_001, 100_000])
def test_it_has_a_limit(as_alice, cast, size):
    text = json.dumps({"a": "x" * size})
    assert as_alice.post(METADATA, {"metadata": text}).status_code == 422
    assert stored(cast.acme) == {}


def test_endless_nesting_is_refused():
    with pytest.raises(ValidationError):
        metadata_from("[" * 100_000)


def test_what_is_written_reads_back():
    values = {"a": [1, 2.5, None, True, {"ß": "😀"}]}
    assert metadata_from(written(values)) == values
    assert written({}) == ""


# cap 33
def test_members_do_not_see_it(as_adam, as_bob):
    as_adam.post(METADATA, {"metadata": '{"crm": "crm-mark"}'})
    assert "crm-mark" not in as_bob.get(SETTINGS).text
