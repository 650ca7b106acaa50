"""Log lines are JSON, say who and where, and keep secrets to themselves."""

import io
import json
import logging
import logging.config

import pytest
import structlog
from django.conf import settings
from django.test import Client

from config.logs import COVER, logging_config
from tests.security.routes import PAGE


class Lines(io.StringIO):
    """What a log collector would read."""

    def objects(self, event=None):
        found = [json.loads(line) for line in self.getvalue().splitlines()]
        return [line for line in found if event in (None, line["event"])]


@pytest.fixture
def lines():
    """Collect log lines in production's format."""
    config = logging_config(pretty=False)
    written = Lines()
    config["handlers"]["stderr"] |= {"stream": written}
    logging.config.dictConfig(config)
    yield written
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.django_db
def test_each_request_is_one_line_with_its_id(lines):
    response = Client().get(PAGE)
    (line,) = lines.objects("request")
    assert line["request_id"] == response["X-Request-ID"]
    assert line["method"] == "GET"
    assert line["path"] == PAGE
    assert line["status"] == 200
    assert line["level"] == "info"
    assert line["organization"] == line["user"] == ""


def test_line_names_organization_and_person(lines, cast, as_bob):
    as_bob.get("/organizations/")
    (line,) = lines.objects("request")
    assert line["organization"] == str(cast.acme.pk)
    assert line["user"] == str(cast.bob.pk)


def test_lines_within_a_request_name_it_too(lines, as_bob):
    response = as_bob.get("/no/such/page/")
    (line,) = lines.objects("Not Found: /no/such/page/")
    assert line["request_id"] == response["X-Request-ID"]
    assert line["logger"] == "django.request"


@pytest.mark.django_db
def test_requests_do_not_colour_each_other(lines):
    Client().get(PAGE)
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.django_db
def test_body_query_and_cookies_stay_out(lines):
    client = Client(headers={"cookie": "sessionid=c00kie"})
    client.post(f"{PAGE}?q=qu3ry", {"login": "m4il@example.com", "password": "p4ss"})
    text = lines.getvalue()
    assert lines.objects("request")
    for secret in ("c00kie", "qu3ry", "m4il", "p4ss"):
        assert secret not in text


@pytest.mark.django_db
@pytest.mark.urls("tests.security.urls")
def test_secret_in_an_address_stays_out(lines):
    Client().get("/trouble/secret/s3cretkey/")
    (line,) = lines.objects("request")
    assert line["path"] == "/trouble/secret/<str:key>/"
    assert "s3cretkey" not in lines.getvalue()


@pytest.mark.parametrize(
    "name", ["password", "api_token", "Authorization", "cookie", "client_secret"]
)
def test_value_named_as_a_secret_is_covered(lines, name):
    structlog.get_logger("test").info("said", **{name: "hunter2", "fine": "yes"})
    (line,) = lines.objects("said")
    assert line[name] == COVER
    assert line["fine"] == "yes"


def test_failure_is_one_line_with_its_trace(lines):
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        logging.getLogger("test").exception("broke")
    (line,) = lines.objects("broke")
    assert "ZeroDivisionError" in line["exception"]
    assert line["level"] == "error"


def test_people_read_columns_in_development():
    config = logging_config(pretty=True)
    record = logging.LogRecord("a", logging.INFO, "", 0, "hello", None, None)
    made = dict(config["formatters"]["structured"])
    assert "hello" in made.pop("()")(**made).format(record)
    logging_config(pretty=settings.DEVELOPMENT)
