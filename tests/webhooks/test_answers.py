"""Whatever a receiver answers is noted, and shown as the text that it is."""

import html

import pytest
from asgiref.sync import async_to_sync
from hypothesis import example, given
from hypothesis import strategies as st

from organizations.audit.models import AuditEntry
from organizations.webhooks import flows, trying
from organizations.webhooks.calling import HEADER_LENGTH, HEADERS_KEPT, call
from organizations.webhooks.models import Attempt, Delivery, Failure
from tests.webhooks.conftest import WEBHOOKS
from tests.webhooks.receivers import behaving

# A head as programs write them, with anything in its places.
HEADS = st.builds(
    b"HTTP/1.1 %b\r\n%b: %b\r\ncontent-length: %b\r\n\r\n%b".__mod__,
    st.tuples(
        st.sampled_from([b"200 OK", b"204", b"500 \xff", b"99 x", b"503 a", b"100 go"]),
        st.sampled_from([b"x-mark", b"retry-after", b"location", b"set-cookie"]),
        st.binary(max_size=30),
        st.sampled_from([b"0", b"3", b"-1", b"9" * 30, b"x"]),
        st.binary(max_size=20),
    ),
)
TAKEN = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n%b\r\n\r\nok"


@pytest.fixture
def raw(settings):
    """A receiver that answers the bytes in `raw.bytes`, and hangs up."""
    settings.WEBHOOK_DEADLINE_SECONDS = 0.5

    def answer(connection, over):
        connection.sendall(answer.bytes)

    answer.bytes = TAKEN
    with behaving(answer) as url:
        answer.url = url
        yield answer


@pytest.fixture
def tried(endpoint_at, raw, inside, cast):
    """Return a call that sends a test and notes what came of it."""
    endpoint = endpoint_at(raw.url, events=["task.created"])

    def go():
        with inside():
            delivery = flows.send_test(endpoint=endpoint, by=cast.alice)
            claimed = trying.claim(str(endpoint.pk), slow=True)
            answer = async_to_sync(call)(claimed.url, claimed.headers, claimed.body)
            trying.note(claimed, answer)
            # What fails is not to be tried while the next one is.
            Delivery.objects.update(next_try_at=None)
            attempt = Attempt.objects.get(delivery=delivery.pk)
            return Delivery.objects.get(pk=delivery.pk), attempt

    return go


@given(answer=st.binary(max_size=60) | HEADS)
@example(answer=TAKEN % b"x-mark: caf\xe9")
@example(answer=TAKEN % b"x-mark: a\0b")
@example(answer=b"HTTP/1.1 200 \xff\xfe\r\n\r\n")
def test_no_answer_keeps_a_try_from_being_noted(answer, tried, raw, as_alice):
    raw.bytes = answer
    delivery, attempt = tried()
    assert (delivery.tries, delivery.sending_until) == (1, None)
    assert attempt.failure in ("", *Failure.values)
    is_taken = attempt.status is not None and 200 <= attempt.status < 300
    assert is_taken or attempt.failure
    assert (delivery.state == "delivered") == (not attempt.failure)
    page = as_alice.get(f"{WEBHOOKS}deliveries/{delivery.pk}/")
    assert page.status_code == 200


def test_a_header_in_an_old_alphabet_is_an_answer_like_others(tried, raw, as_alice):
    raw.bytes = TAKEN % b"x-mark: caf\xe9"
    delivery, attempt = tried()
    assert (delivery.state, attempt.status) == ("delivered", 200)
    assert attempt.response_headers["x-mark"].startswith("caf")
    page = as_alice.get(f"{WEBHOOKS}deliveries/{delivery.pk}/")
    assert "x-mark: caf" in page.text


def test_markup_in_an_answer_is_shown_and_never_run(tried, raw, as_alice):
    evil = "<script>alert(1)</script>"
    body = f"{evil}&lt;\u202e".encode()
    head = f"HTTP/1.1 500 x\r\nx-evil: {evil}\r\ncontent-length: {len(body)}\r\n\r\n"
    raw.bytes = head.encode() + body
    delivery, attempt = tried()
    assert attempt.response_body == body.decode()
    text = as_alice.get(f"{WEBHOOKS}deliveries/{delivery.pk}/").text
    assert evil not in text
    assert text.count(html.escape(evil)) == 2
    assert "&amp;lt;" in text


