"""Who may say what happened: Stripe, just now, and nobody in its name."""

import json
import time

import pytest

from tests.billing.conftest import EVENTS, SECRET
from tests.intake.conftest import JSON, event_of, header_of, kept, send

pytestmark = pytest.mark.usefixtures("stripe_on")
CUSTOMER = {"object": "customer", "id": "cus_1"}
OTHER = "whsec_of_somebody_else"


def raw(client, body, header=None, **headers):
    if header is not None:
        headers["Stripe-Signature"] = header
    return client.post(EVENTS, body, JSON, headers=headers)


def test_what_stripe_signed_is_kept(client):
    answer = send(client, event_of(CUSTOMER))
    assert (answer.status_code, answer.json()) == (200, {})
    assert len(kept()) == 1


def body_of_now():
    return json.dumps(event_of(CUSTOMER))


def other_secret(body):
    return header_of(body, OTHER)


def too_old(body):
    return header_of(body, at=int(time.time()) - 301)


def of_another_body(body):
    return header_of(body.replace("cus_1", "cus_2"))


def older_scheme(body):
    return header_of(body).replace("v1=", "v0=")


def moved_time(body):
    moment, _, proof = header_of(body, at=int(time.time()) - 4000).partition(",")
    return f"t={int(time.time())},{proof}" if moment else ""


def without_time(body):
    return header_of(body).partition(",")[2]


FORGED = {
    "another secret": other_secret,
    "an old moment": too_old,
    "another body": of_another_body,
    "only the older scheme": older_scheme,
    "a moment that was moved": moved_time,
    "no moment": without_time,
    "nothing": lambda body: "",
    "words": lambda body: "let me in",
    "an empty proof": lambda body: f"t={int(time.time())},v1=",
    "no number": lambda body: "t=now,v1=aa",
    "an endless number": lambda body: f"t={'9' * 400},v1=aa",
    "a proof of other letters": lambda body: f"t={int(time.time())},v1=\xe4\xf6",
    "many commas": lambda body: "," * 1000,
}


@pytest.mark.parametrize("header", FORGED.values(), ids=FORGED)
def test_a_forged_signature_leaves_nothing(client, header):
    body = body_of_now()
    answer = raw(client, body, header(body))
    assert answer.status_code == 400
    assert answer.content == b"The signature is missing, wrong or too old."
    assert kept() == []


def test_a_request_without_the_header_leaves_nothing(client):
    assert raw(client, body_of_now()).status_code == 400
    assert kept() == []


def test_the_sender_does_not_choose_the_secret(client, settings):
    """The package we mirror with once took the secret from this header."""
    settings.DEBUG = True
    body = body_of_now()
    header = header_of(body, OTHER)
    answer = raw(client, body, header, **{"X-Djstripe-Webhook-Secret": OTHER})
    assert answer.status_code == 400
    assert kept() == []


def test_an_installation_without_a_secret_believes_nobody(client, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""
    body = body_of_now()
    assert raw(client, body, header_of(body, "")).status_code == 400
    settings.STRIPE_WEBHOOK_SECRET = " , "
    assert raw(client, body, header_of(body, " ")).status_code == 400
    assert kept() == []


def test_two_secrets_hold_while_one_replaces_the_other(client, settings):
    settings.STRIPE_WEBHOOK_SECRET = f"{SECRET}, {OTHER}"
    assert send(client, event_of(CUSTOMER)).status_code == 200
    assert send(client, event_of(CUSTOMER), secret=OTHER).status_code == 200
    assert send(client, event_of(CUSTOMER), secret="third").status_code == 400
    settings.STRIPE_WEBHOOK_SECRET = OTHER
    assert send(client, event_of(CUSTOMER)).status_code == 400
    assert len(kept()) == 2


def test_one_of_two_proofs_is_enough(client):
    body = body_of_now()
    wrong, right = header_of(body, OTHER), header_of(body)
    proofs = f"{wrong},{right.partition(',')[2]}"
    assert raw(client, body, proofs).status_code == 200


def test_a_moment_within_five_minutes_is_now(client):
    at = int(time.time()) - 290
    assert send(client, event_of(CUSTOMER), at=at).status_code == 200


SHAPES = {
    "no JSON": "{",
    "a list": "[]",
    "a number": "7",
    "nothing": "",
    "no id": json.dumps({"type": "x", "created": 1, "livemode": False}),
    "an id of something else": json.dumps(event_of(CUSTOMER, id="cus_1")),
    "an endless id": json.dumps(event_of(CUSTOMER, id="evt_" + "1" * 300)),
    "no type": json.dumps(event_of(CUSTOMER, type=None)),
    "an endless type": json.dumps(event_of(CUSTOMER, type="t" * 101)),
    "a moment in words": json.dumps(event_of(CUSTOMER, created="now")),
    "a moment out of reach": json.dumps(event_of(CUSTOMER, created=2**40)),
    "a true moment": json.dumps(event_of(CUSTOMER, created=True)),
    "nothing about its mode": json.dumps(event_of(CUSTOMER, livemode=None)),
    "nested without end": "[" * 100_000,
}


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
def test_what_is_signed_and_no_event_leaves_nothing(client, body):
    answer = send(client, body)
    assert answer.status_code == 400
    assert answer.content == b"The body is no event."
    assert kept() == []


def test_bytes_that_are_no_text_leave_nothing(client):
    assert raw(client, b"\xff\xfe", "t=1,v1=aa").status_code == 400
    assert kept() == []


@pytest.mark.parametrize("is_live", [True, False])
def test_test_events_and_live_ones_do_not_mix(client, settings, is_live):
    settings.STRIPE_LIVE_MODE = is_live
    answer = send(client, event_of(CUSTOMER, livemode=not is_live))
    assert answer.status_code == 400
    assert b"Test events and live ones" in answer.content
    assert kept() == []
    assert send(client, event_of(CUSTOMER, livemode=is_live)).status_code == 200