def test_of_many_and_long_headers_so_much_is_kept(tried, raw):
    many = b"\r\n".join(b"x-%d: %b" % (n, b"y" * 700) for n in range(80))
    raw.bytes = TAKEN % many
    _delivery, attempt = tried()
    assert len(attempt.response_headers) == HEADERS_KEPT
    assert attempt.response_headers["x-7"] == "y" * HEADER_LENGTH


@pytest.mark.parametrize("length", [0, 8 * 1024, 8 * 1024 + 1, 60_000])
def test_of_a_long_answer_the_beginning_is_kept(length, tried, raw):
    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % length
    raw.bytes = head + b"z" * length
    delivery, attempt = tried()
    assert attempt.response_body == "z" * min(length, 8 * 1024)
    assert delivery.state == "delivered"


def test_a_letter_that_is_cut_in_two_is_marked(tried, raw):
    body = b"z" * (8 * 1024 - 1) + "é".encode()
    raw.bytes = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body
    _delivery, attempt = tried()
    assert attempt.response_body[-2:] == "z\ufffd"


@pytest.mark.parametrize("kind", ["utf-16", "shift_jis", "no-such", '"', "\xff"])
def test_what_an_answer_says_of_its_letters_is_not_believed(kind, tried, raw):
    head = f"content-type: text/plain; charset={kind}".encode("latin-1")
    raw.bytes = TAKEN % head
    delivery, attempt = tried()
    assert (delivery.state, attempt.response_body) == ("delivered", "ok")


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_every_answer_of_success_is_one(
    status, endpoint, receiver, happen, run_jobs, the
):
    receiver.answer(status, body=b"")
    happen("Order tyres")
    run_jobs()
    assert (the.delivery.state, the.delivery.last_status) == ("delivered", status)
    assert the.endpoint(endpoint.pk).state == "receiving"


@pytest.mark.parametrize(
    "status", [300, 301, 304, 307, 308, 400, 401, 404, 409, 422, 429, 500, 502, 504]
)
def test_every_other_answer_is_tried_again(
    status, endpoint, receiver, happen, run_jobs, the
):
    receiver.answer(status, body=b"")
    happen("Order tyres")
    run_jobs()
    delivery = the.delivery
    assert (delivery.state, delivery.tries, delivery.last_status) == (
        "pending",
        1,
        status,
    )
    assert delivery.next_try_at is not None
    assert the.endpoint(endpoint.pk).state == "failing"


def test_nothing_that_is_kept_of_a_try_holds_the_secret(
    endpoint, endpoint_at, receiver, happen, run_jobs, the, inside, as_alice
):
    secret = endpoint_at.secrets[endpoint.pk]
    happen("Order tyres")
    run_jobs()
    [attempt] = the.attempts
    row = the.endpoint(endpoint.pk)
    page = as_alice.get(f"{WEBHOOKS}deliveries/{the.delivery.pk}/").text
    with inside():
        log = repr(list(AuditEntry.objects.values()))
    for told in (repr(vars(attempt)), page, log, repr(receiver.requests[0])):
        assert secret.removeprefix("whsec_") not in told
        assert row.secret not in told
    assert {"authorization", "cookie"}.isdisjoint(receiver.requests[0].headers)


@pytest.mark.parametrize("said", ["a b", "ä", "x" * 5_000, "a:b\tc", "\u2028"])
def test_whatever_a_visitor_calls_a_request_the_event_is_told(
    said, endpoint, receiver, run_jobs, as_alice, the
):
    sent = {"title": "Order tyres", "status": "todo", "priority": "3"}
    as_alice.post("/tasks/new/", sent, headers={"x-request-id": said})
    run_jobs()
    assert the.delivery.state == "delivered"
    assert len(receiver.requests[0].headers["x-request-id"]) <= 200
